"""The random choices with which several writers draw one shape."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

PerWriter = NDArray[np.float64]
PenPoint = NDArray[np.float64]
PenPath = NDArray[np.float64]


class RandomPen:
    """
    Random numbers and points for several writers who draw the same shape at once.

    Parameters
    ----------
    rng : numpy.random.Generator
        Generator for all random choices.
    writers : int
        Number of writers, each of whom makes one drawing.

    Attributes
    ----------
    imprecision : float array (writers,)
        Factor of each writer's deviation from intended points; about 1.
    """

    def __init__(self, rng: np.random.Generator, writers: int) -> None:
        self.rng = rng
        self.writers = writers
        self.imprecision = np.exp(rng.normal(-0.1, 0.45, writers))

    def uniform(self, low: float, high: float) -> PerWriter:
        """Return a uniform random number in [low, high) for each writer, (writers,)."""
        return self.rng.uniform(low, high, self.writers)

    def normal(self, middle: float, spread: float) -> PerWriter:
        """Return a normal random number for each writer, clipped at 2.5 `spread`, (writers,)."""
        return middle + spread * np.clip(self.rng.normal(size=self.writers), -2.5, 2.5)

    def choose(
        self, probability: float, one: PerWriter | float, other: PerWriter | float
    ) -> PerWriter:
        """Return `one` with a probability, else `other`, for each writer, (writers,)."""
        return np.where(self.rng.random(self.writers) < probability, one, other).astype(np.float64)

    def at(self, x: PerWriter | float, y: PerWriter | float, std: float = 0.025) -> PenPoint:
        """
        Return the point of each writer for the intended point (x, y), with a random error.

        Parameters
        ----------
        x, y : float or float array (writers,)
            A digit extends from y = 0, its top, to y = 1, its bottom.
        std : float
            Standard deviation of the error of a writer with imprecision 1.

        Returns
        -------
        float array (writers, 2)
        """
        intended = np.stack(np.broadcast_arrays(x, y, self.imprecision)[:2], axis=-1)
        miss = np.clip(self.rng.normal(size=(self.writers, 2)), -2.5, 2.5)
        return intended + std * self.imprecision[:, None] * miss
