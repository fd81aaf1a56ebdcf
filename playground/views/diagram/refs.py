"""Names for the things in a network that can be pointed at.

Layers count from 0, the first hidden layer (the output where there is none); the features are
layer -1. Units count from 0.
"""

from __future__ import annotations

from dataclasses import dataclass

FEATURES = -1


@dataclass(frozen=True, slots=True)
class UnitRef:
    """One unit, or one feature where `layer` is -1."""

    layer: int
    unit: int


@dataclass(frozen=True, slots=True)
class BiasRef:
    """The bias of one unit."""

    layer: int
    unit: int


@dataclass(frozen=True, slots=True)
class LinkRef:
    """The weight with which `unit` of `layer` listens to unit `source` of the layer before."""

    layer: int
    unit: int
    source: int


Ref = UnitRef | BiasRef | LinkRef


def exists(ref: Ref, counts: tuple[int, ...]) -> bool:
    """Tell whether a network with so many features and units a layer has what `ref` names.

    Parameters
    ----------
    ref : Ref
    counts : tuple of int
        Features first, then the units of each layer.
    """
    level = ref.layer + 1
    lowest = 0 if isinstance(ref, UnitRef) else 1
    if not lowest <= level < len(counts) or not 0 <= ref.unit < counts[level]:
        return False
    return not isinstance(ref, LinkRef) or 0 <= ref.source < counts[level - 1]
