"""Several digits drawn beside each other: which strokes make up each."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from playground.ink.stray_taps import remove_taps
from playground.ink.strokes import Polyline

MIN_GAP = 0.08  # of the drawing's height: white all the way down between two digits
MIN_HEIGHT = 0.5  # of the drawing's height: what is lower is part of a digit, or a slip of the pen


def split_side_by_side(lines: Sequence[Polyline]) -> list[list[Polyline]]:
    """
    Part strokes into what stands clear of each other from left to right.

    Parameters
    ----------
    lines : sequence of float64 array (n, 2)
        Strokes, y downwards. Taps away from the drawing are left out.

    Returns
    -------
    list of list of float64 array (n, 2)
        From left to right the strokes of each digit; no more than one if a part is too low for a
        digit by itself.
    """
    kept = sorted(remove_taps(lines), key=lambda line: float(line[:, 0].min())) if lines else []
    if not kept:
        return []
    height = float(np.ptp(np.concatenate(kept)[:, 1]))
    groups = [[kept[0]]]
    for line in kept[1:]:
        edge = max(float(other[:, 0].max()) for other in groups[-1])
        if line[:, 0].min() > edge + MIN_GAP * height:
            groups.append([line])
        else:
            groups[-1].append(line)
    tall = all(np.ptp(np.concatenate(group)[:, 1]) >= MIN_HEIGHT * height for group in groups)
    return groups if tall else [kept]
