"""Reads and sets single weights, biases and layers while the network is training.

What is hovered is read below the diagram; what is held is set in a popover beside it.
"""

from __future__ import annotations

from functools import cached_property
from html import escape

import panel as pn
import param

from playground.pages.cards.parameter_popover import ParameterPopover
from playground.pages.controls.deferred import DeferredColumn
from playground.pages.controls.live_html import LiveHTML
from playground.pages.controls.notes import Notes
from playground.pages.design import page_design
from playground.pages.part import DenseHeartbeat, Part
from playground.training.dense.frame import Frame
from playground.views.diagram import BiasRef, LinkRef, UnitRef, describe_briefly

HINT = "Point at a neuron or link to read it, click it to change it. Small circles are biases."
KEY_HTML = """
<div class="pg-key-name">points, neurons, weights</div>
<div class="pg-key-bar"></div>
<div class="pg-key-ends">
<span>−1 <i class="pg-key-minus"></i></span>
<span>0</span>
<span><i class="pg-key-plus"></i> +1</span>
</div>
"""
"""What the colours mean, and the dashes of links, by which signs differ without colours."""


class ParameterEditor(Part):
    """The strip below the diagram and the popover over it.

    The strip describes what is hovered, or else shows notes; in the popover the values of the
    element that is selected are set.

    Attributes
    ----------
    ref : Ref or None
        The element that is selected, whose values can be set.
    hovered : Ref or None
        The element under the pointer.
    """

    ref = param.Parameter(default=None)
    hovered = param.Parameter(default=None)

    def __init__(self, heartbeat: DenseHeartbeat) -> None:
        super().__init__()
        self._heartbeat = heartbeat
        self.notes = Notes("network", hint=HINT)
        self._notes_column = pn.Column(self.notes, css_classes=["pg-hints"], margin=0)
        self._text = LiveHTML("", css_classes=["pg-reading"], margin=0, visible=False)
        # The style sheet gives the popover a `display` of its own, which `visible` could not undo.
        self._popover_place = DeferredColumn(
            make=lambda: [self._popover], css_classes=["pg-popover-place"], margin=0, visible=False
        )
        self._row = pn.Row(
            self._notes_column,
            self._text,
            pn.pane.HTML(KEY_HTML, margin=0, css_classes=["pg-key-card"]),
            self._popover_place,
            css_classes=["pg-editor"],
            sizing_mode="stretch_width",
            margin=0,
        )

    def __panel__(self) -> pn.Row:
        return self._row

    @cached_property
    def _popover(self) -> ParameterPopover:
        with page_design():
            return ParameterPopover(self._heartbeat, self._release)

    def update(self, frame: Frame) -> None:
        """Show the values of a newer frame."""
        if self._popover_place.visible:
            try:
                self._popover.update(frame)
            except IndexError:  # The element was removed from the network.
                self.ref = None
        try:
            text = describe_briefly(frame, self.hovered) if self.hovered is not None else ""
        except IndexError:
            text = ""
        if (html := escape(text)) != self._text.object:
            self._text.param.update(object=html, visible=bool(html))
            self._notes_column.visible = not html

    def place_at(self, across: float, up: float, size: tuple[float, float]) -> None:
        """Open the popover at a place of the diagram; see `ParameterPopover.place_at`."""
        self._popover.place_at(across, up, size)

    @param.depends("hovered", watch=True)
    def _show_hovered(self) -> None:
        self.update(self._heartbeat.frame)

    @param.depends("ref", watch=True)
    def _show_selected(self) -> None:
        """Show the values of the selected element in the popover."""
        ref, frame = self.ref, self._heartbeat.frame
        # What a feature is has no values that can be set.
        opens = isinstance(ref, BiasRef | LinkRef) or (isinstance(ref, UnitRef) and ref.layer >= 0)
        if opens or self._popover_place.visible:
            try:
                self._popover.hold(ref if opens else None, frame)
            except IndexError:
                self.ref = None
                return
        self._popover_place.visible = opens

    def _release(self, _event: object) -> None:
        self.ref = None
