"""The training recipes of the pretrained classifiers. A new recipe is one entry of `RECIPES`."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from typing import Any


@dataclass(frozen=True, slots=True)
class Recipe:
    """The training settings of a pretrained classifier, apart from the seed.

    Attributes
    ----------
    epochs : int
        Number of passes over the training set.
    batch : int
        Number of pictures of each step.
    rate : float
        Largest learning rate of AdamW, with the one-cycle schedule.
    decay : float
        AdamW's weight decay, applied to weights but not to biases and normalisations.
    hands : int
        Number of digits of synthetic handwriting, in addition to MNIST's 60,000.
    scribbles : int
        Number of pictures without a digit, whose targets are 0.1 for each digit.
    smoothing : float
        Label smoothing: share of each target that is spread over all ten digits, 0 to 1.
    averaged : float
        Decay of the exponential moving average of the weights, which are the result.
    augmentation : mapping
        Settings of `Augmentation` that differ from its defaults.
    half_precision : bool
        Whether to compute in bfloat16 where that is faster.
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
        """Return all settings by name, for the model card."""
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
    # Little synthetic handwriting: with 7,850 parameters, more lowers the accuracy on MNIST.
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
