"""Fours: open or closed, of one, two or three strokes, tall or with a short crossing bar."""

from __future__ import annotations

from collections.abc import Sequence

from playground.ink.hands.paths import chained, smooth, straight
from playground.ink.hands.pen import Path, Pen
from playground.ink.hands.shapes import shape


@shape(4, 34)
def open_(pen: Pen) -> Sequence[Path]:
    """Down and to the right, then a long stem through it."""
    wide, bar = pen.between(0.4, 0.75), pen.about(0.58, 0.07)
    stem = wide * pen.between(0.62, 0.95)
    corner = pen.at(0, bar)
    left = straight(pen.at(pen.between(0.0, 0.22), pen.between(-0.05, 0.2)), corner)
    across = straight(corner, pen.at(wide * pen.between(1.0, 1.3), bar + pen.about(0, 0.03)))
    down = straight(
        pen.at(stem + pen.about(0.02, 0.03), pen.between(-0.05, 0.35)),
        pen.at(stem + pen.about(-0.02, 0.03), 1.0),
    )
    return [chained(left, across), down]


@shape(4, 22)
def closed(pen: Pen) -> Sequence[Path]:
    """A triangle whose upright side goes on down."""
    wide, bar = pen.between(0.45, 0.8), pen.about(0.66, 0.06)
    stem = wide * pen.between(0.65, 0.9)
    top, corner = pen.at(stem, 0), pen.at(0, bar)
    across = straight(corner, pen.at(wide * pen.between(1.0, 1.25), bar + pen.about(0, 0.03)))
    down = straight(pen.at(stem, 0.0, 0.03), pen.at(stem, 1.0))
    return [chained(straight(top, corner), across), down]


@shape(4, 18)
def with_a_short_bar(pen: Pen) -> Sequence[Path]:
    """A long diagonal, a base to the right, and a short bar that crosses it."""
    wide, base = pen.between(0.5, 0.85), pen.between(0.62, 0.82)
    stem = wide * pen.between(0.5, 0.8)
    corner = pen.at(0, base)
    angle = chained(
        straight(pen.at(wide * pen.between(0.35, 0.75), 0), corner),
        straight(corner, pen.at(wide, base + pen.about(0, 0.03))),
    )
    rise = pen.between(0.12, 0.42)
    return [angle, straight(pen.at(stem + 0.02, base - rise), pen.at(stem, 1.0))]


@shape(4, 12)
def with_a_round_corner(pen: Pen) -> Sequence[Path]:
    """The diagonal turns into a rising base without a corner; a short bar crosses it."""
    wide, base = pen.between(0.5, 0.85), pen.between(0.58, 0.78)
    stem, rise = wide * pen.between(0.5, 0.8), pen.between(0.1, 0.4)
    angle = smooth(
        pen.at(wide * pen.between(0.3, 0.7), 0),
        pen.at(wide * 0.18, base * 0.6, 0.02),
        pen.at(0.0, base * 0.95, 0.02),
        pen.at(wide * 0.3, base, 0.02),
        pen.at(wide, base - pen.between(0.0, 0.15)),
    )
    return [angle, straight(pen.at(stem + 0.03, base - rise), pen.at(stem, 1.0))]


@shape(4, 14)
def like_a_y(pen: Pen) -> Sequence[Path]:
    """A cup at the left that joins the stem."""
    wide, cup = pen.between(0.38, 0.65), pen.between(0.48, 0.66)
    joint = pen.at(wide, cup - 0.05, 0.03)
    left = smooth(
        pen.at(0.03, pen.between(-0.03, 0.12)),
        pen.at(0.0, cup * 0.7),
        pen.at(wide * 0.4, cup + 0.02),
        joint,
    )
    return [left, straight(pen.at(wide + 0.02, pen.between(-0.05, 0.12)), pen.at(wide, 1.0))]


@shape(4, 6)
def like_a_y_without_lifting(pen: Pen) -> Sequence[Path]:
    """The cup runs up to the right and the stem comes down from there."""
    wide, cup = pen.between(0.38, 0.65), pen.between(0.45, 0.62)
    top = pen.at(wide, pen.between(-0.05, 0.2))
    left = smooth(
        pen.at(0.03, pen.between(0.0, 0.12)),
        pen.at(0.0, cup * 0.75),
        pen.at(wide * 0.45, cup),
        pen.at(wide * 0.9, cup * 0.6),
        top,
    )
    return [chained(left, straight(top, pen.at(wide - 0.03, 1.0)))]


@shape(4, 8)
def closed_without_lifting(pen: Pen) -> Sequence[Path]:
    """The base swings up to the top and the stem comes down."""
    wide, base = pen.between(0.45, 0.75), pen.about(0.64, 0.05)
    top, corner = pen.at(wide * 0.75, 0), pen.at(0, base)
    end = pen.at(wide * 1.1, base)
    turn = smooth(end, pen.at(wide * 1.1, base - 0.2), pen.at(wide * 0.78, 0.05))
    return [
        chained(straight(top, corner, end), turn, straight(turn[:, -1], pen.at(wide * 0.72, 1.0)))
    ]
