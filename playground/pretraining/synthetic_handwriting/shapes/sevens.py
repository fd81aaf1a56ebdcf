"""Shapes of the digit 7: a top and a stem, with or without a hook and a crossbar."""

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


def _top(pen: RandomPen, corner: PenPoint) -> PenPath:
    bow = pen.normal(0, 0.025)
    return spline(pen.at(0, pen.normal(0.03, 0.04)), pen.at(0.28, 0.02 + bow, 0.01), corner)


def _hooked_top(pen: RandomPen, corner: PenPoint) -> PenPath:
    """Return the top with a short hook at its left end."""
    left = pen.at(0.0, pen.normal(0.03, 0.03))
    tick = pen.at(pen.normal(-0.02, 0.03), pen.uniform(0.1, 0.26))
    return chain(polyline(tick, left), spline(left, pen.at(0.28, 0.02, 0.02), corner))


def _stem(pen: RandomPen, corner: PenPoint, foot: PerWriter) -> PenPath:
    bend = pen.normal(0.0, 0.07)
    x = (corner[:, 0] + foot) / 2 - 0.03 + bend
    return spline(corner, pen.at(x, 0.45, 0.015), pen.at(foot, 1.0, 0.02))


def _bar(pen: RandomPen, corner: PenPoint, foot: PerWriter) -> PenPath:
    """Return the crossbar, at about half the height of the stem."""
    y = pen.normal(0.48, 0.06)
    x = corner[:, 0] + (foot - corner[:, 0]) * y
    tilt = pen.normal(-0.01, 0.05)
    left, right = pen.uniform(0.08, 0.36), pen.uniform(0.08, 0.36)
    return polyline(pen.at(x - left, y - tilt, 0.015), pen.at(x + right, y + tilt, 0.015))


def _corner(pen: RandomPen) -> PenPoint:
    return pen.at(pen.uniform(0.42, 0.72), pen.normal(0.02, 0.03))


def _foot(pen: RandomPen) -> PerWriter:
    return pen.uniform(-0.05, 0.45)


@shape(7, 40)
def plain(pen: RandomPen) -> Sequence[PenPath]:
    """Draw a top and a stem."""
    corner = _corner(pen)
    return [chain(_top(pen, corner), _stem(pen, corner, _foot(pen)))]


@shape(7, 32)
def crossed(pen: RandomPen) -> Sequence[PenPath]:
    """Draw a 7 with a crossbar, as in most of Europe."""
    corner, foot = _corner(pen), _foot(pen)
    return [chain(_top(pen, corner), _stem(pen, corner, foot)), _bar(pen, corner, foot)]


@shape(7, 10)
def hooked(pen: RandomPen) -> Sequence[PenPath]:
    """Draw a 7 whose top begins with a hook."""
    corner = _corner(pen)
    return [chain(_hooked_top(pen, corner), _stem(pen, corner, _foot(pen)))]


@shape(7, 12)
def hooked_and_crossed(pen: RandomPen) -> Sequence[PenPath]:
    """Draw a 7 with a hook and a crossbar."""
    corner, foot = _corner(pen), _foot(pen)
    return [chain(_hooked_top(pen, corner), _stem(pen, corner, foot)), _bar(pen, corner, foot)]


@shape(7, 8)
def swung(pen: RandomPen) -> Sequence[PenPath]:
    """Draw a 7 with a wavy top and a rounded corner."""
    wide, foot = pen.uniform(0.42, 0.7), pen.uniform(0.05, 0.4)
    return [
        spline(
            pen.at(0.0, pen.uniform(0.04, 0.16), 0.02),
            pen.at(wide * 0.3, 0.02, 0.015),
            pen.at(wide * 0.65, 0.06, 0.015),
            pen.at(wide, 0.05, 0.02),
            pen.at((wide + foot) / 2, 0.45, 0.025),
            pen.at(foot, 1.0, 0.02),
        )
    ]


@shape(7, 4)
def swung_and_crossed(pen: RandomPen) -> Sequence[PenPath]:
    """Draw a 7 with a rounded corner and a crossbar."""
    corner = pen.at(pen.uniform(0.42, 0.7), 0.1)
    foot = _foot(pen)
    stem = spline(
        pen.at(0, 0.06), pen.at(corner[:, 0] * 0.55, 0.0, 0.015), corner, pen.at(foot, 1.0)
    )
    return [stem, _bar(pen, corner, foot)]


@shape(7, 14)
def with_a_falling_top(pen: RandomPen) -> Sequence[PenPath]:
    """Draw a 7 whose top begins low at the left and bends into the stem."""
    wide, foot = pen.uniform(0.45, 0.75), pen.uniform(0.1, 0.6)
    bow = spline(
        pen.at(0.0, pen.uniform(0.1, 0.28), 0.02),
        pen.at(wide * 0.35, 0.06, 0.02),
        pen.at(wide * 0.8, 0.0, 0.02),
        pen.at(wide, 0.1, 0.02),
        pen.at(wide * 0.6 + foot * 0.4, 0.5, 0.025),
        pen.at(foot, 1.0, 0.02),
    )
    return [bow]
