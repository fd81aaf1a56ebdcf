"""The decision boundary with its switches and what it says under the pointer."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import panel as pn
import param

from playground.pages.fields import card
from playground.pages.part import Beat, Part
from playground.pages.readout import reading
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

    pointer = param.Tuple(default=None, length=2, allow_None=True)

    def __init__(
        self, heartbeat: Beat, theme: Theme, strokes: Gestures, extra: tuple[Any, ...] = ()
    ) -> None:
        super().__init__()
        self._heartbeat = heartbeat
        self.view = boundary(heartbeat.frame, theme)
        self._test = self._switch("Test data", "show_test")
        self._reading = pn.pane.HTML(HINT, css_classes=["pg-reading"], margin=0)
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
            tools=(self._switch("Discretise", "discretise"), self._test),
        )

    def __panel__(self) -> pn.Column:
        return self._card

    def follow(self, frame: Frame) -> None:
        """Show a newer frame."""
        self.view.push(frame, pointer=self.pointer)
        if self.pointer is not None and "pointer" in frame.answers:
            self._reading.object = reading(frame, self.pointer, frame.answers["pointer"][0])

    def show_test(self) -> None:
        """Show the test samples too, as whoever edits points must see them all."""
        self._test.value = True

    def _switch(self, label: str, choice: str) -> pn.widgets.Checkbox:
        box = pn.widgets.Checkbox(name=label, value=False, margin=0, align="center")
        box.param.watch(lambda event: self.view.set(**{choice: event.new}), "value")
        return box

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
