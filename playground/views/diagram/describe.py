"""One line of plain words and live values for whatever is pointed at."""

from __future__ import annotations

from playground.training.dense.frame import Frame
from playground.views.diagram.links import MAX_LINKS, split_budget
from playground.views.diagram.refs import FEATURES, LinkRef, Ref, UnitRef


def describe(frame: Frame, ref: Ref) -> str:
    """Say what `ref` is and what its numbers are at this moment.

    Examples
    --------
    "hidden 1, unit 3 → hidden 2, unit 1: weight 0.42, gradient −0.013"
    """
    name = unit_name(frame, ref.layer, ref.unit)
    if ref.layer == FEATURES:
        return name
    layer, unit = frame.layers[ref.layer], ref.unit
    if isinstance(ref, LinkRef):
        place = (unit, ref.source)
        values = {"weight": layer.weight[place], "gradient": layer.weight_gradient[place]}
        name = f"{unit_name(frame, ref.layer - 1, ref.source)} → {name}"
        frozen = layer.frozen[place]
    else:
        values = {"bias": layer.bias[unit], "gradient": layer.bias_gradient[unit]}
        frozen = layer.frozen[unit, -1]
    if isinstance(ref, UnitRef):
        values["mean activation"] = layer.mean[unit]
    numbers = ", ".join(f"{key} {format_number(float(value))}" for key, value in values.items())
    return f"{name}: {numbers}" + (", frozen" if frozen else "")


def unit_name(frame: Frame, layer: int, unit: int) -> str:
    """Call a unit what people do: "feature x²", "hidden 2, unit 1", "output blue"."""
    if layer == FEATURES:
        return f"feature {frame.plan.features[unit]}"
    if layer < len(frame.layers) - 1:
        return f"hidden {layer + 1}, unit {unit + 1}"
    return f"output {output_name(frame, unit)}".rstrip()


def output_name(frame: Frame, unit: int) -> str:
    """Name the class an output stands for; empty where a single output stands for everything."""
    if len(frame.classes) == frame.plan.outputs:
        return frame.classes[unit]
    return str(unit + 1) if frame.plan.outputs > 1 else ""


def format_number(value: float) -> str:
    """Write two significant digits at least, a true minus sign, no noise."""
    text = f"{value:.2f}" if abs(value) >= 0.1 or value == 0 else f"{value:.2g}"
    return text.replace("-", "−")


def caption(frame: Frame) -> str:
    """Say which links are drawn where not all are; empty where all are."""
    sizes = [layer.weight.size for layer in frame.layers]
    drawn, total = sum(split_budget(sizes, MAX_LINKS)), sum(sizes)
    return "" if drawn == total else f"the {drawn:,} strongest of {total:,} links"
