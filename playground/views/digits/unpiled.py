"""Names that do not lie on each other."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from playground.problems.problem import Floats

Places = npt.NDArray[np.float64]

SLACK = 1.001
"""Names keep so many times the distance at which they would touch."""
WAYS = np.array([[-1, 0], [1, 0], [0, -1], [0, 1]])


def unpiled(places: Floats, sizes: Floats) -> Floats:
    """
    Give each box the nearest place, straight beside its own, where it covers none before it.

    Parameters
    ----------
    places : float array (n, 2)
        Their middles.
    sizes : float array (n, 2) or (2,)
        Their widths and heights, in the same unit.

    Returns
    -------
    float32 array (n, 2)
        New middles; those of boxes that touch nothing are as they were.
    """
    wished = np.asarray(places, np.float64).reshape(-1, 2)
    halves = np.broadcast_to(np.asarray(sizes, np.float64) / 2, wished.shape)
    given = np.empty_like(wished)
    for number, (place, half) in enumerate(zip(wished, halves, strict=True)):
        given[number] = _nearest(place, given[:number], SLACK * (halves[:number] + half))
    return given.astype(np.float32)


def _nearest(place: Places, taken: Places, apart: Places) -> Places:
    """Return the nearest free place to one, given how far others must be, each shape (n, 2)."""
    beside = taken[:, None] + WAYS * apart[:, None]
    straight = np.where(WAYS, beside, place).reshape(-1, 2)
    open_ = np.concatenate([place[None], straight])
    gaps = np.abs(open_[:, None] - taken[None]) - apart
    free = open_[(gaps.max(axis=2) >= -1e-9).all(axis=1)]
    nearest: Places = free[np.abs(free - place).sum(axis=1).argmin()]
    return nearest
