"""The training settings of each pretrained model. A new recipe is one entry here."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from typing import Any


@dataclass(frozen=True, slots=True)
class Recipe:
    """The training settings of a pretrained model, apart from the seed.

    Attributes
    ----------
    epochs : int
        Passes over all that is read.
    batch : int
        Pictures that each step is computed from.
    rate : float
        The greatest learning rate of AdamW; it follows the one-cycle schedule.
    decay : float
        AdamW's weight decay, on weights and not on biases or normalisations.
    hands : int
        Digits of synthetic handwriting, beside MNIST's 60,000.
    scribbles : int
        Scribbles that are no digit, to be answered with a tenth for each.
    smoothing : float
        Share of each label that is spread over all ten digits.
    averaged : float
        Share of the averaged weights that a step keeps; those are what is shipped.
    augmentation : mapping
        Settings of `Augmentation` that differ from its defaults.
    half_precision : bool
        Compute in bfloat16 where that is faster.
    """

    epochs: int
    batch: int = 256
    rate: float = 2e-3
    decay: float = 0.01
    hands: int = 90_000
    scribbles: int = 8_000
    smoothing: float = 0.02
    averaged: float = 0.999
    augmentation: Mapping[str, float] = field(default_factory=dict)
    half_precision: bool = True

    def as_json(self) -> dict[str, Any]:
        """All settings by name, for a card."""
        return asdict(self)


_WEAK_AUGMENTATION = {
    "shift": 0,
    "rotate": 4,
    "scale": 0.03,
    "stretch": 0.03,
    "shear": 4,
    "elastic": 0.3,
    "thickness": 0.3,
    "untouched": 0.5,
}

RECIPES: dict[str, Recipe] = {
    "deep": Recipe(epochs=17, rate=3e-3, decay=0.05, hands=70_000, scribbles=6_000),
    "cnn": Recipe(epochs=12, rate=1.5e-3, decay=0.05, hands=70_000, scribbles=6_000),
    "mlp": Recipe(epochs=30, half_precision=False),
    "lenet": Recipe(epochs=12, hands=70_000, scribbles=6_000, half_precision=False),
    # A few hands only: no more fit into 7,850 weights without a loss on MNIST.
    "softmax": Recipe(
        epochs=50,
        batch=1000,
        rate=0.03,
        decay=0.003,
        hands=3_000,
        scribbles=0,
        smoothing=0.0,
        augmentation=_WEAK_AUGMENTATION,
        half_precision=False,
    ),
}
