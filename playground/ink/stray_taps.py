"""Removal of taps: dots that a sleeve or a second finger leaves beside the digit."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from playground.ink.strokes import Polyline

MAX_TAP_SIZE = 0.05  # of the largest stroke: no stroke of a digit is shorter
NEAR_MARGIN = 0.1  # of the rest of the drawing: closer dots belong to it


def remove_taps(lines: Sequence[Polyline]) -> list[Polyline]:
    """
    Leave out dots away from all larger strokes.

    Parameters
    ----------
    lines : sequence of float64 array (n, 2)
        Strokes, each with n ≥ 1 points.

    Returns
    -------
    list of float64 array (n, 2)
        The strokes of the drawing; all of them if there are only dots.
    """
    low = np.array([line.min(axis=0) for line in lines])
    high = np.array([line.max(axis=0) for line in lines])
    sizes = (high - low).max(axis=1)
    large = sizes >= MAX_TAP_SIZE * sizes.max()
    near = _near_drawing(low, high, large)
    return [line for line, keep in zip(lines, large | near, strict=True) if keep]


def _near_drawing(
    low: NDArray[np.float64], high: NDArray[np.float64], large: NDArray[np.bool_]
) -> NDArray[np.bool_]:
    """Return which strokes touch the slightly widened box of the large ones, (strokes,)."""
    lowest, highest = low[large].min(axis=0), high[large].max(axis=0)
    margin = NEAR_MARGIN * (highest - lowest).max()
    near: NDArray[np.bool_] = ((high >= lowest - margin) & (low <= highest + margin)).all(axis=1)
    return near
