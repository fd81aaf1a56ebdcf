"""The random choices with which many writers draw a shape, all at once."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

PerWriter = NDArray[np.float64]
PenPoint = NDArray[np.float64]
PenPath = NDArray[np.float64]


class RandomPen:
    """
    Draws one shape for several writers, each with their own proportions and care.

    Parameters
    ----------
    rng : numpy.random.Generator
        Where every choice comes from.
    writers : int
        How many drawings are made at once.

    Attributes
    ----------
    imprecision : float array (writers,)
        How far from its intended place each writer puts a point; 1 is usual.
    """

    def __init__(self, rng: np.random.Generator, writers: int) -> None:
        self.rng = rng
        self.writers = writers
        self.imprecision = np.exp(rng.normal(-0.1, 0.45, writers))

    def uniform(self, low: float, high: float) -> PerWriter:
        """Return a number in [low, high) for each writer, (writers,)."""
        return self.rng.uniform(low, high, self.writers)

    def normal(self, middle: float, spread: float) -> PerWriter:
        """Return a number within 2.5 `spread` of `middle` for each writer, (writers,)."""
        return middle + spread * np.clip(self.rng.normal(size=self.writers), -2.5, 2.5)

    def choose(
        self, probability: float, one: PerWriter | float, other: PerWriter | float
    ) -> PerWriter:
        """Return `one` with the given probability and `other` for the rest, (writers,)."""
        return np.where(self.rng.random(self.writers) < probability, one, other).astype(np.float64)

    def at(self, x: PerWriter | float, y: PerWriter | float, std: float = 0.025) -> PenPoint:
        """
        Return where each writer puts a point that is meant for (x, y).

        Parameters
        ----------
        x, y : float or float array (writers,)
            The digit stands between y = 0, its top, and y = 1, its foot.
        std : float
            Standard deviation of a usual writer's miss.

        Returns
        -------
        float array (writers, 2)
        """
        intended = np.stack(np.broadcast_arrays(x, y, self.imprecision)[:2], axis=-1)
        miss = np.clip(self.rng.normal(size=(self.writers, 2)), -2.5, 2.5)
        return intended + std * self.imprecision[:, None] * miss
