"""Checks strokes from outside and converts them to arrays."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import islice
from operator import length_hint

import numpy as np
from numpy.typing import ArrayLike, NDArray

from playground.errors import InputError

Stroke = tuple[ArrayLike, ArrayLike]
Polyline = NDArray[np.float64]

MAX_STROKES = 200
MAX_POINTS = 20_000  # minutes of drawing; a picture of so many takes half a second
MAX_COORDINATE = 1_000.0
ADVICE = "Clear the canvas and draw one digit."


def parse_strokes(strokes: Iterable[Stroke]) -> list[Polyline]:
    """
    Check strokes and return each as one array of points.

    Parameters
    ----------
    strokes : iterable of (xs, ys)
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
        1,000 canvases away or more, or if there are more than 200 strokes or 20,000 points.
    """
    if isinstance(strokes, str | bytes) or not hasattr(strokes, "__iter__"):
        raise InputError(f"A drawing is a list of strokes (xs, ys), not {type(strokes).__name__}.")
    drawn = list(islice(strokes, MAX_STROKES + 1))
    if len(drawn) > MAX_STROKES:
        known = length_hint(strokes)
        count = f"{known:,}" if known else f"more than {MAX_STROKES}"
        raise InputError(
            f"The drawing has {count} strokes; at most {MAX_STROKES} can be read. {ADVICE}"
        )
    lines: list[Polyline] = []
    points = 0
    for number, stroke in enumerate(drawn, start=1):
        line = _parse_stroke(number, stroke)
        points += len(line)
        if points > MAX_POINTS:
            raise InputError(
                f"The drawing has more than {MAX_POINTS:,} points, from stroke {number} on; "
                f"no more can be read. {ADVICE}"
            )
        lines.append(line)
    return [line for line in lines if len(line)]


def _parse_stroke(number: int, stroke: Stroke) -> Polyline:
    try:
        xs, ys = stroke
    except (TypeError, ValueError):
        raise InputError(f"Stroke {number} is not a pair of lists (xs, ys).") from None
    for name, values in (("xs", xs), ("ys", ys)):
        if (count := length_hint(values)) > MAX_POINTS:
            raise InputError(
                f"Stroke {number} has {count:,} {name}; "
                f"at most {MAX_POINTS:,} points can be read. {ADVICE}"
            )
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
