"""Pictures as palette indices: ink on paper, and values that are plus or minus."""

from __future__ import annotations

import numpy as np

from playground.problems.problem import Floats
from playground.training.images.frame import Pixels
from playground.views.theme import Indices, value_index

MIN_CELLS = 12
"""Smaller tiles are enlarged to at least so many cells, so that the gaps between stay narrow."""


def ink_indices(pictures: Pixels) -> Indices:
    """Indices into `room.ink`; paper is index 1, as 0 is kept for gaps."""
    indices: Indices = np.maximum(pictures, 1)
    return indices


def value_indices(values: Floats, limit: float) -> Indices:
    """Indices into `theme.mosaic`: zero is neutral, -limit and limit have full colour.

    Parameters
    ----------
    values : array of shape (n, h, w)
    limit : float
        0 where there is nothing but zeros.

    Returns
    -------
    uint8 array of shape (n, h * enlargement, w * enlargement)
    """
    indices = np.maximum(value_index(values, limit or 1.0), 1)
    times = enlargement(values.shape[1:])
    return indices.repeat(times, axis=1).repeat(times, axis=2)


def enlargement(shape: tuple[int, ...]) -> int:
    """How many cells along the side of one number."""
    return -(-MIN_CELLS // max(shape))


def colour_limit(values: Floats) -> float:
    """The value that gets full colour: the largest, but for outliers."""
    finite = np.nan_to_num(values, nan=0.0, posinf=0.0, neginf=0.0)
    if not finite.size:
        return 0.0
    # A few large values must not make all others pale.
    rms_limit = 3 * float(np.sqrt(np.square(finite, dtype=np.float64).mean()))
    return min(float(np.abs(finite).max()), rms_limit)
