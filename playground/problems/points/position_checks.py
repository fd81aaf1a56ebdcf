"""Checks of positions and labels of points that users give."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from playground.errors import InputError
from playground.problems.points.cloud_registry import PLANE_EDGE
from playground.problems.problem import Floats

MAX_CLASSES = 12
MAX_NUMBERS = 1_000_000
"""Far more than any set of points holds."""


def check_positions(position: npt.ArrayLike) -> Floats:
    """Return positions as an array (n, 2), moved to the edge if outside the plane.

    Raises
    ------
    InputError
        If they are not pairs of finite numbers, shape (2,) or (n, 2).
    """
    places = np.atleast_2d(_numbers(position, "A position"))
    if places.ndim != 2 or places.shape[1] != 2:
        raise InputError(f"A position has 2 coordinates, not the shape {places.shape}.")
    return np.clip(places, -PLANE_EDGE, PLANE_EDGE).astype(np.float32)


def check_labels(label: npt.ArrayLike, regression: bool) -> npt.NDArray[np.float64]:
    """Return labels as an array of numbers, after checking their range.

    Raises
    ------
    InputError
        If one is not from -1 to 1 in regression, or not a whole number from 0 to 11 otherwise.
    """
    labels = _numbers(label, "A label")
    if regression:
        wrong, right = np.abs(labels) > 1, "a value from -1 to 1"
    else:
        wrong, right = (
            ~np.isin(labels, np.arange(MAX_CLASSES)),
            f"a class from 0 to {MAX_CLASSES - 1}",
        )
    if wrong.any():
        raise InputError(f"A point can't have the label {labels[wrong].flat[0]:g}; give {right}.")
    return labels


def _numbers(given: npt.ArrayLike, what: str) -> npt.NDArray[np.float64]:
    if np.size(given) > MAX_NUMBERS:
        # A view may repeat one number a billion times; as numbers of its own it fills the memory.
        raise InputError(f"{what}: {np.size(given):,} numbers are too many.")
    try:
        numbers = np.asarray(given, np.float64)
    except (TypeError, ValueError):
        raise InputError(f"{what} must be numbers, not {given!r}.") from None
    if not np.isfinite(numbers).all():
        raise InputError(f"{what} must be finite numbers, not {given!r}.")
    return numbers
