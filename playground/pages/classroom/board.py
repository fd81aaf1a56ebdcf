"""The board of a lesson: a tile for each pupil, one pupil's page, and what is asked of all."""

from __future__ import annotations

import io
from collections.abc import Callable, Mapping, Sequence
from functools import partial
from html import escape
from pathlib import Path

import panel as pn

from playground.classroom import Lesson, Pupil, PupilState, ShownWork, Work, results_csv
from playground.pages.classroom.class_address import pupils_address
from playground.pages.classroom.class_card import CSS as ROW_CSS
from playground.pages.classroom.link_field import LinkField
from playground.pages.classroom.pupil_tiles import PupilTiles, Tile, state_score, tile_words
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
PICTURE_SIDE = 56
"""Pixels along each side of a picture, which browsers smooth: thirty may be sent each second."""


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
        self._address = pupils_address()
        self._callback: pn.io.PeriodicCallback | None = None
        self._tiles = PupilTiles(self._toggle)
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
        self._shown_name = LiveHTML("", margin=0, align="center")
        self._shown_row = self._row(
            self._shown_name, text_button("Show it no more", self._show_no_more)
        )
        self._shown_row.visible = False
        self._place = pn.Column(
            css_classes=["pg-class-opened"], margin=0, sizing_mode="stretch_width", min_height=0
        )
        self._column = pn.Column(
            pn.Column(
                self._code,
                self._actions,
                self._ending,
                self._message,
                self._shown_row,
                css_classes=["pg-card", "pg-class-head-card"],
                sizing_mode="stretch_width",
                stylesheets=[CSS],
                margin=0,
            ),
            self._place,
            self._tiles,
            css_classes=["pg-class-board"],
            sizing_mode="stretch_width",
            stylesheets=[CSS],
            margin=0,
        )

    def _action_row(self) -> pn.Row:
        """Return what a teacher does to the whole class."""
        return self._row(
            text_button("Pause all", self._pause_all),
            LinkField(self._send_all_to, self._message.say),
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
        works = {each.id: each.work() for each in pupils}
        states = {each.id: each.state(works[each.id]) for each in pupils}
        self._forget_pictures(works)
        self._tiles.show_tiles({each.id: self._tile(each, states[each.id]) for each in pupils})
        self._show_counts(states)
        self._show_open(works, states)
        self._draw(works)
        self._show_shown(states)

    def _tile(self, pupil: Pupil, state: PupilState) -> Tile:
        return {
            **tile_words(pupil.nickname, state),
            "chosen": "yes" if self._open is not None and self._open.pupil is pupil else "",
            "shown": "yes" if self._lesson.shown is pupil else "",
            **({} if pupil.id in self._drawn else {"picture": ""}),
        }

    def _forget_pictures(self, works: Mapping[str, Work | None]) -> None:
        """Forget the pictures of who has left, or has another network that has no frame yet."""
        for id in [*self._drawn]:
            if id not in works or ((work := works[id]) is not None and work.frame is None):
                del self._drawn[id]
                self._pictures.pop(id, None)

    def _show_counts(self, states: Mapping[str, PupilState]) -> None:
        names = [each.nickname for each in self._lesson.pupils if each.needs_help]
        self._code.object = (
            f"<code>{self._lesson.code}</code>"
            f"{counts_html([*states.values()], names, self._address)}"
        )

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

    def _show_shown(self, states: Mapping[str, PupilState]) -> None:
        """Show to all how the network is now that is shown to all, and say whose it is."""
        shown = self._lesson.shown
        self._shown_row.visible = shown is not None
        if shown is None:
            return
        self._shown_name.object = f"All see the network of <b>{escape(shown.nickname)}</b>."
        if (picture := self._pictures.get(shown.id)) is not None:
            words = _words(states[shown.id])
            self._lesson.show_work(ShownWork(shown.nickname, picture, words))

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
        self._drawing.submit(
            lambda: {id: thumbnail(frame, PICTURE_SIDE) for id, frame in new.items()}
        )

    def _show_pictures(self, pictures: Mapping[str, bytes]) -> None:
        current = {id: png for id, png in pictures.items() if id in self._drawn}
        self._pictures |= current
        self._tiles.show_pictures(current)

    # What a teacher does ----------------------------------------------------------------------

    def _toggle(self, id: str) -> None:
        """Open a pupil's page, or close it."""
        pupil = self._lesson.pupil(id)
        was_open = self._open is not None and self._open.pupil is pupil
        self._close()
        if was_open or pupil is None:
            self._look()
            return
        with page_design():
            self._open = PupilView(
                pupil,
                self._theme,
                partial(self._show_to_all, pupil),
                partial(self._remove, pupil),
                self._close_view,
            )
        self._place.objects = [self._open]
        self._look()

    def _close(self) -> None:
        view, self._open = self._open, None
        if view is not None:
            self._place.objects = []

    def _close_view(self) -> None:
        self._close()
        self._look()

    def _show_to_all(self, pupil: Pupil) -> None:
        self._lesson.show(None if self._lesson.shown is pupil else pupil)
        self._look()

    def _show_no_more(self) -> None:
        self._lesson.show(None)
        self._look()

    def _remove(self, pupil: Pupil) -> None:
        self._lesson.remove(pupil)
        self._look()

    def _pause_all(self) -> None:
        self._lesson.pause_all()
        self._message.say("All networks are paused; pupils can go on.", wrong=False)

    def _send_all_to(self, query: str) -> None:
        self._lesson.send_all_to(query)
        self._message.say(
            "All pages go to this link. What pupils had trained there is among their runs.",
            wrong=False,
        )

    def _results(self) -> io.StringIO:
        return io.StringIO(results_csv(self._lesson.pupils))

    def _ask_to_end(self, asked: bool) -> None:
        self._ending.visible, self._actions.visible = asked, not asked

    @staticmethod
    def _row(*objects: object) -> pn.Row:
        return pn.Row(*objects, css_classes=["pg-class-row"], stylesheets=[CSS], margin=0)


def counts_html(states: Sequence[PupilState], asking: Sequence[str], address: str = "") -> str:
    """Say how many pupils are here and how it goes, who asks for help, and how others join.

    Parameters
    ----------
    states : sequence of PupilState
        Of all pupils.
    asking : sequence of str
        Nicknames of those who ask for help.
    address : str
        Where pupils find the pages; "" if it is not known.
    """
    here = [each.activity for each in states if each.activity != "away"]
    counts = {
        "here": len(here),
        "in training": here.count("training"),
        "stuck": here.count("stuck"),
        "away": len(states) - len(here),
    }
    words = " · ".join(f"{count} {word}" for word, count in counts.items() if count)
    help = f"<em>Asking for help: {escape(', '.join(asking))}</em>" if asking else ""
    place = f"open <b>{escape(address)}</b>" if address else "open Playground"
    join = f"To join, {place}, press <b>Class</b>, and type this code."
    return f"<span>{words or 'Nobody is here yet'}. {join}</span>{help}"


def _words(state: PupilState) -> str:
    return " · ".join(filter(None, [state.page, state.task, state_score(state)]))
