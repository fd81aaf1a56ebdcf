"""Reading order of boxes: lines from top to bottom, each from left to right, also uphill."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from playground.ink.photos.marks import Ints

__all__ = ["reading_order"]

MIN_OVERLAP = 0.5  # of the lower box: the heights that neighbours in a line share
MAX_SLOPE = 0.4  # steeper lines are not read


def reading_order(boxes: Ints) -> list[int]:
    """Return the indices of boxes (n, 4) in reading order.

    A line takes all boxes that reach the middle of its topmost one. Before, the slope of the
    lines is removed: the median slope from each box to its neighbour on the right.
    """
    middles = (boxes[:, :2] + boxes[:, 2:]) / 2
    rise = _slope(boxes, middles) * middles[:, 0]
    tops, centres = boxes[:, 1] - rise, middles[:, 1] - rise
    rest = np.argsort(tops, kind="stable")
    ordered: list[int] = []
    while len(rest):
        in_line = tops[rest] < centres[rest[0]]
        line = rest[in_line]
        ordered += line[np.argsort(boxes[line, 0], kind="stable")].tolist()
        rest = rest[~in_line]
    return ordered


def _slope(boxes: Ints, middles: npt.NDArray[np.float64]) -> float:
    """Return the median slope from each box to the nearest one on its right at its height."""
    top, bottom = boxes[:, 1], boxes[:, 3]
    shared = np.minimum(bottom[:, None], bottom) - np.maximum(top[:, None], top)
    lower = np.minimum((bottom - top)[:, None], bottom - top)
    right, down = (middles[None, :, axis] - middles[:, None, axis] for axis in (0, 1))
    distance = np.where((right > 0) & (shared >= MIN_OVERLAP * lower), right, np.inf)
    first = np.flatnonzero(np.isfinite(distance.min(axis=1, initial=np.inf)))
    if not len(first):
        return 0.0
    nearest = distance[first].argmin(axis=1)
    slope = float(np.median(down[first, nearest] / right[first, nearest]))
    return float(np.clip(slope, -MAX_SLOPE, MAX_SLOPE))
