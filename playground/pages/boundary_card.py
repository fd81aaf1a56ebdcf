"""The decision boundary with its switches and what it says under the pointer."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import panel as pn
import param

from playground.pages.fields import card, field
from playground.pages.part import Beat, Part
from playground.pages.readout import reading
from playground.pages.words import Words
from playground.training.frame import Frame
from playground.views.boundary import boundary
from playground.views.gestures import Gestures, Place, listen
from playground.views.theme import Theme

HINT = "<span>Point at the picture to read the network's answer.</span>"


class BoundaryCard(Part):
    """The boundary view as a card.

    Parameters
    ----------
    heartbeat : Heartbeat
    theme : Theme
    strokes : Gestures
        What presses, drags and taps on the picture do.
    extra : sequence of panel objects
        Shown below the picture.
    """

    show_test = param.Boolean(
        default=False, label="Test data", doc="Whether points to be tested with are shown too."
    )
    discretise = param.Boolean(
        default=False, label="Discretise", doc="Whether answers are shown as classes or signs."
    )
    pointer = param.Tuple(
        default=None, length=2, allow_None=True, precedence=-1, doc="Where the pointer is."
    )

    def __init__(
        self, heartbeat: Beat, theme: Theme, strokes: Gestures, extra: tuple[Any, ...] = ()
    ) -> None:
        super().__init__()
        self._heartbeat = heartbeat
        self.view = boundary(heartbeat.frame, theme)
        self._reading = Words(HINT, css_classes=["pg-reading"], margin=0)
        listen(
            self.view,
            Gestures(
                move=self._point,
                leave=self._leave,
                tap=self._both(strokes.tap),
                press=strokes.press,
                drag=self._both(strokes.drag),
                release=strokes.release,
            ),
        )
        self._card = card(
            "Output",
            self.view.pane(css_classes=["pg-plot"]),
            self._reading,
            *extra,
            area="boundary",
            tools=(self._switch("discretise"), self._switch("show_test")),
        )

    def __panel__(self) -> pn.Column:
        return self._card

    def follow(self, frame: Frame) -> None:
        """Show a newer frame."""
        self.view.push(frame, pointer=self.pointer)
        if self.pointer is not None and "pointer" in frame.answers:
            self._reading.object = reading(frame, self.pointer, frame.answers["pointer"][0])

    @param.depends("show_test", "discretise", watch=True)
    def _turn(self) -> None:
        self.view.set(show_test=self.show_test, discretise=self.discretise)

    def _switch(self, name: str) -> pn.widgets.Widget:
        return field(self, name, sizing_mode=None, align="center")

    def _both(self, stroke: Callable[[Place], None]) -> Callable[[Place], None]:
        def act(place: Place) -> None:
            self._point(place)
            stroke(place)

        return act

    def _point(self, place: Place) -> None:
        frame = self._heartbeat.frame
        low, high = frame.plane.low, frame.plane.high
        if not all(low <= each <= high for each in place):
            return
        self.pointer = place
        self._heartbeat.trainer.ask("pointer", frame.plane.points(*place))
        self._heartbeat.refresh()

    def _leave(self) -> None:
        self.pointer = None
        self._heartbeat.trainer.ask("pointer", None)
        self._heartbeat.refresh()
        self._reading.object = HINT
