"""The board of a lesson: a tile for each pupil, one pupil's page, and what is asked of all."""

from __future__ import annotations

import io
from collections.abc import Callable, Mapping
from functools import partial
from pathlib import Path

import panel as pn

from playground.classroom import Lesson, Pupil, PupilState, ShownWork, Work, results_csv
from playground.pages.classroom.class_card import CSS as ROW_CSS
from playground.pages.classroom.link_field import LinkField
from playground.pages.classroom.pupil_tile import PupilTile, state_score
from playground.pages.classroom.pupil_view import PupilView
from playground.pages.controls.buttons import text_button
from playground.pages.controls.live_html import LiveHTML
from playground.pages.controls.message import Message
from playground.pages.design import page_design
from playground.pages.part import Part
from playground.pages.shell.latest_task import LatestTask
from playground.serving.browser.update_batching import hold_updates
from playground.serving.sessions import browser_session
from playground.views.run_thumbnail import thumbnail
from playground.views.theme import Theme

CSS = ROW_CSS + Path(__file__).with_suffix(".css").read_text()
PERIOD = 1000
"""Milliseconds between two looks at the pupils."""
NOBODY = "Nobody is here yet. Pupils press <b>Class</b> on their page and type this code."


class Board(Part):
    """A lesson as its teacher sees it. It looks at each pupil's last frame, once a second.

    Parameters
    ----------
    lesson : Lesson
    theme : Theme
    end : callable
        Called when the lesson is to end.
    on_ended : callable
        Called when it has ended otherwise, as by another page of a teacher.
    """

    def __init__(
        self,
        lesson: Lesson,
        theme: Theme,
        end: Callable[[], None],
        on_ended: Callable[[], None],
    ) -> None:
        super().__init__()
        self._lesson, self._theme = lesson, theme
        self._on_ended = on_ended
        self._session = browser_session()
        self._callback: pn.io.PeriodicCallback | None = None
        self._tiles: dict[str, PupilTile] = {}
        self._drawn: dict[str, object] = {}
        self._pictures: dict[str, bytes] = {}
        self._open: PupilView | None = None
        self._message = Message()
        self._drawing: LatestTask[Mapping[str, bytes]] = LatestTask(
            self._show_pictures, self._message.say
        )
        self._code = LiveHTML("", stylesheets=[CSS], css_classes=["pg-class-code"], margin=0)
        self._ending = self._ending_question(end)
        self._actions = self._action_row()
        self._place = pn.Column(margin=0, sizing_mode="stretch_width", min_height=0)
        # No column, whose button to scroll would take the first cell.
        self._grid = pn.Row(
            css_classes=["pg-class-grid"], sizing_mode="stretch_width", stylesheets=[CSS], margin=0
        )
        self._column = pn.Column(
            pn.Column(
                self._code,
                self._actions,
                self._ending,
                self._message,
                css_classes=["pg-card", "pg-class-head-card"],
                sizing_mode="stretch_width",
                stylesheets=[CSS],
                margin=0,
            ),
            self._place,
            self._grid,
            css_classes=["pg-class-board"],
            sizing_mode="stretch_width",
            stylesheets=[CSS],
            margin=0,
        )

    def _action_row(self) -> pn.Row:
        """Return what a teacher does to the whole class."""
        return self._row(
            text_button("Pause all", self._pause_all),
            LinkField(self._send_all_to),
            pn.widgets.FileDownload(
                callback=self._results,
                filename="class.csv",
                label="Results as CSV",
                width=130,
                margin=0,
            ),
            text_button("End the lesson", lambda: self._ask_to_end(True)),
        )

    def _ending_question(self, end: Callable[[], None]) -> pn.Row:
        """Return the question whether the lesson is to end, hidden until it is asked."""
        ending = self._row(
            LiveHTML("All nicknames and results are forgotten then.", margin=0, align="center"),
            text_button("End it now", end),
            text_button("Go on", lambda: self._ask_to_end(False)),
        )
        ending.visible = False
        return ending

    def __panel__(self) -> pn.Column:
        return self._column

    def begin(self) -> None:
        """Look at the pupils now, and once a second from now on."""
        self._look()
        if self._session is not None:
            self._callback = pn.state.add_periodic_callback(self._look_if_seen, period=PERIOD)

    def stop(self) -> None:
        """Look at the pupils no more."""
        if self._callback is not None:
            self._callback.stop()
            self._callback = None

    def restyle(self, theme: Theme) -> None:
        """Show it in the colours of another theme."""
        self._theme = theme
        if self._open is not None:
            self._open.restyle(theme)

    # What changes by itself -------------------------------------------------------------------

    def _look_if_seen(self) -> None:
        if self._session is not None and self._session.is_connected:
            with hold_updates():
                self._look()

    def _look(self) -> None:
        """Show what has changed since the last look."""
        lesson = self._lesson
        if lesson.has_ended:
            self._on_ended()
            return
        pupils = lesson.pupils
        self._match_tiles(pupils)
        works = {each.id: each.work() for each in pupils}
        states = {each.id: each.state(works[each.id]) for each in pupils}
        for pupil in pupils:
            self._tiles[pupil.id].show_state(states[pupil.id])
        self._show_counts(states)
        self._show_open(works, states)
        self._draw(works)
        if (shown := lesson.shown) is not None and shown.id in self._pictures:
            lesson.show_work(
                ShownWork(shown.nickname, self._pictures[shown.id], _words(states[shown.id]))
            )

    def _match_tiles(self, pupils: tuple[Pupil, ...]) -> None:
        """Have a tile for each pupil that is here, and no other."""
        ids = [each.id for each in pupils]
        if ids == [*self._tiles]:
            return
        known = self._tiles
        self._tiles = {
            each.id: known.get(each.id) or PupilTile(each, partial(self._toggle, each))
            for each in pupils
        }
        self._grid.objects = [*self._tiles.values()]
        for memory in (self._drawn, self._pictures):
            for gone in memory.keys() - self._tiles.keys():
                del memory[gone]

    def _show_counts(self, states: Mapping[str, PupilState]) -> None:
        here = sum(each.activity != "away" for each in states.values())
        counts = {
            "here": here,
            "in training": sum(each.activity == "training" for each in states.values()),
            "stuck": sum(each.activity == "stuck" for each in states.values()),
            "asking for help": sum(each.needs_help for each in states.values()),
        }
        words = " · ".join(f"{count} {word}" for word, count in counts.items() if count)
        self._code.object = f"<b>{self._lesson.code}</b><span>{words or NOBODY}</span>"

    def _show_open(
        self, works: Mapping[str, Work | None], states: Mapping[str, PupilState]
    ) -> None:
        view = self._open
        if view is None:
            return
        pupil = view.pupil
        if pupil.id not in states:
            self._close()
            return
        view.show_state(states[pupil.id], works[pupil.id], is_shown=self._lesson.shown is pupil)

    def _draw(self, works: Mapping[str, Work | None]) -> None:
        """Draw the frames that are new, in a worker thread; what is still being drawn waits."""
        new = {
            id: work.frame
            for id, work in works.items()
            if work is not None and work.frame is not None and self._drawn.get(id) is not work.frame
        }
        if not new or self._drawing.busy:
            return
        self._drawn |= new
        self._drawing.submit(lambda: {id: thumbnail(frame) for id, frame in new.items()})

    def _show_pictures(self, pictures: Mapping[str, bytes]) -> None:
        for id, png in pictures.items():
            if id in self._tiles:
                self._pictures[id] = png
                self._tiles[id].show_picture(png)

    # What a teacher does ----------------------------------------------------------------------

    def _toggle(self, pupil: Pupil) -> None:
        """Open a pupil's page, or close it."""
        was_open = self._open is not None and self._open.pupil is pupil
        self._close()
        if was_open:
            return
        with page_design():
            self._open = PupilView(
                pupil,
                self._theme,
                partial(self._show_to_all, pupil),
                partial(self._remove, pupil),
                self._close,
            )
        self._tiles[pupil.id].chosen = True
        self._place.objects = [self._open]
        self._look()

    def _close(self) -> None:
        view, self._open = self._open, None
        if view is not None:
            self._place.objects = []
            if (tile := self._tiles.get(view.pupil.id)) is not None:
                tile.chosen = False

    def _show_to_all(self, pupil: Pupil) -> None:
        self._lesson.show(None if self._lesson.shown is pupil else pupil)
        self._look()

    def _remove(self, pupil: Pupil) -> None:
        self._lesson.remove(pupil)
        self._look()

    def _pause_all(self) -> None:
        self._lesson.pause_all()
        self._message.say("All networks are paused.", wrong=False)

    def _send_all_to(self, query: str) -> None:
        self._lesson.send_all_to(query)
        self._message.say(
            "The link is open on all pages. What pupils had trained there is among their runs.",
            wrong=False,
        )

    def _results(self) -> io.StringIO:
        return io.StringIO(results_csv(self._lesson.pupils))

    def _ask_to_end(self, asked: bool) -> None:
        self._ending.visible, self._actions.visible = asked, not asked

    @staticmethod
    def _row(*objects: object) -> pn.Row:
        return pn.Row(*objects, css_classes=["pg-class-row"], stylesheets=[CSS], margin=0)


def _words(state: PupilState) -> str:
    return " · ".join(filter(None, [state.page, state.task, state_score(state)]))
