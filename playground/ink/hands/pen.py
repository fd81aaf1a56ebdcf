"""A pen in many hands at once: the random choices a shape is drawn with."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Many = NDArray[np.float64]
Place = NDArray[np.float64]
Path = NDArray[np.float64]


class Pen:
    """
    Draws one shape in several hands, each with its own proportions and care.

    Parameters
    ----------
    rng : numpy.random.Generator
        Where every choice comes from.
    hands : int
        How many drawings are made at once.

    Attributes
    ----------
    looseness : float array (hands,)
        How far from where it is meant each hand puts a point; 1 is usual.
    """

    def __init__(self, rng: np.random.Generator, hands: int) -> None:
        self.rng = rng
        self.hands = hands
        self.looseness = np.exp(rng.normal(-0.1, 0.45, hands))

    def between(self, low: float, high: float) -> Many:
        """Return a number in [low, high) for each hand, (hands,)."""
        return self.rng.uniform(low, high, self.hands)

    def about(self, middle: float, spread: float) -> Many:
        """Return a number near `middle` for each hand, at most 2.5 `spread` away, (hands,)."""
        return middle + spread * np.clip(self.rng.normal(size=self.hands), -2.5, 2.5)

    def either(self, chance: float, one: Many | float, other: Many | float) -> Many:
        """Return `one` for as many hands as `chance` says and `other` for the rest, (hands,)."""
        return np.where(self.rng.random(self.hands) < chance, one, other).astype(np.float64)

    def at(self, x: Many | float, y: Many | float, loose: float = 0.025) -> Place:
        """
        Return where each hand puts a point that is meant for (x, y).

        Parameters
        ----------
        x, y : float or float array (hands,)
            The digit stands between y = 0, its top, and y = 1, its foot.
        loose : float
            Standard deviation of a usual hand's miss.

        Returns
        -------
        float array (hands, 2)
        """
        meant = np.stack(np.broadcast_arrays(x, y, self.looseness)[:2], axis=-1)
        miss = np.clip(self.rng.normal(size=(self.hands, 2)), -2.5, 2.5)
        return meant + loose * self.looseness[:, None] * miss
