"""Shapes of the digit 1: a stem, with or without an upstroke and a base line."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from playground.pretraining.synthetic_handwriting.pen_paths import chain, polyline, spline
from playground.pretraining.synthetic_handwriting.random_pen import PenPath, PenPoint, RandomPen
from playground.pretraining.synthetic_handwriting.shape_registry import shape


def _bar(pen: RandomPen, top: PenPoint) -> PenPath:
    bend = pen.normal(0, 0.025)
    return spline(top, pen.at(bend, 0.5, 0.008), pen.at(0, 1, 0.02))


def _flag(pen: RandomPen, top: PenPoint) -> PenPath:
    """Return the upstroke, from a short tick to a long line, as in much of Europe."""
    drop = pen.uniform(0.08, 0.55)
    reach = np.minimum(drop * pen.choose(0.85, pen.uniform(0.4, 1.1), pen.uniform(1.0, 1.6)), 0.5)
    return polyline(pen.at(-reach, drop, 0.02), top)


def _foot(pen: RandomPen) -> PenPath:
    left, right = pen.uniform(0.0, 0.4), pen.uniform(0.1, 0.45)
    return polyline(pen.at(-left, 1.0, 0.02), pen.at(right, 1.0, 0.02))


@shape(1, 34)
def bare(pen: RandomPen) -> Sequence[PenPath]:
    """Draw a stem only."""
    return [_bar(pen, pen.at(0, 0))]


@shape(1, 40)
def flagged(pen: RandomPen) -> Sequence[PenPath]:
    """Draw an upstroke and a stem in one stroke."""
    top = pen.at(0, 0)
    return [chain(_flag(pen, top), _bar(pen, top))]


@shape(1, 12)
def flagged_and_footed(pen: RandomPen) -> Sequence[PenPath]:
    """Draw an upstroke, a stem and a base line, as in print."""
    top = pen.at(0, 0)
    return [chain(_flag(pen, top), _bar(pen, top)), _foot(pen)]


@shape(1, 3)
def flagged_apart(pen: RandomPen) -> Sequence[PenPath]:
    """Draw an upstroke and a stem as two strokes that need not meet."""
    return [_flag(pen, pen.at(0, 0.02, 0.04)), _bar(pen, pen.at(0, 0))]


@shape(1, 8)
def flag_swung(pen: RandomPen) -> Sequence[PenPath]:
    """Draw an upstroke that turns into the stem without a corner."""
    drop = pen.uniform(0.1, 0.4)
    reach = drop * pen.uniform(0.5, 1.0)
    return [
        chain(
            spline(
                pen.at(-reach, drop),
                pen.at(-reach * 0.35, drop * 0.45),
                pen.at(-0.01, 0.02, 0.01),
            ),
            spline(pen.at(-0.01, 0.02, 0.01), pen.at(0.02, 0.3, 0.02), pen.at(0, 1)),
        )
    ]


@shape(1, 2)
def footed(pen: RandomPen) -> Sequence[PenPath]:
    """Draw a stem with a base line."""
    return [_bar(pen, pen.at(0, 0)), _foot(pen)]


@shape(1, 3)
def flag_like_a_roof(pen: RandomPen) -> Sequence[PenPath]:
    """Draw an upstroke that begins near the bottom, and a stem."""
    top = pen.at(0, 0)
    drop = pen.uniform(0.5, 0.85)
    return [chain(polyline(pen.at(-drop * pen.uniform(0.4, 0.75), drop), top), _bar(pen, top))]
