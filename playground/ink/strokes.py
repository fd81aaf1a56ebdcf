"""Checks strokes from outside and converts them to arrays."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import ArrayLike, NDArray

from playground.errors import InputError

Stroke = tuple[ArrayLike, ArrayLike]
Polyline = NDArray[np.float64]

MAX_POINTS = 100_000
MAX_COORDINATE = 1_000.0


def parse_strokes(strokes: Sequence[Stroke]) -> list[Polyline]:
    """
    Check strokes and return each as one array of points.

    Parameters
    ----------
    strokes : sequence of (xs, ys)
        Pen strokes on a unit canvas, y downwards. Points may lie outside the canvas and a stroke
        may be a single point; strokes without points are left out.

    Returns
    -------
    list of float64 array (n, 2)
        The points (x, y) of each stroke, n ≥ 1.

    Raises
    ------
    InputError
        If a stroke is no pair of equally long lists of finite numbers, if a point lies
        1,000 canvases away or more, or if there are more than 100,000 points.
    """
    if isinstance(strokes, str | bytes) or not hasattr(strokes, "__iter__"):
        raise InputError(f"A drawing is a list of strokes (xs, ys), not {type(strokes).__name__}.")
    lines = [_parse_stroke(number, stroke) for number, stroke in enumerate(strokes, start=1)]
    points = sum(map(len, lines))
    if points > MAX_POINTS:
        raise InputError(
            f"The drawing has {points:,} points; at most {MAX_POINTS:,} can be read. "
            "Clear the canvas and draw one digit."
        )
    return [line for line in lines if len(line)]


def _parse_stroke(number: int, stroke: Stroke) -> Polyline:
    try:
        xs, ys = stroke
    except (TypeError, ValueError):
        raise InputError(f"Stroke {number} is not a pair of lists (xs, ys).") from None
    x, y = _coordinates(number, "xs", xs), _coordinates(number, "ys", ys)
    if len(x) != len(y):
        raise InputError(
            f"Stroke {number} has {len(x)} xs but {len(y)} ys; each point needs one of each."
        )
    return np.column_stack([x, y])


def _coordinates(number: int, name: str, values: ArrayLike) -> NDArray[np.float64]:
    try:
        array = np.asarray(values)
        numeric = array.size == 0 or array.dtype.kind in "fiub"
        array = array.astype(np.float64) if numeric else array
    except (TypeError, ValueError, OverflowError):
        numeric = False
    if not numeric or array.ndim != 1:
        raise InputError(f"The {name} of stroke {number} must be a list of plain numbers.")
    if not np.isfinite(array).all():
        raise InputError(f"The {name} of stroke {number} hold a value that is not finite.")
    if array.size and np.abs(array).max() >= MAX_COORDINATE:
        raise InputError(
            f"The {name} of stroke {number} reach {np.abs(array).max():.3g}; "
            "the canvas goes from 0 to 1."
        )
    return array
