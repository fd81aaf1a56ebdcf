"""The plan of a network as JSON, and back."""

from __future__ import annotations

from typing import Any

from playground.networks.activations import ACTIVATIONS
from playground.networks.architecture import MOST_LAYERS, MOST_UNITS
from playground.networks.plan import Layer, Plan
from playground.training.checked import Checked, brief

_MOST_ENDS = 1000
"""Features, or outputs, that a plan can have."""


def written(plan: Plan) -> dict[str, Any]:
    """Write a plan as what JSON can hold."""
    rows = [[each.fan_in, each.units, each.activation, each.dropout] for each in plan.layers]
    return {"features": list(plan.features), "layers": rows}


def read(given: Checked, name: str) -> Plan:
    """Read a plan that `written` made.

    Raises
    ------
    InputError
        If it is none, or is that of a network that can't be built here.
    """
    return understood(given, name, given.value(name))


def understood(given: Checked, name: str, value: object) -> Plan:
    """Read a plan that was found under a name; see `read`."""
    try:
        match value:
            case {"features": [*features], "layers": [*rows]}:
                plan = Plan(tuple(features), tuple(Layer(*row) for row in rows))
                _check(plan)
                return plan
    except (TypeError, ValueError) as error:
        raise given.refusal(name, f"is not the plan of a network ({error})") from error
    raise given.refusal(name, f"is not the plan of a network, but {brief(value)}")


def _check(plan: Plan) -> None:
    """Raise ValueError for a plan that no choices could have led to."""
    if not 1 <= len(plan.layers) <= MOST_LAYERS + 1:
        raise ValueError(f"{len(plan.layers)} layers are not 1 to {MOST_LAYERS + 1}")
    if not 1 <= len(plan.features) <= _MOST_ENDS:
        raise ValueError(f"{len(plan.features)} features are not 1 to {_MOST_ENDS}")
    if not all(isinstance(name, str) for name in plan.features):
        raise ValueError("features have names")
    fan_in = len(plan.features)
    for layer in plan.layers:
        _check_layer(layer, fan_in, MOST_UNITS if layer is not plan.layers[-1] else _MOST_ENDS)
        fan_in = layer.units
    if plan.layers[-1].activation != "linear":
        raise ValueError("the last layer is not linear")


def _check_layer(layer: Layer, fan_in: int, most: int) -> None:
    if type(layer.fan_in) is not int or layer.fan_in != fan_in:
        raise ValueError(f"a layer after {fan_in} units has {brief(layer.fan_in)} inputs")
    if type(layer.units) is not int or not 1 <= layer.units <= most:
        raise ValueError(f"{brief(layer.units)} units are not 1 to {most}")
    if layer.activation not in ACTIVATIONS:
        raise ValueError(f"there is no activation {brief(layer.activation)}")
    if type(layer.dropout) not in (int, float) or not 0 <= layer.dropout <= 0.9:
        raise ValueError(f"dropout of {brief(layer.dropout)} is not 0 to 0.9")
