"""A pupil's page, read-only: its views follow the pupil's frames, and nothing can be set."""

from __future__ import annotations

from collections.abc import Callable
from html import escape
from pathlib import Path

import panel as pn

from playground.classroom import Pupil, PupilState, Work
from playground.pages.classroom.pupil_tiles import state_score
from playground.pages.controls.buttons import button, text_button
from playground.pages.controls.live_html import LiveHTML
from playground.pages.part import Part
from playground.training.dense.frame import Frame
from playground.training.images import ImageFrame
from playground.training.sweeps.frame import SweepFrame
from playground.views.boundary import boundary
from playground.views.curves.metric_curves import accuracy_curves, loss_curves
from playground.views.diagram import diagram
from playground.views.images.weight_tiles import weight_tiles
from playground.views.live_view import LiveView
from playground.views.populations.wall import wall
from playground.views.theme import Theme

CSS = Path(__file__).with_suffix(".css").read_text()
PLOT_HEIGHT = 320
TITLE_HEIGHT = 24
NO_NETWORK = "There is no network on this page yet."


class PupilView(Part):
    """The network of one pupil: output, diagram or weights, and curves.

    Parameters
    ----------
    pupil : Pupil
    theme : Theme
    show_to_all : callable
        Called when this network is to be shown to all, or no more.
    remove : callable
        Called when the pupil is to be taken out of the class.
    close : callable
    """

    def __init__(
        self,
        pupil: Pupil,
        theme: Theme,
        show_to_all: Callable[[], None],
        remove: Callable[[], None],
        close: Callable[[], None],
    ) -> None:
        super().__init__()
        self.pupil, self._theme = pupil, theme
        self.views: tuple[LiveView, ...] = ()
        self._kind: object = None
        self._frame: object = None
        self._words = LiveHTML("", stylesheets=[CSS], css_classes=["pg-pupil-words"], margin=0)
        self._plots = pn.Row(
            css_classes=["pg-pupil-plots"], sizing_mode="stretch_width", stylesheets=[CSS], margin=0
        )
        self._show_to_all = text_button("Show this one to all", show_to_all)
        self._helped = text_button("Helped", self._note_help)
        self._copy = LiveHTML("", css_classes=["pg-pupil-copy"], margin=0)
        self._card = pn.Column(
            pn.Row(
                pn.pane.HTML(f"<h2>{escape(pupil.nickname)}</h2>", margin=0),
                self._helped,
                self._show_to_all,
                self._copy,
                text_button("Take out of the class", remove),
                button("close", "Close", lambda _event: close(), width=26, kind="pg-small"),
                css_classes=["pg-pupil-head"],
                sizing_mode="stretch_width",
                stylesheets=[CSS],
                margin=0,
            ),
            self._words,
            self._plots,
            css_classes=["pg-card", "pg-pupil"],
            sizing_mode="stretch_width",
            stylesheets=[CSS],
            margin=0,
        )

    def __panel__(self) -> pn.Column:
        return self._card

    def show_state(self, state: PupilState, work: Work | None, *, is_shown: bool) -> None:
        """Show the pupil's page as it is now.

        Parameters
        ----------
        state : PupilState
        work : Work or None
        is_shown : bool
            Whether this network is shown to all.
        """
        self._words.object = state_html(state, work)
        self._helped.visible = state.needs_help
        label = "Show it no more" if is_shown else "Show this one to all"
        if self._show_to_all.name != label:
            self._show_to_all.name = label
        self._copy.object = (
            f'<a href="?{escape(self.pupil.page.query())}" target="_blank" rel="noopener">'
            "Open these settings</a>"
        )
        if work is None or work.frame is self._frame:
            return
        self._frame = frame = work.frame
        if frame is None:  # What was there before is not what the words are about.
            self._kind, self.views, self._plots.objects = None, (), []
            return
        runs = len(frame.runs.members) if isinstance(frame, SweepFrame) else 0
        kind = type(frame), bool(getattr(frame, "classes", ())), runs
        if kind != self._kind:
            self._kind = kind
            titled = views_of(frame, self._theme)
            self.views = (*titled.values(),)
            # Each in a column: Panel's HoloViews pane can't be hidden while it has a design.
            self._plots.objects = [
                pn.Column(
                    pn.pane.HTML(f"<h3>{title}</h3>", stylesheets=[CSS], margin=0),
                    each.pane(sizing_mode="stretch_width", height=PLOT_HEIGHT),
                    css_classes=["pg-pupil-plot"],
                    sizing_mode="stretch_width",
                    height=PLOT_HEIGHT + TITLE_HEIGHT,
                    margin=0,
                )
                for title, each in titled.items()
            ]
            return
        for view in self.views:
            view.push(frame.runs if isinstance(frame, SweepFrame) else frame)

    def restyle(self, theme: Theme) -> None:
        """Show it in the colours of another theme."""
        self._theme = theme
        for view in self.views:
            view.restyle(theme)

    def _note_help(self) -> None:
        self.pupil.end_help()
        self._helped.visible = False


def views_of(frame: object, theme: Theme) -> dict[str, LiveView]:
    """Return the views of a frame of any kind of network by title; none where there is no frame."""
    if isinstance(frame, Frame):
        diagrams = {"Network": diagram(frame, theme)} if frame.layers else {}
        return {"Output": boundary(frame, theme), **diagrams, **curves_of(frame, theme)}
    if isinstance(frame, ImageFrame):
        return {"First-layer weights": weight_tiles(frame, theme), **curves_of(frame, theme)}
    if isinstance(frame, SweepFrame):
        return {"Output of each network": wall(frame.runs, theme)}
    return {}


def curves_of(frame: Frame | ImageFrame, theme: Theme) -> dict[str, LiveView]:
    """Return the curves of the loss, and of the accuracy where there are classes."""
    accuracy = {"Accuracy": accuracy_curves(frame, theme)} if frame.classes else {}
    return {"Loss": loss_curves(frame, theme), **accuracy}


def state_html(state: PupilState, work: Work | None) -> str:
    """Say what is on a pupil's page: what is learned, how well, and what the diagnosis found."""
    about = " · ".join(filter(None, [state.page, state.task, state_score(state), state.activity]))
    found = [] if work is None else [each.sentence for each in work.notes]
    if state.reason and state.reason not in found:
        found.insert(0, state.reason)
    if work is not None and work.frame is None and not work.is_hidden:
        found.append(NO_NETWORK)
    return f"<p>{escape(about)}</p>" + "".join(f"<p>{escape(each)}</p>" for each in found)
