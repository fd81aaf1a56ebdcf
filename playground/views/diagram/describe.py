"""Text about parts of the diagram: a name and current values."""

from __future__ import annotations

from playground.training.dense.frame import Frame
from playground.views.diagram.links import MAX_LINKS, split_budget
from playground.views.diagram.refs import FEATURE_LAYER, LinkRef, Ref, UnitRef


def describe(frame: Frame, ref: Ref) -> str:
    """Describe a part of the network and its current values in one line.

    Examples
    --------
    "hidden 1, neuron 3 → hidden 2, neuron 1: weight 0.42, gradient −0.013"
    """
    name = part_name(frame, ref)
    if ref.layer == FEATURE_LAYER:
        return name
    layer, unit = frame.layers[ref.layer], ref.unit
    if isinstance(ref, LinkRef):
        at = (unit, ref.source)
        values = {"weight": layer.weight[at], "gradient": layer.weight_gradient[at]}
        frozen = layer.frozen[at]
    else:
        values = {"bias": layer.bias[unit], "gradient": layer.bias_gradient[unit]}
        frozen = layer.frozen[unit, -1]
    if isinstance(ref, UnitRef):
        values["mean activation"] = layer.mean[unit]
    numbers = ", ".join(f"{key} {format_weight(float(value))}" for key, value in values.items())
    return f"{name}: {numbers}" + (", frozen" if frozen else "")


def describe_briefly(frame: Frame, ref: Ref) -> str:
    """Describe a part of the network by what it does now, for whoever points at it.

    Examples
    --------
    "hidden 1, neuron 3: output 0.31 on average over the samples, bias −0.20"
    """
    name = part_name(frame, ref)
    if ref.layer == FEATURE_LAYER:
        return name
    layer, unit = frame.layers[ref.layer], ref.unit
    if isinstance(ref, LinkRef):
        return f"{name}: weight {format_weight(float(layer.weight[unit, ref.source]))}"
    bias = format_weight(float(layer.bias[unit]))
    if not isinstance(ref, UnitRef):
        return f"{name}: bias {bias}, added to the weighted sum of its inputs"
    mean = format_weight(round(float(layer.mean[unit]), 2) + 0.0)  # never minus zero
    return f"{name}: output {mean} on average over the samples, bias {bias}"


def part_name(frame: Frame, ref: Ref) -> str:
    """Return the name of a unit or a bias; of a link those of its two ends."""
    name = unit_name(frame, ref.layer, ref.unit)
    if isinstance(ref, LinkRef):
        return f"{unit_name(frame, ref.layer - 1, ref.source)} → {name}"
    return name


def unit_name(frame: Frame, layer: int, unit: int) -> str:
    """Return the name of a unit: "feature x²", "hidden 2, neuron 1", "output blue"."""
    if layer == FEATURE_LAYER:
        return f"feature {frame.plan.features[unit]}"
    if layer < len(frame.layers) - 1:
        return f"hidden {layer + 1}, neuron {unit + 1}"
    return f"output {output_name(frame, unit)}".rstrip()


def output_name(frame: Frame, unit: int) -> str:
    """Return the class or number of an output; empty for a single output."""
    if len(frame.classes) == frame.plan.outputs:
        return frame.classes[unit]
    return str(unit + 1) if frame.plan.outputs > 1 else ""


def format_weight(value: float) -> str:
    """Format a weight or a value with two significant digits or decimals and a true minus."""
    text = f"{value:.2f}" if abs(value) >= 0.1 or value == 0 else f"{value:.2g}"
    return text.replace("-", "−")


def caption(frame: Frame) -> str:
    """Say how many links are drawn if not all are; empty if all are."""
    sizes = [layer.weight.size for layer in frame.layers]
    drawn, total = sum(split_budget(sizes, MAX_LINKS)), sum(sizes)
    return "" if drawn == total else f"the {drawn:,} strongest of {total:,} links"
