"""Numbers brought to a size that a network learns well from, and back."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Self

import numpy as np
import numpy.typing as npt

Doubles = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True, eq=False)
class Scale:
    """What is taken off, and what the rest is divided by.

    Attributes
    ----------
    centre, size : float64 arrays of shape (k,)
        One of each for k columns; sizes are positive.
    """

    centre: Doubles
    size: Doubles

    @classmethod
    def none(cls, columns: int) -> Self:
        """Leave numbers as they are."""
        return cls(np.zeros(columns), np.ones(columns))

    @classmethod
    def standard(cls, x: Doubles) -> Self:
        """Bring columns (n, k) to a mean of 0 and a standard deviation of 1; constants to 0."""
        return cls(x.mean(axis=0), _positive(x.std(axis=0)))

    @classmethod
    def span(cls, y: npt.NDArray[Any]) -> Self:
        """Bring values (n,) to reach from -1 to 1; constants to 0."""
        low, high = y.min(), y.max()
        return cls(np.array([(low + high) / 2]), _positive(np.array([(high - low) / 2])))

    def there(self, values: npt.NDArray[Any]) -> Doubles:
        """Bring values (..., k) to the new size."""
        scaled: Doubles = (values - self.centre) / self.size
        return scaled

    def back(self, values: npt.NDArray[Any]) -> Doubles:
        """Bring them back."""
        unscaled: Doubles = values * self.size + self.centre
        return unscaled


def _positive(sizes: Doubles) -> Doubles:
    return np.where(sizes > 0, sizes, 1.0)
