"""Shapes of the digit 8: one crossing line or two ovals, closed or open at the top."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from playground.pretraining.synthetic_handwriting.pen_paths import arc, spline
from playground.pretraining.synthetic_handwriting.random_pen import PenPath, RandomPen
from playground.pretraining.synthetic_handwriting.shape_registry import shape


@shape(8, 60)
def crossing(pen: RandomPen) -> Sequence[PenPath]:
    """Draw an S and back, from the upper right, closed or nearly closed."""
    up, low = pen.uniform(0.17, 0.34), pen.uniform(0.2, 0.38)
    waist = pen.normal(0.46, 0.04)
    return [
        spline(
            pen.at(up * pen.uniform(0.2, 1.0), pen.uniform(0.0, 0.14), 0.03),
            pen.at(0.0, 0.0, 0.02),
            pen.at(-up, waist * 0.42, 0.025),
            pen.at(0.0, waist, 0.02),
            pen.at(low, 0.75, 0.025),
            pen.at(0.0, 1.0, 0.02),
            pen.at(-low, 0.76, 0.025),
            pen.at(0.0, waist + 0.03, 0.025),
            pen.at(up, waist * 0.42, 0.025),
            pen.at(up * pen.uniform(0.0, 0.9), pen.uniform(-0.02, 0.1), 0.03),
        )
    ]


@shape(8, 14)
def begun_at_the_waist(pen: RandomPen) -> Sequence[PenPath]:
    """Draw the upper and then the lower oval in one stroke, from the waist."""
    up, low = pen.uniform(0.17, 0.34), pen.uniform(0.2, 0.38)
    waist = pen.normal(0.47, 0.04)
    return [
        spline(
            pen.at(0.0, waist, 0.03),
            pen.at(-up, waist * 0.5, 0.02),
            pen.at(0.0, 0.0, 0.02),
            pen.at(up, waist * 0.5, 0.02),
            pen.at(0.0, waist, 0.03),
            pen.at(-low, 0.76, 0.025),
            pen.at(0.0, 1.0, 0.02),
            pen.at(low, 0.74, 0.025),
            pen.at(0.0, waist, 0.04),
        )
    ]


@shape(8, 16)
def of_two_rounds(pen: RandomPen) -> Sequence[PenPath]:
    """Draw two ovals, one above the other."""
    high = pen.uniform(0.19, 0.26)
    low = 0.5 - high
    shift = pen.normal(0, 0.03)
    upper = arc(
        shift, high, pen.uniform(0.15, 0.3), high, pen.normal(-0.2, 0.08), pen.normal(1.0, 0.05)
    )
    lower = arc(
        0,
        2 * high + low + pen.normal(-0.01, 0.025),
        pen.uniform(0.18, 0.36),
        low,
        pen.normal(-0.25, 0.08),
        pen.normal(1.0, 0.05),
    )
    return [upper, lower]


@shape(8, 10)
def open_at_the_top(pen: RandomPen) -> Sequence[PenPath]:
    """Draw an 8 whose two ends stay apart at the upper right."""
    up, low = pen.uniform(0.2, 0.34), pen.uniform(0.2, 0.34)
    return [
        spline(
            pen.at(up * pen.uniform(0.5, 1.1), pen.uniform(0.02, 0.16), 0.02),
            pen.at(-up * 0.1, 0.0, 0.02),
            pen.at(-up, 0.2, 0.025),
            pen.at(0.0, 0.46, 0.025),
            pen.at(low, 0.76, 0.025),
            pen.at(0.0, 1.0, 0.02),
            pen.at(-low * 0.9, 0.78, 0.025),
            pen.at(0.0, 0.5, 0.025),
            pen.at(up * pen.uniform(0.7, 1.3), pen.uniform(0.0, 0.2), 0.03),
        )
    ]


@shape(8, 10)
def like_an_hourglass(pen: RandomPen) -> Sequence[PenPath]:
    """Draw an 8 with straight lines at the crossing."""
    up, low = pen.uniform(0.16, 0.32), pen.uniform(0.16, 0.34)
    return [
        spline(
            pen.at(up * 0.9, pen.uniform(0.04, 0.2), 0.02),
            pen.at(0.0, 0.0, 0.02),
            pen.at(-up, 0.16, 0.025),
            pen.at(0.0, 0.47, 0.03),
            pen.at(low, 0.8, 0.025),
            pen.at(0.0, 1.0, 0.02),
            pen.at(-low, 0.82, 0.025),
            pen.at(0.0, 0.5, 0.03),
            pen.at(up * 0.95, pen.uniform(0.05, 0.22), 0.03),
        )
    ]


@shape(8, 8)
def narrow_waisted(pen: RandomPen) -> Sequence[PenPath]:
    """Draw an 8 with one oval so slim that it is nearly a line."""
    slim, round_ = pen.uniform(0.03, 0.1), pen.uniform(0.18, 0.32)
    first = pen.rng.random(pen.writers) < 0.5
    up, low = np.where(first, slim, round_), np.where(first, round_, slim)
    return [
        spline(
            pen.at(up * 0.7, 0.08, 0.015),
            pen.at(0.0, 0.0, 0.015),
            pen.at(-up, 0.24, 0.015),
            pen.at(0.0, 0.48, 0.015),
            pen.at(low, 0.76, 0.015),
            pen.at(0.0, 1.0, 0.015),
            pen.at(-low, 0.76, 0.015),
            pen.at(0.0, 0.5, 0.015),
            pen.at(up, 0.22, 0.015),
            pen.at(up * 0.4, 0.03, 0.02),
        )
    ]
