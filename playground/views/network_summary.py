"""A network in one line, and layer by layer."""

from __future__ import annotations

from dataclasses import dataclass

from playground.networks.dense.plan import LayerPlan, Plan


@dataclass(frozen=True, slots=True)
class LayerRow:
    """One layer in words and numbers.

    Attributes
    ----------
    layer : str
        "input", "hidden 1", … or "output".
    shape : str
        Numbers in and out, such as "2 → 4"; of the input, how many numbers there are.
    activation : str
        Its name, with the dropout where there is one; nothing for the input.
    parameters : int
        Weights and biases.
    """

    layer: str
    shape: str
    activation: str
    parameters: int


def summary(plan: Plan) -> str:
    """A network in one line, such as "2 inputs → 4 tanh → 1 output · 17 parameters"."""
    hidden = [f"{layer.units} {layer.activation}" for layer in plan.hidden]
    ends = count_with_noun(len(plan.features), "input"), count_with_noun(plan.outputs, "output")
    chain = " → ".join([ends[0], *hidden, ends[1]])
    return f"{chain} · {count_with_noun(plan.size, 'parameter')}"


def table(plan: Plan) -> list[LayerRow]:
    """The layers of a network from the input to the output."""
    names = [*(f"hidden {number}" for number in range(1, len(plan.layers))), "output"]
    rows = [
        LayerRow(name, f"{layer.fan_in} → {layer.units}", activation(layer), layer.size)
        for name, layer in zip(names, plan.layers, strict=False)  # a module has none
    ]
    return [LayerRow("input", str(len(plan.features)), "", 0), *rows]


def activation(layer: LayerPlan) -> str:
    """Its name and the dropout where there is one, such as "tanh, 20% dropout"."""
    return f"{layer.activation}, {layer.dropout:.0%} dropout" if layer.dropout else layer.activation


def count_with_noun(count: int, noun: str) -> str:
    """Such as "1 input" and "1,200 parameters"."""
    return f"{count:,} {noun}{'' if count == 1 else 's'}"
