"""Taps: what a sleeve or a second finger leaves on the canvas beside the digit."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from playground.ink.strokes import Line

SMALL = 0.05  # of the drawing: no stroke of a digit is shorter
NEAR = 0.1  # of the rest of the drawing: ink that close belongs to it


def without_taps(lines: Sequence[Line]) -> list[Line]:
    """
    Leave out dots that lie away from everything else that was drawn.

    Parameters
    ----------
    lines : sequence of float64 array (n, 2)
        Strokes, each with n ≥ 1 points.

    Returns
    -------
    list of float64 array (n, 2)
        The strokes that make up the drawing; all of them where there are only dots.
    """
    low = np.array([line.min(axis=0) for line in lines])
    high = np.array([line.max(axis=0) for line in lines])
    sizes = (high - low).max(axis=1)
    large = sizes >= SMALL * sizes.max()
    near = _near(low, high, large)
    return [line for line, keep in zip(lines, large | near, strict=True) if keep]


def _near(
    low: NDArray[np.float64], high: NDArray[np.float64], large: NDArray[np.bool_]
) -> NDArray[np.bool_]:
    """Say which strokes touch the slightly widened box of the large ones, (strokes,)."""
    least, most = low[large].min(axis=0), high[large].max(axis=0)
    margin = NEAR * (most - least).max()
    near: NDArray[np.bool_] = ((high >= least - margin) & (low <= most + margin)).all(axis=1)
    return near
