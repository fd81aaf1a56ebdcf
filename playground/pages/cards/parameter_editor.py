"""Reads and sets single weights, biases and layers while the network is training.

What is hovered is read below the diagram; what is held is set in a popover beside it.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from html import escape
from math import ceil

import panel as pn
import param

from playground.errors import InputError
from playground.networks.architecture import Architecture
from playground.networks.dense.activations import ACTIVATIONS
from playground.pages.controls.buttons import button
from playground.pages.controls.changed_values import set_changed
from playground.pages.controls.deferred import DeferredColumn
from playground.pages.controls.live_html import LiveHTML
from playground.pages.controls.notes import Notes
from playground.pages.part import DenseHeartbeat, Part
from playground.training.dense.edits import Edit, Freeze, FreezeLayer, ParameterRef, SetValue
from playground.training.dense.frame import Frame
from playground.views.diagram import BiasRef, LinkRef, Ref, UnitRef, describe, describe_briefly

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
NETWORK_DEFAULT = "network default"
"""Option of a layer's activation: that of the network."""
SLIDER_RANGE = 5.0
"""Ends of the slider of a value, plus and minus, unless the value itself is larger."""


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
        self._architecture: Architecture = heartbeat.trainer.architecture
        self._updating = self._showing_error = False
        self.notes = Notes("network", hint=HINT)
        self._notes_column = pn.Column(self.notes, css_classes=["pg-hints"], margin=0)
        self._text = LiveHTML("", css_classes=["pg-reading"], margin=0, visible=False)
        self._held_text = LiveHTML("", css_classes=["pg-held"], margin=0)
        self._value = pn.widgets.FloatInput(name="Weight", step=0.1, width=124, margin=0)
        self._slider = pn.widgets.FloatSlider(
            name="Value",
            start=-SLIDER_RANGE,
            end=SLIDER_RANGE,
            step=0.01,
            show_value=False,
            tooltips=False,
            sizing_mode="stretch_width",
            margin=0,
        )
        self._frozen = pn.widgets.Checkbox(name="frozen", margin=0, align="center")
        self._activation = pn.widgets.Select(
            name="Activation", options=[NETWORK_DEFAULT, *ACTIVATIONS], width=150, margin=0
        )
        self._popover = pn.Column(
            pn.Row(
                self._held_text,
                button("close", "Close the values", self._release, width=26, kind="pg-small"),
                css_classes=["pg-popover-head"],
                margin=0,
            ),
            pn.Row(self._value, self._slider, css_classes=["pg-popover-row"], margin=0),
            pn.Row(self._activation, self._frozen, css_classes=["pg-popover-row"], margin=0),
            css_classes=["pg-popover"],
            margin=0,
        )
        # The style sheet gives the popover a `display` of its own, which `visible` could not undo.
        self._popover_place = DeferredColumn(
            self._popover, css_classes=["pg-popover-place"], margin=0, visible=False
        )
        self._value.param.watch(self._set_value, "value")
        self._slider.param.watch(self._set_value, "value")
        self._frozen.param.watch(self._set_frozen, "value")
        self._activation.param.watch(self._set_activation, "value")
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

    def update(self, frame: Frame) -> None:
        """Show the values of a newer frame."""
        try:
            held = describe(frame, self.ref) if self.ref is not None else ""
        except IndexError:  # The element was removed from the network.
            self.ref, held = None, ""
        if not self._showing_error:  # It stays until another value is set or selected.
            set_changed(self._held_text, object=_describe(held))
        try:
            text = describe_briefly(frame, self.hovered) if self.hovered is not None else ""
        except IndexError:
            text = ""
        if (html := escape(text)) != self._text.object:
            self._text.param.update(object=html, visible=bool(html))
            self._notes_column.visible = not html

    def place_at(self, across: float, up: float, size: tuple[float, float]) -> None:
        """Open the popover at a place of the diagram from now on.

        Parameters
        ----------
        across, up : float
            Pixels from the lower left corner of the diagram.
        size : (float, float)
            Of the diagram, in pixels.
        """
        side = "pg-opens-down" if up > size[1] / 2 else "pg-opens-up"
        self._popover.css_classes = ["pg-popover", side]
        self._popover.styles = {"--pg-across": f"{across:.0f}px", "--pg-up": f"{up:.0f}px"}

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
        self._popover_place.visible = single or whole
        # Selecting a neuron offers its bias: the small circle that stands for it is hard to hit.
        self._value.param.update(
            visible=True, name="Weight" if isinstance(ref, LinkRef) else "Bias"
        )
        self._activation.visible = hidden
        if not (single or whole):
            return
        with self._showing_values():
            self._show_values_of(ref, frame)

    def _show_values_of(self, ref: Ref, frame: Frame) -> None:
        layer = frame.layers[ref.layer]
        place = _parameter_place(ref)
        column = place.column(frame.plan)
        value = layer.bias[ref.unit] if place.source is None else layer.weight[ref.unit, column]
        self._show_value(round(float(value), 4))
        if isinstance(ref, BiasRef | LinkRef):
            self._frozen.param.update(name="frozen", value=bool(layer.frozen[ref.unit, column]))
        else:
            self._frozen.param.update(name="freeze layer", value=bool(layer.frozen.all()))
        if self._activation.visible:
            own = self._architecture.layer_activations
            self._activation.value = (
                own[ref.layer] if ref.layer < len(own) else None
            ) or NETWORK_DEFAULT

    @contextmanager
    def _showing_values(self) -> Iterator[None]:
        """Show values in the tools without taking them for changes by a person."""
        self._updating = True
        try:
            yield
        finally:
            self._updating = False

    def _show_value(self, value: float) -> None:
        """Show the same value in the box and on the slider."""
        reach = max(SLIDER_RANGE, float(ceil(abs(value))))
        self._value.value = value
        self._slider.param.update(start=-reach, end=reach, value=value)

    def _set_value(self, event: param.parameterized.Event) -> None:
        if self._updating or event.new is None or self.ref is None:
            return
        value = float(event.new)
        if not self._apply(SetValue(_parameter_place(self.ref), value)):
            return
        with self._showing_values():
            self._show_value(value)

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

    def _release(self, _event: object) -> None:
        self.ref = None

    def _apply(self, edit: Edit) -> bool:
        """Make a change; return whether it was possible, and else say why not."""
        try:
            self._heartbeat.trainer.edit(edit)
        except InputError as error:
            self._held_text.object = f'<span class="pg-refused">{escape(str(error))}</span>'
            self._showing_error = True
            return False
        self._showing_error = False
        self._heartbeat.show_present()
        return True


def _describe(text: str) -> str:
    """Write a description as a name, and the values below it."""
    name, _, values = text.partition(": ")
    return f"<b>{escape(name)}</b><span>{escape(values)}</span>" if text else ""


def _parameter_place(ref: Ref) -> ParameterRef:
    """Return where in the network the weight of a link, or the bias of a unit, is stored."""
    return ParameterRef(ref.layer, ref.unit, ref.source if isinstance(ref, LinkRef) else None)
