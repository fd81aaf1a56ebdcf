"""Shapes of the digit 3: two arcs that meet in a point, a loop or a smooth curve."""

from __future__ import annotations

from collections.abc import Sequence

from playground.pretraining.synthetic_handwriting.pen_paths import chain, polyline, spline
from playground.pretraining.synthetic_handwriting.random_pen import (
    PenPath,
    PenPoint,
    PerWriter,
    RandomPen,
)
from playground.pretraining.synthetic_handwriting.shape_registry import shape


def _lower(pen: RandomPen, waist: PenPoint, wide: PerWriter) -> PenPath:
    """Return the lower arc, from the waist to its end at the left."""
    return spline(
        waist,
        pen.at(wide * 0.85, 0.54, 0.02),
        pen.at(wide * pen.uniform(0.95, 1.15), 0.74, 0.025),
        pen.at(wide * 0.55, 0.98, 0.02),
        pen.at(pen.normal(0.02, 0.05), pen.uniform(0.8, 1.0), 0.03),
    )


def _upper(pen: RandomPen, waist: PenPoint, wide: PerWriter) -> PenPath:
    return spline(
        pen.at(pen.normal(0.05, 0.04), pen.uniform(0.02, 0.22), 0.03),
        pen.at(wide * 0.55, 0.0, 0.02),
        pen.at(wide * pen.uniform(0.8, 1.0), 0.2, 0.025),
        pen.at(wide * 0.7, 0.38, 0.02),
        waist,
    )


@shape(3, 60)
def pointed(pen: RandomPen) -> Sequence[PenPath]:
    """Draw two arcs that meet in a point."""
    wide = pen.uniform(0.4, 0.75)
    waist = pen.at(wide * pen.uniform(0.1, 0.62), pen.normal(0.45, 0.03))
    return [chain(_upper(pen, waist, wide), _lower(pen, waist, wide))]


@shape(3, 14)
def flat_topped(pen: RandomPen) -> Sequence[PenPath]:
    """Draw a straight top, a diagonal and the lower arc."""
    wide = pen.uniform(0.42, 0.72)
    corner = pen.at(wide * pen.uniform(0.85, 1.05), 0.02)
    waist = pen.at(wide * pen.uniform(0.25, 0.55), pen.normal(0.4, 0.03))
    top = polyline(pen.at(pen.normal(0.02, 0.04), pen.normal(0.03, 0.02)), corner, waist)
    return [chain(top, _lower(pen, waist, wide))]


@shape(3, 14)
def looped(pen: RandomPen) -> Sequence[PenPath]:
    """Draw a 3 with a small loop at the waist."""
    wide, loop = pen.uniform(0.42, 0.75), pen.uniform(0.03, 0.1)
    return [
        spline(
            pen.at(0.03, pen.uniform(0.04, 0.22), 0.03),
            pen.at(wide * 0.55, 0.0, 0.02),
            pen.at(wide * 0.9, 0.2, 0.025),
            pen.at(wide * 0.6, 0.44, 0.015),
            pen.at(wide * 0.42 - loop, 0.5, 0.012),
            pen.at(wide * 0.42 - loop * 0.4, 0.5 - loop, 0.012),
            pen.at(wide * 0.75, 0.51, 0.015),
            pen.at(wide * 1.03, 0.74, 0.025),
            pen.at(wide * 0.5, 0.99, 0.02),
            pen.at(pen.normal(0.0, 0.05), pen.uniform(0.8, 0.98), 0.03),
        )
    ]


@shape(3, 8)
def swung(pen: RandomPen) -> Sequence[PenPath]:
    """Draw a 3 as one smooth curve, with a shallow waist."""
    wide = pen.uniform(0.4, 0.7)
    return [
        spline(
            pen.at(0.03, pen.uniform(0.04, 0.18), 0.03),
            pen.at(wide * 0.6, 0.0, 0.02),
            pen.at(wide * 0.9, 0.2, 0.025),
            pen.at(wide * pen.uniform(0.35, 0.7), 0.46, 0.02),
            pen.at(wide * 1.0, 0.72, 0.025),
            pen.at(wide * 0.5, 1.0, 0.02),
            pen.at(pen.normal(0, 0.05), pen.uniform(0.82, 0.98), 0.03),
        )
    ]


@shape(3, 8)
def with_a_tongue(pen: RandomPen) -> Sequence[PenPath]:
    """Draw two open arcs with a tip that points to the left between them."""
    wide = pen.uniform(0.4, 0.7)
    tip = pen.at(wide * pen.uniform(-0.05, 0.3), pen.normal(0.48, 0.03))
    upper = spline(
        pen.at(pen.normal(0.0, 0.04), pen.uniform(0.0, 0.12), 0.02),
        pen.at(wide * 0.65, 0.0, 0.02),
        pen.at(wide * 0.95, 0.22, 0.02),
        pen.at(wide * 0.6, 0.42, 0.015),
        tip,
    )
    lower = spline(
        tip,
        pen.at(wide * 0.65, 0.52, 0.015),
        pen.at(wide, 0.72, 0.025),
        pen.at(wide * pen.uniform(0.4, 0.75), 0.95, 0.02),
        pen.at(pen.normal(0.0, 0.06), pen.uniform(0.92, 1.05), 0.02),
    )
    return [chain(upper, lower)]
