"""References to parts of a network: units, biases and links.

Layer 0 is the first hidden layer (the output if there is none); the features are layer -1. Units
count from 0.
"""

from __future__ import annotations

from dataclasses import dataclass

FEATURE_LAYER = -1


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
    """The weight from unit `source` of the layer before to `unit` of `layer`."""

    layer: int
    unit: int
    source: int


@dataclass(frozen=True, slots=True)
class FeatureRef:
    """The name of a feature that could become an input of the network."""

    name: str


Ref = UnitRef | BiasRef | LinkRef
"""References to parts that the network has."""


def exists(ref: Ref, counts: tuple[int, ...]) -> bool:
    """Whether a network has the part that `ref` names.

    Parameters
    ----------
    ref : Ref
    counts : tuple of int
        Number of features, then of units in each layer.
    """
    level = ref.layer + 1
    lowest = 0 if isinstance(ref, UnitRef) else 1
    if not lowest <= level < len(counts) or not 0 <= ref.unit < counts[level]:
        return False
    return not isinstance(ref, LinkRef) or 0 <= ref.source < counts[level - 1]
