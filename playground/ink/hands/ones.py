"""Ones: a bar, with or without a flag, with or without a foot."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from playground.ink.hands.paths import chained, smooth, straight
from playground.ink.hands.pen import Path, Pen, Place
from playground.ink.hands.shapes import shape


def _bar(pen: Pen, top: Place) -> Path:
    bend = pen.about(0, 0.025)
    return smooth(top, pen.at(bend, 0.5, 0.008), pen.at(0, 1, 0.02))


def _flag(pen: Pen, top: Place) -> Path:
    """From a long upstroke, as in much of Europe, to a mere tick."""
    drop = pen.between(0.08, 0.55)
    reach = np.minimum(drop * pen.either(0.85, pen.between(0.4, 1.1), pen.between(1.0, 1.6)), 0.5)
    return straight(pen.at(-reach, drop, 0.02), top)


def _foot(pen: Pen) -> Path:
    left, right = pen.between(0.0, 0.4), pen.between(0.1, 0.45)
    return straight(pen.at(-left, 1.0, 0.02), pen.at(right, 1.0, 0.02))


@shape(1, 34)
def bare(pen: Pen) -> Sequence[Path]:
    """A single stroke."""
    return [_bar(pen, pen.at(0, 0))]


@shape(1, 40)
def flagged(pen: Pen) -> Sequence[Path]:
    """An upstroke, then down."""
    top = pen.at(0, 0)
    return [chained(_flag(pen, top), _bar(pen, top))]


@shape(1, 12)
def flagged_and_footed(pen: Pen) -> Sequence[Path]:
    """As printed: flag, bar and foot."""
    top = pen.at(0, 0)
    return [chained(_flag(pen, top), _bar(pen, top)), _foot(pen)]


@shape(1, 3)
def flagged_apart(pen: Pen) -> Sequence[Path]:
    """Flag and bar as two strokes that need not meet."""
    return [_flag(pen, pen.at(0, 0.02, 0.04)), _bar(pen, pen.at(0, 0))]


@shape(1, 8)
def flag_swung(pen: Pen) -> Sequence[Path]:
    """The upstroke swings into the bar without a corner."""
    drop = pen.between(0.1, 0.4)
    reach = drop * pen.between(0.5, 1.0)
    return [
        chained(
            smooth(
                pen.at(-reach, drop),
                pen.at(-reach * 0.35, drop * 0.45),
                pen.at(-0.01, 0.02, 0.01),
            ),
            smooth(pen.at(-0.01, 0.02, 0.01), pen.at(0.02, 0.3, 0.02), pen.at(0, 1)),
        )
    ]


@shape(1, 2)
def footed(pen: Pen) -> Sequence[Path]:
    """A bar that stands on a foot."""
    return [_bar(pen, pen.at(0, 0)), _foot(pen)]


@shape(1, 3)
def flag_like_a_roof(pen: Pen) -> Sequence[Path]:
    """The upstroke begins near the foot: two long strokes that meet in a point."""
    top = pen.at(0, 0)
    drop = pen.between(0.5, 0.85)
    return [chained(straight(pen.at(-drop * pen.between(0.4, 0.75), drop), top), _bar(pen, top))]
