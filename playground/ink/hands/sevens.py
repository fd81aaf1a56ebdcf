"""Sevens: a top and a stem, with or without a hook, crossed or not."""

from __future__ import annotations

from collections.abc import Sequence

from playground.ink.hands.paths import chained, smooth, straight
from playground.ink.hands.pen import Many, Path, Pen, Place
from playground.ink.hands.shapes import shape


def _top(pen: Pen, corner: Place) -> Path:
    bow = pen.about(0, 0.025)
    return smooth(pen.at(0, pen.about(0.03, 0.04)), pen.at(0.28, 0.02 + bow, 0.01), corner)


def _hooked_top(pen: Pen, corner: Place) -> Path:
    """A tick that comes down first, then the top."""
    left = pen.at(0.0, pen.about(0.03, 0.03))
    tick = pen.at(pen.about(-0.02, 0.03), pen.between(0.1, 0.26))
    return chained(straight(tick, left), smooth(left, pen.at(0.28, 0.02, 0.02), corner))


def _stem(pen: Pen, corner: Place, foot: Many) -> Path:
    bend = pen.about(0.0, 0.07)
    x = (corner[:, 0] + foot) / 2 - 0.03 + bend
    return smooth(corner, pen.at(x, 0.45, 0.015), pen.at(foot, 1.0, 0.02))


def _bar(pen: Pen, corner: Place, foot: Many) -> Path:
    """Crosses the stem at about half its height."""
    y = pen.about(0.48, 0.06)
    x = corner[:, 0] + (foot - corner[:, 0]) * y
    tilt = pen.about(-0.01, 0.05)
    left, right = pen.between(0.08, 0.36), pen.between(0.08, 0.36)
    return straight(pen.at(x - left, y - tilt, 0.015), pen.at(x + right, y + tilt, 0.015))


def _corner(pen: Pen) -> Place:
    return pen.at(pen.between(0.42, 0.72), pen.about(0.02, 0.03))


def _foot(pen: Pen) -> Many:
    return pen.between(-0.05, 0.45)


@shape(7, 40)
def plain(pen: Pen) -> Sequence[Path]:
    """Top and stem."""
    corner = _corner(pen)
    return [chained(_top(pen, corner), _stem(pen, corner, _foot(pen)))]


@shape(7, 32)
def crossed(pen: Pen) -> Sequence[Path]:
    """With a bar through the stem, as in most of Europe."""
    corner, foot = _corner(pen), _foot(pen)
    return [chained(_top(pen, corner), _stem(pen, corner, foot)), _bar(pen, corner, foot)]


@shape(7, 10)
def hooked(pen: Pen) -> Sequence[Path]:
    """The top begins with a tick."""
    corner = _corner(pen)
    return [chained(_hooked_top(pen, corner), _stem(pen, corner, _foot(pen)))]


@shape(7, 12)
def hooked_and_crossed(pen: Pen) -> Sequence[Path]:
    """A tick and a bar."""
    corner, foot = _corner(pen), _foot(pen)
    return [chained(_hooked_top(pen, corner), _stem(pen, corner, foot)), _bar(pen, corner, foot)]


@shape(7, 8)
def swung(pen: Pen) -> Sequence[Path]:
    """A round shoulder instead of the corner, and a wavy top."""
    wide, foot = pen.between(0.42, 0.7), pen.between(0.05, 0.4)
    return [
        smooth(
            pen.at(0.0, pen.between(0.04, 0.16), 0.02),
            pen.at(wide * 0.3, 0.02, 0.015),
            pen.at(wide * 0.65, 0.06, 0.015),
            pen.at(wide, 0.05, 0.02),
            pen.at((wide + foot) / 2, 0.45, 0.025),
            pen.at(foot, 1.0, 0.02),
        )
    ]


@shape(7, 4)
def swung_and_crossed(pen: Pen) -> Sequence[Path]:
    """A round shoulder and a bar."""
    corner = pen.at(pen.between(0.42, 0.7), 0.1)
    foot = _foot(pen)
    stem = smooth(
        pen.at(0, 0.06), pen.at(corner[:, 0] * 0.55, 0.0, 0.015), corner, pen.at(foot, 1.0)
    )
    return [stem, _bar(pen, corner, foot)]


@shape(7, 14)
def with_a_falling_top(pen: Pen) -> Sequence[Path]:
    """The top begins low at the left and bends over into the stem."""
    wide, foot = pen.between(0.45, 0.75), pen.between(0.1, 0.6)
    bow = smooth(
        pen.at(0.0, pen.between(0.1, 0.28), 0.02),
        pen.at(wide * 0.35, 0.06, 0.02),
        pen.at(wide * 0.8, 0.0, 0.02),
        pen.at(wide, 0.1, 0.02),
        pen.at(wide * 0.6 + foot * 0.4, 0.5, 0.025),
        pen.at(foot, 1.0, 0.02),
    )
    return [bow]
