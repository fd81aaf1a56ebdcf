"""Scaling of inputs and targets to ranges suited to training, and its inverse."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Self

import numpy as np
import numpy.typing as npt

Doubles = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True, eq=False)
class Scaler:
    """A linear scaling of columns: (values - offset) / scale.

    Attributes
    ----------
    offset, scale : float64 arrays of shape (k,)
        One entry for each of k columns; `scale` is positive.
    """

    offset: Doubles
    scale: Doubles

    @classmethod
    def identity(cls, columns: int) -> Self:
        """Return a scaler that leaves numbers unchanged."""
        return cls(np.zeros(columns), np.ones(columns))

    @classmethod
    def standardising(cls, x: Doubles) -> Self:
        """Return a scaler of columns (n, k) to mean 0 and standard deviation 1; constants to 0."""
        return cls(x.mean(axis=0), _nonzero(x.std(axis=0)))

    @classmethod
    def min_max(cls, y: npt.NDArray[Any]) -> Self:
        """Return a scaler of values (n,) to the range from -1 to 1; constants to 0."""
        low, high = y.min(), y.max()
        return cls(np.array([(low + high) / 2]), _nonzero(np.array([(high - low) / 2])))

    def transform(self, values: npt.NDArray[Any]) -> Doubles:
        """Scale values (..., k)."""
        scaled: Doubles = (values - self.offset) / self.scale
        return scaled

    def inverse_transform(self, values: npt.NDArray[Any]) -> Doubles:
        """Undo `transform` on scaled values (..., k)."""
        unscaled: Doubles = values * self.scale + self.offset
        return unscaled


def _nonzero(sizes: Doubles) -> Doubles:
    return np.where(sizes > 0, sizes, 1.0)
