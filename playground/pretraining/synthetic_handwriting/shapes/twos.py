"""Shapes of the digit 2: an arc, a diagonal and a base, joined by a corner, loop or curve."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from playground.pretraining.synthetic_handwriting.pen_paths import chain, polyline, spline
from playground.pretraining.synthetic_handwriting.random_pen import (
    PenPath,
    PenPoint,
    PerWriter,
    RandomPen,
)
from playground.pretraining.synthetic_handwriting.shape_registry import shape


def _bow(pen: RandomPen, corner: PenPoint, wide: PerWriter) -> PenPath:
    """Return the arc from the left over the top and down to the corner at the lower left."""
    return spline(
        pen.at(0.02, pen.uniform(0.1, 0.36), 0.03),
        pen.at(wide * 0.48, 0.0, 0.02),
        pen.at(wide, pen.uniform(0.18, 0.32), 0.025),
        pen.at(wide * pen.uniform(0.55, 0.75), pen.uniform(0.52, 0.66), 0.03),
        corner,
    )


def _base(pen: RandomPen, corner: PenPoint, wide: PerWriter) -> PenPath:
    wave = pen.normal(0, 0.03)
    end = pen.at(wide + pen.normal(0.08, 0.1), 1.0 + pen.normal(0.02, 0.07), 0.02)
    middle = (corner + end) / 2 + np.stack([np.zeros_like(wave), wave], axis=-1)
    return spline(corner, middle, end)


@shape(2, 50)
def cornered(pen: RandomPen) -> Sequence[PenPath]:
    """Draw a 2 with a corner at the lower left."""
    wide = pen.uniform(0.4, 0.9)
    corner = pen.at(pen.normal(0, 0.08), pen.normal(0.98, 0.02))
    return [chain(_bow(pen, corner, wide), _base(pen, corner, wide))]


@shape(2, 26)
def looped(pen: RandomPen) -> Sequence[PenPath]:
    """Draw a 2 with a loop at the lower left."""
    wide, loop = pen.uniform(0.4, 0.75), pen.uniform(0.05, 0.17)
    return [
        spline(
            pen.at(0.02, pen.uniform(0.1, 0.36), 0.03),
            pen.at(wide * 0.48, 0.0, 0.02),
            pen.at(wide, pen.uniform(0.18, 0.32), 0.025),
            pen.at(wide * 0.6, 0.62, 0.03),
            pen.at(loop * 0.5, 0.97, 0.015),
            pen.at(-loop * 0.9, 0.98 - loop * 0.4, 0.015),
            pen.at(loop * 0.2, 0.97 - loop * 1.2, 0.015),
            pen.at(wide * 0.55, 0.95, 0.025),
            pen.at(wide + pen.normal(0.08, 0.08), 0.98 + pen.normal(0, 0.05), 0.02),
        )
    ]


@shape(2, 12)
def curled(pen: RandomPen) -> Sequence[PenPath]:
    """Draw a 2 whose arc begins with a curl."""
    wide = pen.uniform(0.45, 0.75)
    corner = pen.at(pen.normal(0, 0.05), pen.normal(0.98, 0.02))
    curl = spline(
        pen.at(wide * 0.28, pen.uniform(0.26, 0.36), 0.02),
        pen.at(wide * 0.06, 0.27, 0.02),
        pen.at(wide * 0.18, 0.06, 0.02),
        pen.at(wide * 0.6, 0.0, 0.02),
        pen.at(wide, 0.26, 0.02),
        pen.at(wide * 0.6, 0.62, 0.03),
        corner,
    )
    return [chain(curl, _base(pen, corner, wide))]


@shape(2, 6)
def angular(pen: RandomPen) -> Sequence[PenPath]:
    """Draw a 2 similar to a Z: a short arc, a straight diagonal and a flat base."""
    wide = pen.uniform(0.4, 0.7)
    corner = pen.at(pen.normal(0, 0.04), 0.98)
    shoulder = pen.at(wide, pen.uniform(0.16, 0.28), 0.02)
    bow = spline(pen.at(0, pen.uniform(0.06, 0.22), 0.03), pen.at(wide * 0.55, 0, 0.02), shoulder)
    return [chain(bow, polyline(shoulder, corner), _base(pen, corner, wide))]


@shape(2, 6)
def swan(pen: RandomPen) -> Sequence[PenPath]:
    """Draw a 2 as one smooth curve, without a corner between diagonal and base."""
    wide = pen.uniform(0.45, 0.75)
    return [
        spline(
            pen.at(0.03, pen.uniform(0.12, 0.3), 0.03),
            pen.at(wide * 0.5, 0.0, 0.02),
            pen.at(wide * 0.95, 0.24, 0.025),
            pen.at(wide * 0.5, 0.65, 0.03),
            pen.at(0.02, 0.95, 0.02),
            pen.at(wide * 0.3, 0.96, 0.02),
            pen.at(wide * pen.uniform(0.95, 1.2), 0.97 + pen.normal(0, 0.05), 0.02),
        )
    ]


@shape(2, 20)
def wide_looped(pen: RandomPen) -> Sequence[PenPath]:
    """Draw a 2 with a loop nearly as large as the arc."""
    wide, loop = pen.uniform(0.45, 0.9), pen.uniform(0.15, 0.42)
    return [
        spline(
            pen.at(wide * pen.uniform(0.0, 0.3), pen.uniform(0.15, 0.55), 0.03),
            pen.at(wide * pen.uniform(-0.05, 0.1), pen.uniform(0.12, 0.3), 0.03),
            pen.at(wide * 0.5, 0.0, 0.02),
            pen.at(wide * 0.95, 0.25, 0.025),
            pen.at(wide * 0.6, 0.75, 0.03),
            pen.at(wide * 0.22, 0.97, 0.02),
            pen.at(0.0, 1.0 - loop * 0.45, 0.02),
            pen.at(wide * 0.22, 1.0 - loop, 0.02),
            pen.at(wide * 0.7, 0.93, 0.025),
            pen.at(wide + pen.uniform(0.0, 0.2), pen.uniform(0.92, 1.08), 0.02),
        )
    ]


@shape(2, 8)
def with_a_small_bow(pen: RandomPen) -> Sequence[PenPath]:
    """Draw a 2 similar to an L: a small arc, a long diagonal and a level or falling base."""
    wide, high = pen.uniform(0.25, 0.45), pen.uniform(0.08, 0.2)
    corner = pen.at(pen.normal(-0.05, 0.05), 0.95)
    bow = spline(
        pen.at(0.05, high, 0.02),
        pen.at(wide * 0.6, 0.0, 0.02),
        pen.at(wide, high, 0.02),
        pen.at(wide * 0.6, 0.5, 0.03),
        corner,
    )
    end = pen.at(pen.uniform(0.4, 0.8), pen.uniform(0.92, 1.12), 0.02)
    return [chain(bow, polyline(corner, end))]
