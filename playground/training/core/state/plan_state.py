"""Conversion of a network's plan to JSON, and back."""

from __future__ import annotations

from typing import Any

from playground.networks.architecture import MAX_LAYERS, MAX_UNITS
from playground.networks.dense.activations import ACTIVATIONS
from playground.networks.dense.plan import LayerPlan, Plan
from playground.training.core.state.state_reader import StateReader, short_repr

_MAX_FEATURES_OR_OUTPUTS = 1000
"""Largest number of features, and of outputs, of a plan."""


def plan_to_json(plan: Plan) -> dict[str, Any]:
    """Convert a plan to JSON types."""
    rows = [[each.fan_in, each.units, each.activation, each.dropout] for each in plan.layers]
    return {"features": list(plan.features), "layers": rows}


def read_plan(saved: StateReader, name: str) -> Plan:
    """Read a plan written by `plan_to_json`.

    Raises
    ------
    InputError
        If it is not a plan, or the plan of a network that can't be built.
    """
    return parse_plan(saved, name, saved.value(name))


def parse_plan(saved: StateReader, name: str, value: object) -> Plan:
    """Convert the value with a name to a plan; raises InputError as `read_plan` does."""
    try:
        match value:
            case {"features": [*features], "layers": [*rows]}:
                plan = Plan(tuple(features), tuple(LayerPlan(*row) for row in rows))
                _check_plan(plan)
                return plan
    except (TypeError, ValueError) as error:
        raise saved.invalid(name, f"is not the plan of a network ({error})") from error
    raise saved.invalid(name, f"is not the plan of a network, but {short_repr(value)}")


def _check_plan(plan: Plan) -> None:
    """Raise ValueError for a plan that no settings can produce."""
    if not 1 <= len(plan.layers) <= MAX_LAYERS + 1:
        raise ValueError(f"{len(plan.layers)} layers are not 1 to {MAX_LAYERS + 1}")
    if not 1 <= len(plan.features) <= _MAX_FEATURES_OR_OUTPUTS:
        raise ValueError(f"{len(plan.features)} features are not 1 to {_MAX_FEATURES_OR_OUTPUTS}")
    if not all(isinstance(name, str) for name in plan.features):
        raise ValueError("the names of features are not all text")
    fan_in = len(plan.features)
    for layer in plan.layers:
        _check_layer(
            layer, fan_in, MAX_UNITS if layer is not plan.layers[-1] else _MAX_FEATURES_OR_OUTPUTS
        )
        fan_in = layer.units
    if plan.layers[-1].activation != "linear":
        raise ValueError("the last layer is not linear")


def _check_layer(layer: LayerPlan, fan_in: int, maximum: int) -> None:
    if type(layer.fan_in) is not int or layer.fan_in != fan_in:
        raise ValueError(f"a layer after {fan_in} units has {short_repr(layer.fan_in)} inputs")
    if type(layer.units) is not int or not 1 <= layer.units <= maximum:
        raise ValueError(f"{short_repr(layer.units)} units are not 1 to {maximum}")
    if layer.activation not in ACTIVATIONS:
        raise ValueError(f"there is no activation {short_repr(layer.activation)}")
    if type(layer.dropout) not in (int, float) or not 0 <= layer.dropout <= 0.9:
        raise ValueError(f"dropout of {short_repr(layer.dropout)} is not 0 to 0.9")
