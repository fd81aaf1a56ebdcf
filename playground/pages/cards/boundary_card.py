"""The card of the decision boundary, with its switches and the prediction under the pointer."""

from __future__ import annotations

from collections.abc import Callable
from html import escape
from typing import Any

import panel as pn
import param

from playground.pages.cards.answer_html import point_answer_html
from playground.pages.controls.fields.parameter_fields import card, field
from playground.pages.controls.live_html import LiveHTML
from playground.pages.part import DenseHeartbeat, Part
from playground.training.dense.frame import Frame
from playground.views.boundary import boundary
from playground.views.diagram.describe import unit_name
from playground.views.diagram.refs import UnitRef
from playground.views.gestures import Gestures, Place, connect_gestures
from playground.views.theme import Theme

INVITATION = "<p>Click or drag here to paint points.<br>Choose their class below.</p>"
OUTPUT_TITLE = "<h2>Output</h2>"
HINT = "<span>Point at the picture to read the prediction.</span>"


class BoundaryCard(Part):
    """The boundary view as a card.

    Parameters
    ----------
    heartbeat : Heartbeat
    theme : Theme
    gestures : Gestures
        What presses, drags and taps on the boundary do.
    extra : tuple of panel objects
        Shown below the boundary.
    """

    show_test = param.Boolean(
        default=False, label="Test data", doc="Whether test samples are shown too."
    )
    discretise = param.Boolean(
        default=False,
        label="Discretise",
        doc="Whether predictions are shown as classes or signs instead of shades.",
    )
    pointer = param.Tuple(
        default=None,
        length=2,
        allow_None=True,
        precedence=-1,
        doc="Coordinates under the pointer; None while it is elsewhere.",
    )

    def __init__(
        self,
        heartbeat: DenseHeartbeat,
        theme: Theme,
        gestures: Gestures,
        extra: tuple[Any, ...] = (),
    ) -> None:
        super().__init__()
        self._heartbeat = heartbeat
        self.view = boundary(heartbeat.frame, theme)
        self._answer_text = LiveHTML(HINT, css_classes=["pg-reading"], margin=0)
        connect_gestures(
            self.view,
            Gestures(
                move=self.point_at,
                leave=self._clear_pointer,
                tap=self._with_pointer(gestures.tap),
                press=gestures.press,
                drag=self._with_pointer(gestures.drag),
                release=gestures.release,
            ),
        )
        self._title = LiveHTML(OUTPUT_TITLE, margin=0, css_classes=["pg-title"])
        self._invitation = LiveHTML(
            INVITATION, margin=0, css_classes=["pg-invitation"], visible=False
        )
        self._card = card(
            self._title,
            self.view.pane(css_classes=["pg-plot"]),
            self._invitation,
            self._answer_text,
            *extra,
            area="boundary",
            tools=(self._switch("discretise"), self._switch("show_test")),
        )

    def __panel__(self) -> pn.Column:
        return self._card

    def take_drags(self, taken: bool) -> None:
        """Give a finger's drags to the gestures on the boundary, or let them scroll the page."""
        drags = ["pg-takes-drags"]
        others = [each for each in self._card.css_classes if each not in drags]
        self._card.css_classes = [*others, *(drags if taken else [])]

    def show_unit(self, ref: UnitRef | None) -> None:
        """Show what one unit answers everywhere, under its name; None for the network."""
        unit = None if ref is None else (ref.layer, ref.unit)
        self.view.set(unit=unit)
        self._heartbeat.trainer.enlarge(unit)
        self._heartbeat.refresh()
        name = "" if ref is None else unit_name(self._heartbeat.frame, ref.layer, ref.unit)
        self._title.object = f"<h2>{escape(name.capitalize())}</h2>" if name else OUTPUT_TITLE

    def update(self, frame: Frame) -> None:
        """Show a newer frame."""
        self.view.push(frame, pointer=self.pointer)
        is_empty = not (len(frame.samples.train) or len(frame.samples.test))
        if self._invitation.visible != is_empty:
            self._invitation.visible = is_empty
        if self.pointer is not None and "pointer" in frame.probe_outputs:
            self._answer_text.object = point_answer_html(
                frame, self.pointer, frame.probe_outputs["pointer"][0]
            )

    @param.depends("show_test", "discretise", watch=True)
    def _apply_switches(self) -> None:
        self.view.set(show_test=self.show_test, discretise=self.discretise)

    def _switch(self, name: str) -> pn.widgets.Widget:
        return field(self, name, sizing_mode=None, align="center", css_classes=["pg-switch"])

    def _with_pointer(self, handler: Callable[[Place], None]) -> Callable[[Place], None]:
        """Make a handler of gestures that also updates the prediction under the pointer."""

        def handle(place: Place) -> None:
            self.point_at(place)
            handler(place)

        return handle

    def point_at(self, place: Place) -> None:
        """Ring a place and tell the prediction there."""
        frame = self._heartbeat.frame
        low, high = frame.plane.low, frame.plane.high
        if not all(low <= each <= high for each in place):
            return
        self.pointer = place
        self._heartbeat.trainer.set_probe("pointer", frame.plane.points(*place))
        self._heartbeat.refresh()

    def _clear_pointer(self) -> None:
        self.pointer = None
        self._heartbeat.trainer.set_probe("pointer", None)
        self._heartbeat.refresh()
        self._answer_text.object = HINT
