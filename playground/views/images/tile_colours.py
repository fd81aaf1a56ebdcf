"""Palette indices of pictures, and of signed values such as weights."""

from __future__ import annotations

import numpy as np

from playground.problems.problem import Floats
from playground.training.images.frame import Pixels
from playground.views.theme import Indices, value_index

MIN_CELLS = 12
"""Least cells along a tile: smaller ones are enlarged, so that gaps stay narrow."""


def ink_indices(pictures: Pixels) -> Indices:
    """Return indices into `pixel_figure.ink`; paper is index 1, as 0 is reserved for gaps."""
    indices: Indices = np.maximum(pictures, 1)
    return indices


def value_indices(values: Floats, limit: float) -> Indices:
    """Return indices into `theme.masked_diverging_palette`; -limit and limit have full colour.

    Parameters
    ----------
    values : array of shape (n, h, w)
    limit : float
        0 if all values are 0.

    Returns
    -------
    uint8 array of shape (n, h * enlargement, w * enlargement)
    """
    indices = np.maximum(value_index(values, limit or 1.0), 1)
    times = enlargement(values.shape[1:])
    return indices.repeat(times, axis=1).repeat(times, axis=2)


def enlargement(shape: tuple[int, ...]) -> int:
    """Return how many cells along a side show one value."""
    return -(-MIN_CELLS // max(shape))


def colour_limit(values: Floats) -> float:
    """Return the value that gets full colour: the largest magnitude, or three times the RMS."""
    finite = np.nan_to_num(values, nan=0.0, posinf=0.0, neginf=0.0)
    if not finite.size:
        return 0.0
    # A few large values must not make all others pale.
    rms_limit = 3 * float(np.sqrt(np.square(finite, dtype=np.float64).mean()))
    return min(float(np.abs(finite).max()), rms_limit)
