"""Shapes of the digit 4: open or closed, in one or two strokes, with a long or short stem."""

from __future__ import annotations

from collections.abc import Sequence

from playground.pretraining.synthetic_handwriting.pen_paths import chain, polyline, spline
from playground.pretraining.synthetic_handwriting.random_pen import PenPath, RandomPen
from playground.pretraining.synthetic_handwriting.shape_registry import shape


@shape(4, 34)
def open_(pen: RandomPen) -> Sequence[PenPath]:
    """Draw an open 4: down and to the right, then a long stem across."""
    wide, bar = pen.uniform(0.4, 0.75), pen.normal(0.58, 0.07)
    stem = wide * pen.uniform(0.62, 0.95)
    corner = pen.at(0, bar)
    left = polyline(pen.at(pen.uniform(0.0, 0.22), pen.uniform(-0.05, 0.2)), corner)
    across = polyline(corner, pen.at(wide * pen.uniform(1.0, 1.3), bar + pen.normal(0, 0.03)))
    down = polyline(
        pen.at(stem + pen.normal(0.02, 0.03), pen.uniform(-0.05, 0.35)),
        pen.at(stem + pen.normal(-0.02, 0.03), 1.0),
    )
    return [chain(left, across), down]


@shape(4, 22)
def closed(pen: RandomPen) -> Sequence[PenPath]:
    """Draw a closed 4: a triangle whose vertical side extends downwards."""
    wide, bar = pen.uniform(0.45, 0.8), pen.normal(0.66, 0.06)
    stem = wide * pen.uniform(0.65, 0.9)
    top, corner = pen.at(stem, 0), pen.at(0, bar)
    across = polyline(corner, pen.at(wide * pen.uniform(1.0, 1.25), bar + pen.normal(0, 0.03)))
    down = polyline(pen.at(stem, 0.0, 0.03), pen.at(stem, 1.0))
    return [chain(polyline(top, corner), across), down]


@shape(4, 18)
def with_a_short_bar(pen: RandomPen) -> Sequence[PenPath]:
    """Draw a long diagonal, a base to the right, and a short stem across it."""
    wide, base = pen.uniform(0.5, 0.85), pen.uniform(0.62, 0.82)
    stem = wide * pen.uniform(0.5, 0.8)
    corner = pen.at(0, base)
    angle = chain(
        polyline(pen.at(wide * pen.uniform(0.35, 0.75), 0), corner),
        polyline(corner, pen.at(wide, base + pen.normal(0, 0.03))),
    )
    rise = pen.uniform(0.12, 0.42)
    return [angle, polyline(pen.at(stem + 0.02, base - rise), pen.at(stem, 1.0))]


@shape(4, 12)
def with_a_round_corner(pen: RandomPen) -> Sequence[PenPath]:
    """Draw a diagonal that curves into a rising base, and a short stem across it."""
    wide, base = pen.uniform(0.5, 0.85), pen.uniform(0.58, 0.78)
    stem, rise = wide * pen.uniform(0.5, 0.8), pen.uniform(0.1, 0.4)
    angle = spline(
        pen.at(wide * pen.uniform(0.3, 0.7), 0),
        pen.at(wide * 0.18, base * 0.6, 0.02),
        pen.at(0.0, base * 0.95, 0.02),
        pen.at(wide * 0.3, base, 0.02),
        pen.at(wide, base - pen.uniform(0.0, 0.15)),
    )
    return [angle, polyline(pen.at(stem + 0.03, base - rise), pen.at(stem, 1.0))]


@shape(4, 14)
def like_a_y(pen: RandomPen) -> Sequence[PenPath]:
    """Draw a cup at the left that joins a stem, as in a y."""
    wide, cup = pen.uniform(0.38, 0.65), pen.uniform(0.48, 0.66)
    joint = pen.at(wide, cup - 0.05, 0.03)
    left = spline(
        pen.at(0.03, pen.uniform(-0.03, 0.12)),
        pen.at(0.0, cup * 0.7),
        pen.at(wide * 0.4, cup + 0.02),
        joint,
    )
    return [left, polyline(pen.at(wide + 0.02, pen.uniform(-0.05, 0.12)), pen.at(wide, 1.0))]


@shape(4, 6)
def like_a_y_without_lifting(pen: RandomPen) -> Sequence[PenPath]:
    """Draw a cup that continues up to the right and into the stem, in one stroke."""
    wide, cup = pen.uniform(0.38, 0.65), pen.uniform(0.45, 0.62)
    top = pen.at(wide, pen.uniform(-0.05, 0.2))
    left = spline(
        pen.at(0.03, pen.uniform(0.0, 0.12)),
        pen.at(0.0, cup * 0.75),
        pen.at(wide * 0.45, cup),
        pen.at(wide * 0.9, cup * 0.6),
        top,
    )
    return [chain(left, polyline(top, pen.at(wide - 0.03, 1.0)))]


@shape(4, 8)
def closed_without_lifting(pen: RandomPen) -> Sequence[PenPath]:
    """Draw a closed 4 in one stroke: the base curves up to the top and into the stem."""
    wide, base = pen.uniform(0.45, 0.75), pen.normal(0.64, 0.05)
    top, corner = pen.at(wide * 0.75, 0), pen.at(0, base)
    end = pen.at(wide * 1.1, base)
    turn = spline(end, pen.at(wide * 1.1, base - 0.2), pen.at(wide * 0.78, 0.05))
    return [
        chain(polyline(top, corner, end), turn, polyline(turn[:, -1], pen.at(wide * 0.72, 1.0)))
    ]
