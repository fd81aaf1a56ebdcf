"""Walking through the diagram by the keys of the arrows: from neurons along links to neurons."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Literal

from playground.training.dense.frame import Frame
from playground.views.diagram.describe import describe
from playground.views.diagram.glyph_columns import drawn_features
from playground.views.diagram.refs import (
    FEATURE_LAYER,
    BiasRef,
    FeatureRef,
    LinkRef,
    Ref,
    UnitRef,
    exists,
)

Step = Literal["left", "right", "up", "down", "home", "end"]
STEPS: tuple[Step, ...] = ("left", "right", "up", "down", "home", "end")


@dataclass(frozen=True, slots=True)
class Stop:
    """The position of a keyboard user in the diagram.

    Attributes
    ----------
    ref : UnitRef, LinkRef or FeatureRef
    outwards : bool
        Of a link: whether it was reached from its source, so that up and down go to other links of
        that source; otherwise to other links of the neuron where it ends.
    """

    ref: UnitRef | LinkRef | FeatureRef
    outwards: bool = True


def first_stop(frame: Frame) -> Stop:
    """Return the first feature."""
    return Stop(_feature_at(frame, 0))


def stop_at(frame: Frame, ref: Ref | FeatureRef | None) -> Stop:
    """Return the stop at a part, or the first one if the network has no such part."""
    if isinstance(ref, BiasRef):
        ref = UnitRef(ref.layer, ref.unit)
    if isinstance(ref, FeatureRef):
        return Stop(_feature_at(frame, _place(frame, ref.name)))
    if ref is None or not exists(ref, _counts(frame)):
        return first_stop(frame)
    return Stop(ref)


def walk(frame: Frame, stop: Stop, step: Step) -> Stop:
    """Return where a step leads; at an edge of the network it leads nowhere.

    From a neuron, left and right lead to its links, and from there on to the neuron at the other
    end; up and down lead to the neuron above or below, or to another link of the same neuron. Home
    and end lead to the first feature and to the first output.
    """
    stop = replace(stop_at(frame, stop.ref), outwards=stop.outwards)
    ref, last = stop.ref, len(frame.layers) - 1
    match step, ref:
        case "home", _:
            return first_stop(frame)
        case "end", _:
            return Stop(UnitRef(last, 0))
        case (("up" | "down"), _):
            return _beside(frame, stop, -1 if step == "up" else 1)
        case "right", LinkRef(layer, unit, _):
            return Stop(UnitRef(layer, unit))
        case "left", LinkRef(layer, _, source):
            return Stop(UnitRef(layer - 1, source))
        case "right", UnitRef(layer, unit) if layer < last:
            return Stop(LinkRef(layer + 1, 0, unit), outwards=True)
        case "left", UnitRef(layer, unit) if layer > FEATURE_LAYER:
            return Stop(LinkRef(layer, unit, 0), outwards=False)
    return stop


def tell(frame: Frame, stop: Stop) -> str:
    """Describe a stop and what Enter does there, for those who can't see it."""
    ref = stop.ref
    if isinstance(ref, FeatureRef):
        return f"feature {ref.name}, not taken. Enter takes it."
    if isinstance(ref, UnitRef) and ref.layer == FEATURE_LAYER:
        return f"{describe(frame, ref)}, taken. Enter leaves it out."
    return f"{describe(frame, ref)}. Enter changes it."


def _beside(frame: Frame, stop: Stop, by: int) -> Stop:
    """Return the next or the previous stop of the same kind."""
    ref, counts = stop.ref, _counts(frame)
    match ref:
        case LinkRef(layer, unit, source) if stop.outwards:
            return replace(stop, ref=LinkRef(layer, _clip(unit + by, counts[layer + 1]), source))
        case LinkRef(layer, unit, source):
            return replace(stop, ref=LinkRef(layer, unit, _clip(source + by, counts[layer])))
        case UnitRef(layer, unit) if layer > FEATURE_LAYER:
            return Stop(UnitRef(layer, _clip(unit + by, counts[layer + 1])))
    name = ref.name if isinstance(ref, FeatureRef) else frame.plan.features[ref.unit]
    place = _clip(_place(frame, name) + by, len(drawn_features(frame)))
    return Stop(_feature_at(frame, place))


def _place(frame: Frame, name: str) -> int:
    """Return the place of a feature among those that are drawn; 0 if it isn't."""
    names = list(drawn_features(frame))
    return names.index(name) if name in names else 0


def _feature_at(frame: Frame, place: int) -> UnitRef | FeatureRef:
    """Return a feature by its place among those that are drawn."""
    name, taken = drawn_features(frame)[place], list(frame.plan.features)
    return UnitRef(FEATURE_LAYER, taken.index(name)) if name in taken else FeatureRef(name)


def _counts(frame: Frame) -> tuple[int, ...]:
    return (len(frame.plan.features), *frame.plan.widths)


def _clip(place: int, count: int) -> int:
    return min(max(place, 0), count - 1)
