"""The popover over the diagram in which a weight, a bias or a layer is set and frozen."""

from __future__ import annotations

from collections.abc import Callable, Iterator
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
from playground.pages.controls.live_html import LiveHTML
from playground.pages.part import DenseHeartbeat, Part
from playground.training.dense.edits import Edit, Freeze, FreezeLayer, ParameterRef, SetValue
from playground.training.dense.frame import Frame
from playground.views.diagram import BiasRef, LinkRef, Ref, UnitRef, describe

NETWORK_DEFAULT = "network default"
"""Option of a layer's activation: that of the network."""
SLIDER_RANGE = 5.0
"""Ends of the slider of a value, plus and minus, unless the value itself is larger."""


class ParameterPopover(Part):
    """Shows the values of the selected element, and sets them.

    Parameters
    ----------
    heartbeat : Heartbeat
    release : callable
        Called when it is closed.
    """

    def __init__(self, heartbeat: DenseHeartbeat, release: Callable[[object], None]) -> None:
        super().__init__()
        self._heartbeat = heartbeat
        self._architecture: Architecture = heartbeat.trainer.architecture
        self._ref: Ref | None = None
        self._updating = self._showing_error = False
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
        self._box = pn.Column(
            pn.Row(
                self._held_text,
                button("close", "Close the values", release, width=26, kind="pg-small"),
                css_classes=["pg-popover-head"],
                margin=0,
            ),
            pn.Row(self._value, self._slider, css_classes=["pg-popover-row"], margin=0),
            pn.Row(self._activation, self._frozen, css_classes=["pg-popover-row"], margin=0),
            css_classes=["pg-popover"],
            margin=0,
        )
        self._value.param.watch(self._set_value, "value")
        self._slider.param.watch(self._set_value, "value")
        self._frozen.param.watch(self._set_frozen, "value")
        self._activation.param.watch(self._set_activation, "value")

    def __panel__(self) -> pn.Column:
        return self._box

    def update(self, frame: Frame) -> None:
        """Describe the element in a newer frame.

        Raises
        ------
        IndexError
            If the network has no such element any more.
        """
        held = describe(frame, self._ref) if self._ref is not None else ""
        if not self._showing_error:  # It stays until another value is set or selected.
            set_changed(self._held_text, object=_describe(held))

    def hold(self, ref: Ref | None, frame: Frame) -> None:
        """Show the values of another element from now on, or of none.

        Raises
        ------
        IndexError
            If the network has no such element.
        """
        self._ref, self._showing_error = ref, False
        self.update(frame)
        if ref is None:
            return
        # Selecting a neuron offers its bias: the small circle that stands for it is hard to hit.
        self._value.name = "Weight" if isinstance(ref, LinkRef) else "Bias"
        self._activation.visible = isinstance(ref, UnitRef) and 0 <= ref.layer < len(
            frame.plan.hidden
        )
        with self._showing_values():
            self._show_values_of(ref, frame)

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
        self._box.css_classes = ["pg-popover", side]
        self._box.styles = {"--pg-across": f"{across:.0f}px", "--pg-up": f"{up:.0f}px"}

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
        if self._updating or event.new is None or self._ref is None:
            return
        value = float(event.new)
        if not self._apply(SetValue(_parameter_place(self._ref), value)):
            return
        with self._showing_values():
            self._show_value(value)

    def _set_frozen(self, event: param.parameterized.Event) -> None:
        if self._updating or self._ref is None:
            return
        if isinstance(self._ref, UnitRef):
            self._apply(FreezeLayer(self._ref.layer, event.new))
        else:
            self._apply(Freeze(_parameter_place(self._ref), event.new))

    def _set_activation(self, event: param.parameterized.Event) -> None:
        if self._updating or not isinstance(self._ref, UnitRef):
            return
        own = list(self._architecture.layer_activations)
        own += [None] * (self._ref.layer + 1 - len(own))
        own[self._ref.layer] = None if event.new == NETWORK_DEFAULT else event.new
        self._architecture.layer_activations = own

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
