"""What a drawing is when a sheet tells of its strokes late: while some of them were taken away."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from playground.ink.strokes import Polyline


def merge_strokes(
    known: Sequence[Polyline], reported: Sequence[Polyline], removed: Sequence[Polyline] = ()
) -> tuple[Polyline, ...]:
    """
    Add to a drawing what a sheet tells that it shows.

    Strokes are only ever added on a sheet. One that it does not show, it has not been told of yet.

    Parameters
    ----------
    known : sequence of float64 array (n, 2)
        The strokes of the drawing. Of one that is under way perhaps only the beginning.
    reported : sequence of float64 array (n, 2)
        The strokes on the sheet. The last one has just been finished, whatever it is.
    removed : sequence of float64 array (n, 2)
        Strokes that have been taken away, and that the sheet may show still.

    Returns
    -------
    tuple of float64 array (n, 2)
        All that is known, as whole as it was told, and then what is new.
    """
    strokes, unmatched, removed_left = list(known), list(range(len(known))), list(removed)
    for number, line in enumerate(reported, start=1):
        if number < len(reported) and (at := index_of_same(line, removed_left)) is not None:
            del removed_left[at]
        elif (at := index_of_same(line, [strokes[place] for place in unmatched])) is not None:
            strokes[unmatched.pop(at)] = line
        else:
            strokes.append(line)
    return tuple(strokes)


def index_of_same(line: Polyline, others: Sequence[Polyline]) -> int | None:
    """Tell which of the others is the same stroke: just the same, or else begun where it was."""
    for number, other in enumerate(others):
        if np.array_equal(line, other):
            return number
    for number, other in enumerate(others):
        if np.array_equal(line[0], other[0]):
            return number
    return None
