"""Groups the strokes of digits that were drawn side by side."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from playground.ink.stray_taps import remove_taps
from playground.ink.strokes import Polyline

MIN_GAP = 0.08  # of the drawing's height: the empty column between two digits
MIN_HEIGHT = 0.5  # of the drawing's height: lower groups are parts of a digit, or slips


def split_side_by_side(lines: Sequence[Polyline]) -> list[list[Polyline]]:
    """
    Split strokes into groups with a gap between them, from left to right.

    Parameters
    ----------
    lines : sequence of float64 array (n, 2)
        Strokes, y downwards. Taps away from the drawing are left out.

    Returns
    -------
    list of list of float64 array (n, 2)
        The strokes of each digit from left to right; a single group if one would be too low for a
        digit.
    """
    strokes = sorted(remove_taps(lines), key=lambda line: float(line[:, 0].min())) if lines else []
    if not strokes:
        return []
    height = float(np.ptp(np.concatenate(strokes)[:, 1]))
    groups: list[list[Polyline]] = []
    edge = -np.inf  # the right end of the last group, and of all before it
    for line in strokes:
        if not groups or line[:, 0].min() > edge + MIN_GAP * height:
            groups.append([])
        groups[-1].append(line)
        edge = max(edge, float(line[:, 0].max()))
    tall = all(np.ptp(np.concatenate(group)[:, 1]) >= MIN_HEIGHT * height for group in groups)
    return groups if tall else [strokes]
