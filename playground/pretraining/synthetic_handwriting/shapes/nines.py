"""Shapes of the digit 9: a loop and a straight, slanted or curled stem."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from playground.pretraining.synthetic_handwriting.pen_paths import chain, spline
from playground.pretraining.synthetic_handwriting.random_pen import (
    PenPath,
    PenPoint,
    PerWriter,
    RandomPen,
)
from playground.pretraining.synthetic_handwriting.shape_registry import shape


def _loop(pen: RandomPen, joint: PenPoint, wide: PerWriter, low: PerWriter) -> PenPath:
    """Return the loop, from the upper right around the left side and back to the joint."""
    return spline(
        pen.at(wide * pen.uniform(0.6, 1.0), pen.uniform(0.0, 0.2), 0.02),
        pen.at(wide * 0.45, 0.0, 0.02),
        pen.at(0.0, low * 0.52, 0.025),
        pen.at(wide * 0.42, low, 0.02),
        pen.at(wide * 0.85, low * 0.68, 0.025),
        joint,
    )


@shape(9, 36)
def straight_stemmed(pen: RandomPen) -> Sequence[PenPath]:
    """Draw a loop and a straight stem."""
    wide, low = pen.uniform(0.32, 0.66), pen.uniform(0.36, 0.68)
    joint = pen.at(wide, pen.uniform(0.02, 0.2))
    bend, foot = pen.normal(0, 0.02), wide + pen.normal(-0.06, 0.1)
    stem = spline(joint, pen.at((wide + foot) / 2 + bend, 0.5, 0.01), pen.at(foot, 1.0))
    return [chain(_loop(pen, joint, wide, low), stem)]


@shape(9, 30)
def curled(pen: RandomPen) -> Sequence[PenPath]:
    """Draw a 9 whose stem bends to the left at the bottom, as in a g."""
    wide, low = pen.uniform(0.36, 0.64), pen.uniform(0.38, 0.56)
    joint = pen.at(wide, pen.uniform(0.04, 0.2))
    stem = spline(
        joint,
        pen.at(wide * pen.uniform(0.95, 1.1), 0.5, 0.02),
        pen.at(wide * 0.88, 0.8, 0.025),
        pen.at(wide * 0.45, 1.0, 0.02),
        pen.at(pen.normal(0.0, 0.06), pen.uniform(0.78, 0.98), 0.03),
    )
    return [chain(_loop(pen, joint, wide, low), stem)]


@shape(9, 12)
def slanted(pen: RandomPen) -> Sequence[PenPath]:
    """Draw a 9 with a slanted stem that leaves the loop without a corner."""
    wide, low = pen.uniform(0.36, 0.6), pen.uniform(0.36, 0.52)
    return [
        spline(
            pen.at(wide * 0.95, pen.uniform(0.1, 0.26), 0.02),
            pen.at(wide * 0.5, 0.0, 0.02),
            pen.at(0.0, low * 0.55, 0.025),
            pen.at(wide * 0.35, low, 0.02),
            pen.at(wide * 0.9, low * 0.6, 0.025),
            pen.at(wide * 0.98, low * 0.7, 0.02),
            pen.at(wide * 0.8, 0.6, 0.025),
            pen.at(wide * pen.uniform(0.1, 0.6), 1.0, 0.02),
        )
    ]


@shape(9, 10)
def from_the_top(pen: RandomPen) -> Sequence[PenPath]:
    """Draw a 9 as an inverted 6: loop and stem in one smooth curve."""
    wide, low = pen.uniform(0.4, 0.66), pen.uniform(0.4, 0.58)
    return [
        spline(
            pen.at(wide * 0.95, low * pen.uniform(0.55, 0.95)),
            pen.at(wide * 0.45, low, 0.02),
            pen.at(0.0, low * 0.55, 0.025),
            pen.at(wide * 0.45, 0.0, 0.02),
            pen.at(wide, 0.32, 0.025),
            pen.at(wide * 0.85, 0.7, 0.025),
            pen.at(wide * pen.uniform(0.0, 0.7), 1.0, 0.03),
        )
    ]


@shape(9, 12)
def of_two_strokes(pen: RandomPen) -> Sequence[PenPath]:
    """Draw an oval and a stem that touches or nearly touches it."""
    wide, low = pen.uniform(0.32, 0.58), pen.uniform(0.36, 0.54)
    angles = np.linspace(0, 1, 8) * 0.94 - 0.1
    round_ = spline(
        *(
            pen.at(
                wide * (0.5 + 0.5 * np.cos(2 * np.pi * a)),
                low * (0.5 - 0.5 * np.sin(-2 * np.pi * a)),
                0.015,
            )
            for a in angles
        )
    )
    top = pen.at(wide + pen.normal(0.0, 0.03), pen.uniform(-0.06, 0.2))
    curl = pen.choose(0.4, pen.uniform(0.1, 0.45), 0.0)
    stem = spline(
        top, pen.at(wide, 0.5, 0.015), pen.at(wide - curl * 0.25, 0.85), pen.at(wide - curl, 1.0)
    )
    return [round_, stem]


@shape(9, 10)
def with_a_wide_tail(pen: RandomPen) -> Sequence[PenPath]:
    """Draw a small loop and a tail that ends far to the left."""
    wide, low = pen.uniform(0.3, 0.5), pen.uniform(0.26, 0.42)
    out = pen.uniform(0.0, 0.25)
    joint = pen.at(wide, pen.uniform(0.02, 0.14))
    tail = spline(
        joint,
        pen.at(wide + out * 0.7, 0.42, 0.02),
        pen.at(wide + out * 0.6, 0.78, 0.025),
        pen.at(wide * 0.4, 1.0, 0.02),
        pen.at(-pen.uniform(0.0, 0.25), pen.uniform(0.82, 1.0), 0.03),
    )
    return [chain(_loop(pen, joint, wide, low), tail)]
