"""The network as a list of fields: layers, their neurons, and the weights of each."""

from __future__ import annotations

from collections.abc import Iterable
from math import isfinite
from pathlib import Path
from typing import Any

import param

from playground.errors import InputError
from playground.pages.part import DenseHeartbeat, Part
from playground.serving.browser.browser_component import BrowserComponent
from playground.training.dense.edits import MAX_WEIGHT, Edit, Freeze, ParameterRef, SetValue
from playground.training.dense.frame import Frame
from playground.views.diagram.describe import output_name

HERE = Path(__file__)
DECIMALS = 4

Unit = tuple[int, int]
"""Layer and number of a neuron, both from 0."""


class WeightFields(BrowserComponent):
    """Native fields for weights and biases, made when the neuron they belong to is opened."""

    levels = param.List(default=[], doc="Names of the features, then of each layer's neurons.")
    values = param.Dict(default={}, doc="Weights with the bias, and which are frozen, by neuron.")
    limit = param.Number(default=MAX_WEIGHT, constant=True, doc="Largest size of a weight.")

    _esm = HERE.with_suffix(".js").read_text()
    _stylesheets = [HERE.with_suffix(".css").read_text()]  # noqa: RUF012 (as Panel declares it)

    def __init__(self, network_list: NetworkList, **params: Any) -> None:
        super().__init__(margin=0, sizing_mode="stretch_width", **params)
        self._list = network_list

    def receive(self, message: object) -> bool:
        """Fill the neurons that are open, or set or freeze a weight."""
        match message:
            case {"open": list(units)} if all(map(_is_unit, units)):
                self._list.fill((layer, unit) for layer, unit in units)
            case {"ref": [int(layer), int(unit), (int() | None) as source], "frozen": bool(frozen)}:
                self._list.apply(Freeze(ParameterRef(layer, unit, source), frozen))
            case {"ref": [int(layer), int(unit), (int() | None) as source], "value": value} if (
                value is None or (type(value) in (int, float) and isfinite(value))
            ):
                self._list.set_value(ParameterRef(layer, unit, source), value)
            case _:
                return False
        return True

    def refuse(self, sentence: str) -> None:
        """Say why a value was refused, and show the one in force."""
        self._send_msg({"refused": sentence})


class NetworkList(Part):
    """The weights as fields that can be read and changed without the diagram.

    Only the neurons that are open are sent to the browser.

    Parameters
    ----------
    heartbeat : Heartbeat
    """

    def __init__(self, heartbeat: DenseHeartbeat) -> None:
        super().__init__()
        self._heartbeat = heartbeat
        self._units: tuple[Unit, ...] = ()
        self._fields = WeightFields(self, levels=level_names(heartbeat.frame))

    def __panel__(self) -> WeightFields:
        return self._fields

    def update(self, frame: Frame) -> None:
        """Show the weights of a newer frame."""
        levels = level_names(frame)
        if levels != self._fields.levels:
            self._fields.levels = levels
        if self._units:
            self._fields.values = unit_values(frame, self._units)

    def fill(self, units: Iterable[Unit]) -> None:
        """Show the weights of these neurons from now on, and of no others."""
        self._units = tuple(dict.fromkeys(units))
        self._fields.values = unit_values(self._heartbeat.frame, self._units)

    def set_value(self, ref: ParameterRef, value: float | None) -> None:
        """Set a weight, or say why it can't be set."""
        if value is None:
            self._fields.refuse(
                f"An empty field is no weight: it can be -{MAX_WEIGHT:g} to {MAX_WEIGHT:g}."
            )
        else:
            self.apply(SetValue(ref, float(value)))

    def apply(self, edit: Edit) -> None:
        """Change the network, or say why it can't be changed."""
        try:
            self._heartbeat.trainer.edit(edit)
        except InputError as error:
            self._fields.refuse(str(error))
        else:
            self._heartbeat.show_present()


def level_names(frame: Frame) -> list[list[str]]:
    """Names of the features, then of the neurons of each layer, each different from all others."""
    if not frame.layers:
        return []  # a module of the user's own
    names = [list(frame.plan.features)]
    for number, layer in enumerate(frame.plan.layers[:-1], start=1):
        names.append([f"neuron {unit} of layer {number}" for unit in range(1, layer.units + 1)])
    names.append(
        [f"output {output_name(frame, unit)}".rstrip() for unit in range(frame.plan.outputs)]
    )
    return names


def unit_values(frame: Frame, units: Iterable[Unit]) -> dict[str, dict[str, list[Any]]]:
    """Weights of some neurons, each with its bias last, and which of them are frozen."""
    found: dict[str, dict[str, list[Any]]] = {}
    for number, unit in units:
        if not (0 <= number < len(frame.layers) and 0 <= unit < len(frame.layers[number].bias)):
            continue
        layer = frame.layers[number]
        weights = [*layer.weight[unit].tolist(), float(layer.bias[unit])]
        found[f"{number},{unit}"] = {
            "weights": [
                round(weight, DECIMALS) if isfinite(weight) else None for weight in weights
            ],
            "frozen": [bool(each) for each in layer.frozen[unit]],
        }
    return found


def _is_unit(value: object) -> bool:
    return isinstance(value, list) and len(value) == 2 and all(type(each) is int for each in value)
