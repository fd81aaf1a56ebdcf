"""Pen paths through points, for many writers at once."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from playground.pretraining.synthetic_handwriting.random_pen import PenPath, PenPoint, PerWriter

SPLINE_POINTS = 28  # points of a spline or an arc
LINE_POINTS = 9  # points of a straight line


def polyline(*places: PenPoint) -> PenPath:
    """Return straight lines through points (writers, 2), as (writers, points, 2)."""
    ways = [
        first[:, None] + (last - first)[:, None] * np.linspace(0, 1, LINE_POINTS)[:, None]
        for first, last in pairwise(places)
    ]
    return chain(*ways)


def spline(*places: PenPoint) -> PenPath:
    """Return a smooth curve through two or more points (writers, 2), as (writers, points, 2)."""
    through = np.stack(places, axis=1)
    chords = np.linalg.norm(np.diff(through, axis=1), axis=2).mean(axis=0)
    knots = np.concatenate([[0.0], np.cumsum(np.sqrt(np.maximum(chords, 1e-6)))])
    path: PenPath = np.einsum("pk,hkc->hpc", _spline_weights(knots), through)
    return path


def arc(
    x: PerWriter | float,
    y: PerWriter | float,
    wide: PerWriter | float,
    high: PerWriter | float,
    start: PerWriter | float,
    turn: PerWriter | float,
    drift: PerWriter | float = 0.0,
) -> PenPath:
    """
    Return a piece of an ellipse, or of a spiral if `drift` is not 0.

    Parameters
    ----------
    x, y : float or float array (writers,)
        The centre.
    wide, high : float or float array (writers,)
        The horizontal and the vertical half axis.
    start, turn : float or float array (writers,)
        First angle and angle covered, in turns; 0 is right, 0.25 is down, as y points downwards.
    drift : float or float array (writers,)
        Relative growth of the half axes from start to end.

    Returns
    -------
    float array (writers, points, 2)
    """
    x, y, wide, high, start, turn, drift = (
        np.asarray(value, np.float64).reshape(-1, 1)
        for value in (x, y, wide, high, start, turn, drift)
    )
    along = np.linspace(0, 1, SPLINE_POINTS)
    angle = 2 * np.pi * (start + turn * along)
    size = 1 + drift * along
    return np.stack(
        np.broadcast_arrays(x + wide * size * np.cos(angle), y + high * size * np.sin(angle)),
        axis=-1,
    )


def chain(*paths: PenPath) -> PenPath:
    """Return the concatenation of paths, each of which begins where the previous one ends."""
    return np.concatenate([paths[0], *(path[:, 1:] for path in paths[1:])], axis=1)


def _spline_weights(knots: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return the weights of each place in a natural cubic spline, (points, places)."""
    count = len(knots)
    gaps = np.diff(knots)
    system, bends = np.eye(count), np.zeros((count, count))
    for i in range(1, count - 1):
        before, after = gaps[i - 1], gaps[i]
        system[i, i - 1 : i + 2] = before, 2 * (before + after), after
        bends[i, i - 1 : i + 2] = 6 / before, -6 / before - 6 / after, 6 / after
    second = np.linalg.solve(system, bends)  # second derivatives at each knot, for each place
    t = np.linspace(0, knots[-1], SPLINE_POINTS)
    piece = np.clip(np.searchsorted(knots, t, side="right") - 1, 0, count - 2)
    gap = gaps[piece][:, None]
    right = (t[:, None] - knots[piece][:, None]) / gap
    left = 1 - right
    unit = np.eye(count)
    bent = (left**3 - left) * second[piece] + (right**3 - right) * second[piece + 1]
    weights: NDArray[np.float64] = left * unit[piece] + right * unit[piece + 1] + gap**2 / 6 * bent
    return weights
