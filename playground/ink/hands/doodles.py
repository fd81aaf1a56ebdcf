"""Doodles: scribbles, spirals, faces, and digits that cannot be read any more."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np

from playground.ink.hands.paths import arc, smooth, straight
from playground.ink.hands.pen import Path, Pen, Place
from playground.ink.hands.shapes import of_digits, shape


def _anywhere(pen: Pen, places: int) -> list[Place]:
    return [pen.at(pen.between(0, 1), pen.between(0, 1)) for _ in range(places)]


def _scribble(way: Callable[..., Path], places: int) -> None:
    """Register a line through as many places, anywhere."""

    @shape(None, 1)
    def draw(pen: Pen) -> Sequence[Path]:
        return [way(*_anywhere(pen, places))]


for _places in (6, 8, 11, 15):
    _scribble(straight, _places)
    _scribble(smooth, _places)


@shape(None, 2)
def zigzag(pen: Pen) -> Sequence[Path]:
    """To and fro, as one shades a field."""
    swings = 9
    slope = pen.about(0, 0.15)
    return [
        straight(
            *(
                pen.at(i / swings, 0.5 + (0.4 + slope) * (-1) ** i * pen.between(0.6, 1), 0.03)
                for i in range(swings)
            )
        )
    ]


@shape(None, 2)
def blob(pen: Pen) -> Sequence[Path]:
    """A field filled with ink."""
    rows = 12
    wide = pen.between(0.4, 1.0)
    return [
        straight(
            *(pen.at(wide * (i % 2) * pen.between(0.8, 1), i / rows, 0.02) for i in range(rows))
        )
    ]


@shape(None, 2)
def spiral(pen: Pen) -> Sequence[Path]:
    """Round and round, further out each time."""
    turns = pen.either(0.5, 1, -1) * pen.between(2.2, 4)
    return [arc(0, 0, 0.1, 0.1, pen.between(0, 1), turns, pen.between(3, 6))]


@shape(None, 2)
def wave(pen: Pen) -> Sequence[Path]:
    """Up and down along a line."""
    high = pen.between(0.08, 0.3)
    return [smooth(*(pen.at(i / 7, high * (-1) ** i, 0.03) for i in range(8)))]


@shape(None, 2)
def face(pen: Pen) -> Sequence[Path]:
    """A round, two eyes, a mouth."""
    smile = arc(0.5, 0.5, 0.25, 0.22, 0.08, 0.34)
    eyes = [straight(pen.at(x, 0.32), pen.at(x, 0.4)) for x in (0.35, 0.65)]
    return [arc(0.5, 0.5, 0.5, pen.between(0.42, 0.52), -0.25, 1), smile, *eyes]


@shape(None, 2)
def heart(pen: Pen) -> Sequence[Path]:
    """Two bows that meet in a point below."""
    top, foot = pen.at(0.5, 0.22), pen.at(0.5, 1)
    return [
        smooth(top, pen.at(x, 0.0), pen.at(2 * x - 0.5, 0.3), pen.at(x, 0.65), foot)
        for x in (0.25, 0.75)
    ]


@shape(None, 1)
def parallel_lines(pen: Pen) -> Sequence[Path]:
    """Three or four strokes side by side, as in a tally."""
    tilt = pen.about(0, 0.3)
    return [straight(pen.at(x + tilt, 0), pen.at(x, 1)) for x in (0, 0.3, 0.6, 0.9)]


@shape(None, 1)
def dots(pen: Pen) -> Sequence[Path]:
    """Taps all over the canvas."""
    places = _anywhere(pen, 6)
    return [straight(place, place + pen.at(0, 0, 0.02)) for place in places]


def _some_digit(pen: Pen) -> Sequence[Path]:
    shapes = of_digits()
    shares = np.array([shape.share for shape in shapes])
    return shapes[pen.rng.choice(len(shapes), p=shares / shares.sum())].draw(pen)


@shape(None, 6)
def two_digits(pen: Pen) -> Sequence[Path]:
    """A number: no single digit."""
    gap = np.array([0.85, 0.0])
    return [*_some_digit(pen), *(path + gap for path in _some_digit(pen))]


@shape(None, 5)
def struck_out(pen: Pen) -> Sequence[Path]:
    """A digit with a zigzag through it."""
    swings = 6
    across = straight(
        *(
            pen.at(-0.2 + 1.1 * i / swings, 0.5 + 0.4 * (-1) ** i * pen.between(0.5, 1))
            for i in range(swings + 1)
        )
    )
    return [*_some_digit(pen), across]
