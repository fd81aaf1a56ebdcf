"""Summaries of a dense network: one line of text, and a table of its layers."""

from __future__ import annotations

from dataclasses import dataclass

from playground.networks.dense.plan import LayerPlan, Plan


@dataclass(frozen=True, slots=True)
class LayerRow:
    """One row of the table of layers.

    Attributes
    ----------
    layer : str
        "input", "hidden 1", … or "output".
    shape : str
        Inputs and outputs, such as "2 → 4"; for the input, the number of features.
    activation : str
        Name of the activation, with the dropout if there is any; empty for the input.
    parameters : int
        Weights and biases.
    """

    layer: str
    shape: str
    activation: str
    parameters: int


def summary(plan: Plan) -> str:
    """Summarise a network in one line, such as "2 inputs → 4 tanh → 1 output · 17 parameters"."""
    hidden = [f"{layer.units} {layer.activation}" for layer in plan.hidden]
    ends = count_with_noun(len(plan.features), "input"), count_with_noun(plan.outputs, "output")
    chain = " → ".join([ends[0], *hidden, ends[1]])
    return f"{chain} · {count_with_noun(plan.size, 'parameter')}"


def table(plan: Plan) -> list[LayerRow]:
    """Rows for the layers of a network, from the input to the output."""
    names = [*(f"hidden {number}" for number in range(1, len(plan.layers))), "output"]
    rows = [
        LayerRow(name, f"{layer.fan_in} → {layer.units}", activation(layer), layer.size)
        for name, layer in zip(names, plan.layers, strict=False)  # a module has no layers
    ]
    return [LayerRow("input", str(len(plan.features)), "", 0), *rows]


def activation(layer: LayerPlan) -> str:
    """Name of a layer's activation, with dropout if there is any: "tanh, 20% dropout"."""
    return f"{layer.activation}, {layer.dropout:.0%} dropout" if layer.dropout else layer.activation


def count_with_noun(count: int, noun: str) -> str:
    """A count with its noun in the right number: "1 input", "1,200 parameters"."""
    return f"{count:,} {noun}{'' if count == 1 else 's'}"
