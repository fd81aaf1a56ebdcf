"""Reads and sets single weights, biases and layers while the network is training."""

from __future__ import annotations

from html import escape

import panel as pn
import param

from playground.errors import InputError
from playground.networks.architecture import Architecture
from playground.networks.dense.activations import ACTIVATIONS
from playground.pages.controls.live_html import LiveHTML
from playground.pages.controls.notes import Notes
from playground.pages.part import DenseHeartbeat, Part
from playground.training.dense.edits import Edit, Freeze, FreezeLayer, ParameterRef, SetValue
from playground.training.dense.frame import Frame
from playground.views.diagram import BiasRef, LinkRef, Ref, UnitRef, describe

HINT = (
    "Point at a neuron or link to read it, click it to change it. "
    "Blue links are positive, orange ones with short dashes negative."
)
NETWORK_DEFAULT = "network default"
"""Option of a layer's activation: that of the network."""


class ParameterEditor(Part):
    """The strip below the diagram: the element that is hovered or selected, or else notes.

    Attributes
    ----------
    ref : Ref or None
        The element that is selected, whose values can be set.
    hovered : Ref or None
        The element under the pointer, which is described in place of the selected one.
    """

    ref = param.Parameter(default=None)
    hovered = param.Parameter(default=None)

    def __init__(self, heartbeat: DenseHeartbeat) -> None:
        super().__init__()
        self._heartbeat = heartbeat
        self._architecture: Architecture = heartbeat.trainer.architecture
        self._updating = self._showing_error = False
        self.notes = Notes("network", hint=HINT)
        self._notes_column = pn.Column(self.notes, margin=0)
        self._text = LiveHTML("", css_classes=["pg-reading"], margin=0, visible=False)
        self._value = pn.widgets.FloatInput(name="Weight", step=0.1, width=110, margin=0)
        self._frozen = pn.widgets.Checkbox(name="frozen", margin=0, align="center")
        self._activation = pn.widgets.Select(
            name="Activation", options=[NETWORK_DEFAULT, *ACTIVATIONS], width=110, margin=0
        )
        self._tools = pn.Row(
            self._value,
            self._activation,
            self._frozen,
            css_classes=["pg-inline"],
            margin=0,
            visible=False,
        )
        self._value.param.watch(self._set_value, "value")
        self._frozen.param.watch(self._set_frozen, "value")
        self._activation.param.watch(self._set_activation, "value")
        self._row = pn.Row(
            self._notes_column,
            self._text,
            pn.Spacer(sizing_mode="stretch_width"),
            self._tools,
            css_classes=["pg-editor"],
            sizing_mode="stretch_width",
            margin=0,
        )

    def __panel__(self) -> pn.Row:
        return self._row

    def update(self, frame: Frame) -> None:
        """Show the values of a newer frame."""
        ref = self.hovered or self.ref
        if self._showing_error and ref == self.ref:
            return  # The error stays visible until something else is hovered or selected.
        try:
            text = describe(frame, ref) if ref is not None else ""
        except IndexError:  # The element was removed from the network.
            self.ref, text = None, ""
        self._text.param.update(object=escape(text), visible=bool(text))
        self._notes_column.visible = not text

    @param.depends("hovered", watch=True)
    def _show_hovered(self) -> None:
        self.update(self._heartbeat.frame)

    @param.depends("ref", watch=True)
    def _show_selected(self) -> None:
        """Show the values of the selected element in the tools."""
        self._showing_error = False
        self._show_hovered()
        ref, frame = self.ref, self._heartbeat.frame
        hidden = isinstance(ref, UnitRef) and 0 <= ref.layer < len(frame.plan.hidden)
        single = isinstance(ref, BiasRef | LinkRef)
        whole = isinstance(ref, UnitRef) and ref.layer >= 0
        self._tools.visible = single or whole
        # Selecting a neuron offers its bias: the small square that stands for it is hard to hit.
        self._value.param.update(
            visible=True, name="Weight" if isinstance(ref, LinkRef) else "Bias"
        )
        self._activation.visible = hidden
        if not (single or whole):
            return
        self._updating = True
        layer = frame.layers[ref.layer]
        place = _parameter_place(ref)
        column = place.column(frame.plan)
        value = layer.bias[ref.unit] if place.source is None else layer.weight[ref.unit, column]
        self._value.value = round(float(value), 4)
        if single:
            self._frozen.param.update(name="frozen", value=bool(layer.frozen[ref.unit, column]))
        else:
            self._frozen.param.update(name="freeze layer", value=bool(layer.frozen.all()))
        if hidden:
            own = self._architecture.layer_activations
            self._activation.value = (
                own[ref.layer] if ref.layer < len(own) else None
            ) or NETWORK_DEFAULT
        self._updating = False

    def _set_value(self, event: param.parameterized.Event) -> None:
        if not self._updating and event.new is not None and self.ref is not None:
            self._apply(SetValue(_parameter_place(self.ref), float(event.new)))

    def _set_frozen(self, event: param.parameterized.Event) -> None:
        if self._updating or self.ref is None:
            return
        if isinstance(self.ref, UnitRef):
            self._apply(FreezeLayer(self.ref.layer, event.new))
        else:
            self._apply(Freeze(_parameter_place(self.ref), event.new))

    def _set_activation(self, event: param.parameterized.Event) -> None:
        if self._updating or not isinstance(self.ref, UnitRef):
            return
        own = list(self._architecture.layer_activations)
        own += [None] * (self.ref.layer + 1 - len(own))
        own[self.ref.layer] = None if event.new == NETWORK_DEFAULT else event.new
        self._architecture.layer_activations = own

    def _apply(self, edit: Edit) -> None:
        try:
            self._heartbeat.trainer.edit(edit)
        except InputError as error:
            error_html = f'<span class="pg-refused">{escape(str(error))}</span>'
            self._text.param.update(object=error_html, visible=True)
            self._showing_error = True
        else:
            self._showing_error = False
            self._heartbeat.show_present()


def _parameter_place(ref: Ref) -> ParameterRef:
    """Return where in the network the weight of a link, or the bias of a unit, is stored."""
    return ParameterRef(ref.layer, ref.unit, ref.source if isinstance(ref, LinkRef) else None)
