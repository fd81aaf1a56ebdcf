"""Log-spaced levels of a loss, and the lines on which it has them."""

from __future__ import annotations

import math
from typing import cast

import numpy as np
import numpy.typing as npt
from contourpy import LineType, contour_generator

from playground.problems.problem import Floats
from playground.views.ticks import format_tick

DECADES = 6.0
"""Powers of ten below the largest loss that are told apart."""
MAX_LEVELS = 12
MIN_LEVELS = 5
FACTORS = ((1,), (1, 3), (1, 2, 5), (1, 1.5, 2, 3, 5, 7))
"""Numbers that are levels, times powers of ten: few or many of them."""
Lines = list[npt.NDArray[np.float64]]
"""Lines, each an array of shape (points, 2)."""


def log_range(loss: Floats) -> tuple[float, float]:
    """Return the base-10 logarithms of the lowest and the highest loss with a colour of its own."""
    known = loss[np.isfinite(loss)]
    if not len(known) or known.max() <= 0:
        return -1.0, 0.0
    high = math.log10(float(known.max()))
    low = math.log10(max(float(known.min()), 10 ** (high - DECADES)))
    return (low, high) if high - low > 1e-6 else (high - 0.5, high + 0.5)


def log_loss(loss: Floats, low: float, high: float) -> Floats:
    """Return logarithms to base ten from `low` to `high`; what is no number counts as `high`."""
    with np.errstate(divide="ignore", invalid="ignore"):
        logs = np.log10(loss)
    logs = np.where(np.isnan(loss), high, logs)
    clipped: Floats = np.clip(logs, low, high).astype(np.float32)
    return clipped


def levels(low: float, high: float) -> list[float]:
    """Return round numbers between two powers of ten, with equal factors between them."""
    found: list[float] = []
    for factors in FACTORS:
        powers = range(math.floor(low), math.ceil(high) + 1)
        found = [
            value
            for power in powers
            for value in (factor * 10.0**power for factor in factors)
            if low < math.log10(value) < high
        ]
        if len(found) >= MIN_LEVELS:
            break
    if len(found) < MIN_LEVELS:
        found = [10.0**each for each in np.linspace(low, high, MIN_LEVELS + 2)[1:-1]]
    return found[:: -(-len(found) // MAX_LEVELS)]


def contour_lines(x: Floats, y: Floats, log10_loss: Floats, levels: list[float]) -> list[Lines]:
    """Return the lines on which a loss has each of some levels.

    Parameters
    ----------
    x : array of shape (columns,)
    y : array of shape (rows,)
    log10_loss : array of shape (rows, columns)
        Its logarithm to base ten; the first row is that of `y[0]`.
    levels : list of float
        Losses, not logarithms.
    """
    generator = contour_generator(x, y, log10_loss, line_type=LineType.Separate)
    # Lines are of this type with `LineType.Separate` only.
    return [cast(Lines, generator.lines(math.log10(level))) for level in levels]


def level_label(value: float) -> str:
    """Write a level on its line."""
    return format_tick(float(f"{value:.2g}"))
