"""Numbers brought to a size that a network learns well from, and back."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Self

import numpy as np
import numpy.typing as npt

Doubles = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True, eq=False)
class Scaler:
    """What is taken off, and what the rest is divided by.

    Attributes
    ----------
    offset, scale : float64 arrays of shape (k,)
        One of each for k columns; sizes are positive.
    """

    offset: Doubles
    scale: Doubles

    @classmethod
    def identity(cls, columns: int) -> Self:
        """Leave numbers as they are."""
        return cls(np.zeros(columns), np.ones(columns))

    @classmethod
    def standardising(cls, x: Doubles) -> Self:
        """Bring columns (n, k) to a mean of 0 and a standard deviation of 1; constants to 0."""
        return cls(x.mean(axis=0), _nonzero(x.std(axis=0)))

    @classmethod
    def min_max(cls, y: npt.NDArray[Any]) -> Self:
        """Bring values (n,) to reach from -1 to 1; constants to 0."""
        low, high = y.min(), y.max()
        return cls(np.array([(low + high) / 2]), _nonzero(np.array([(high - low) / 2])))

    def transform(self, values: npt.NDArray[Any]) -> Doubles:
        """Bring values (..., k) to the new size."""
        scaled: Doubles = (values - self.offset) / self.scale
        return scaled

    def inverse_transform(self, values: npt.NDArray[Any]) -> Doubles:
        """Bring them back."""
        unscaled: Doubles = values * self.scale + self.offset
        return unscaled


def _nonzero(sizes: Doubles) -> Doubles:
    return np.where(sizes > 0, sizes, 1.0)
