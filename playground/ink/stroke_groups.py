"""Groups the strokes of digits that were drawn apart: side by side, or one above the other."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from playground.ink.stray_taps import remove_taps
from playground.ink.strokes import Polyline

MIN_GAPS = 0.08, 0.04  # of the drawing's height: the empty column, or row, between two digits
MIN_SIZE = 0.3  # of the largest group: smaller ones are parts of a digit, or slips


def split_at_gaps(lines: Sequence[Polyline]) -> list[list[Polyline]]:
    """
    Split strokes into groups with gaps between them.

    Parameters
    ----------
    lines : sequence of float64 array (n, 2)
        Strokes, y downwards. Taps away from the drawing are left out.

    Returns
    -------
    list of list of float64 array (n, 2)
        The strokes of each digit from left to right, else from top to bottom; a single group if
        one would be too small for a digit.
    """
    strokes = remove_taps(lines) if lines else []
    if not strokes:
        return []
    height = float(np.ptp(np.concatenate(strokes)[:, 1]))
    for axis, gap in enumerate(MIN_GAPS):
        groups = _split_along(axis, strokes, gap * height)
        sizes = [float(np.ptp(np.concatenate(group), axis=0).max()) for group in groups]
        if len(groups) > 1 and min(sizes) >= MIN_SIZE * max(sizes):
            return groups
    return [strokes]


def _split_along(axis: int, strokes: Sequence[Polyline], gap: float) -> list[list[Polyline]]:
    """Return groups that are more than `gap` apart in x (axis 0) or y (axis 1), in that order."""
    groups: list[list[Polyline]] = []
    end = -np.inf  # of the last group, and of all before it
    for line in sorted(strokes, key=lambda line: float(line[:, axis].min())):
        if line[:, axis].min() > end + gap:
            groups.append([])
        groups[-1].append(line)
        end = max(end, float(line[:, axis].max()))
    return groups
