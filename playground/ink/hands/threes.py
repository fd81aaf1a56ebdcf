"""Threes: two bows, round or with a flat top, meeting in a point, a loop or a swing."""

from __future__ import annotations

from collections.abc import Sequence

from playground.ink.hands.paths import chained, smooth, straight
from playground.ink.hands.pen import Many, Path, Pen, Place
from playground.ink.hands.shapes import shape


def _lower(pen: Pen, waist: Place, wide: Many) -> Path:
    """From the waist round the lower bow to its end at the left."""
    return smooth(
        waist,
        pen.at(wide * 0.85, 0.54, 0.02),
        pen.at(wide * pen.between(0.95, 1.15), 0.74, 0.025),
        pen.at(wide * 0.55, 0.98, 0.02),
        pen.at(pen.about(0.02, 0.05), pen.between(0.8, 1.0), 0.03),
    )


def _upper(pen: Pen, waist: Place, wide: Many) -> Path:
    return smooth(
        pen.at(pen.about(0.05, 0.04), pen.between(0.02, 0.22), 0.03),
        pen.at(wide * 0.55, 0.0, 0.02),
        pen.at(wide * pen.between(0.8, 1.0), 0.2, 0.025),
        pen.at(wide * 0.7, 0.38, 0.02),
        waist,
    )


@shape(3, 60)
def pointed(pen: Pen) -> Sequence[Path]:
    """Two bows that meet in a point."""
    wide = pen.between(0.4, 0.75)
    waist = pen.at(wide * pen.between(0.1, 0.62), pen.about(0.45, 0.03))
    return [chained(_upper(pen, waist, wide), _lower(pen, waist, wide))]


@shape(3, 14)
def flat_topped(pen: Pen) -> Sequence[Path]:
    """A straight top and a diagonal, then the bow."""
    wide = pen.between(0.42, 0.72)
    corner = pen.at(wide * pen.between(0.85, 1.05), 0.02)
    waist = pen.at(wide * pen.between(0.25, 0.55), pen.about(0.4, 0.03))
    top = straight(pen.at(pen.about(0.02, 0.04), pen.about(0.03, 0.02)), corner, waist)
    return [chained(top, _lower(pen, waist, wide))]


@shape(3, 14)
def looped(pen: Pen) -> Sequence[Path]:
    """A small loop at the waist."""
    wide, loop = pen.between(0.42, 0.75), pen.between(0.03, 0.1)
    return [
        smooth(
            pen.at(0.03, pen.between(0.04, 0.22), 0.03),
            pen.at(wide * 0.55, 0.0, 0.02),
            pen.at(wide * 0.9, 0.2, 0.025),
            pen.at(wide * 0.6, 0.44, 0.015),
            pen.at(wide * 0.42 - loop, 0.5, 0.012),
            pen.at(wide * 0.42 - loop * 0.4, 0.5 - loop, 0.012),
            pen.at(wide * 0.75, 0.51, 0.015),
            pen.at(wide * 1.03, 0.74, 0.025),
            pen.at(wide * 0.5, 0.99, 0.02),
            pen.at(pen.about(0.0, 0.05), pen.between(0.8, 0.98), 0.03),
        )
    ]


@shape(3, 8)
def swung(pen: Pen) -> Sequence[Path]:
    """One swing: the waist is only a dent."""
    wide = pen.between(0.4, 0.7)
    return [
        smooth(
            pen.at(0.03, pen.between(0.04, 0.18), 0.03),
            pen.at(wide * 0.6, 0.0, 0.02),
            pen.at(wide * 0.9, 0.2, 0.025),
            pen.at(wide * pen.between(0.35, 0.7), 0.46, 0.02),
            pen.at(wide * 1.0, 0.72, 0.025),
            pen.at(wide * 0.5, 1.0, 0.02),
            pen.at(pen.about(0, 0.05), pen.between(0.82, 0.98), 0.03),
        )
    ]


@shape(3, 8)
def with_a_tongue(pen: Pen) -> Sequence[Path]:
    """A stroke goes in to the left between two open bows."""
    wide = pen.between(0.4, 0.7)
    tip = pen.at(wide * pen.between(-0.05, 0.3), pen.about(0.48, 0.03))
    upper = smooth(
        pen.at(pen.about(0.0, 0.04), pen.between(0.0, 0.12), 0.02),
        pen.at(wide * 0.65, 0.0, 0.02),
        pen.at(wide * 0.95, 0.22, 0.02),
        pen.at(wide * 0.6, 0.42, 0.015),
        tip,
    )
    lower = smooth(
        tip,
        pen.at(wide * 0.65, 0.52, 0.015),
        pen.at(wide, 0.72, 0.025),
        pen.at(wide * pen.between(0.4, 0.75), 0.95, 0.02),
        pen.at(pen.about(0.0, 0.06), pen.between(0.92, 1.05), 0.02),
    )
    return [chained(upper, lower)]
