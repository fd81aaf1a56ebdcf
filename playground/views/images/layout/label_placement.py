"""Placement of labels without overlaps."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from playground.problems.problem import Floats

Places = npt.NDArray[np.float64]

DISTANCE_FACTOR = 1.001
"""Least distance of two labels, in multiples of the one at which they touch."""
DIRECTIONS = np.array([[-1, 0], [1, 0], [0, -1], [0, 1]])


def separate_labels(places: Floats, sizes: Floats) -> Floats:
    """
    Move each box, along one axis, to the nearest place where it overlaps no box before it.

    Parameters
    ----------
    places : float array (n, 2)
        Centres of the boxes.
    sizes : float array (n, 2) or (2,)
        Widths and heights, in the same unit.

    Returns
    -------
    float32 array (n, 2)
        New centres; those of boxes without overlaps are unchanged.
    """
    requested = np.asarray(places, np.float64).reshape(-1, 2)
    halves = np.broadcast_to(np.asarray(sizes, np.float64) / 2, requested.shape)
    placed = np.empty_like(requested)
    for number, (place, half) in enumerate(zip(requested, halves, strict=True)):
        placed[number] = _nearest_free(
            place, placed[:number], DISTANCE_FACTOR * (halves[:number] + half)
        )
    return placed.astype(np.float32)


def _nearest_free(place: Places, occupied: Places, distances: Places) -> Places:
    """Return the free place nearest to one, given least distances (n, 2) from occupied (n, 2)."""
    beside = occupied[:, None] + DIRECTIONS * distances[:, None]
    shifted = np.where(DIRECTIONS, beside, place).reshape(-1, 2)
    candidates = np.concatenate([place[None], shifted])
    gaps = np.abs(candidates[:, None] - occupied[None]) - distances
    free = candidates[(gaps.max(axis=2) >= -1e-9).all(axis=1)]
    nearest: Places = free[np.abs(free - place).sum(axis=1).argmin()]
    return nearest
