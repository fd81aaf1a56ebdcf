"""Doodles: scribbles, spirals, faces, two-digit numbers and digits struck out."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np

from playground.pretraining.synthetic_handwriting.pen_paths import arc, polyline, spline
from playground.pretraining.synthetic_handwriting.random_pen import PenPath, PenPoint, RandomPen
from playground.pretraining.synthetic_handwriting.shape_registry import digit_shapes, shape


def _random_points(pen: RandomPen, places: int) -> list[PenPoint]:
    return [pen.at(pen.uniform(0, 1), pen.uniform(0, 1)) for _ in range(places)]


def _register_scribble(way: Callable[..., PenPath], places: int) -> None:
    """Register a path through a number of random points as a shape."""

    @shape(None, 1)
    def draw(pen: RandomPen) -> Sequence[PenPath]:
        return [way(*_random_points(pen, places))]


for _places in (6, 8, 11, 15):
    _register_scribble(polyline, _places)
    _register_scribble(spline, _places)


@shape(None, 2)
def zigzag(pen: RandomPen) -> Sequence[PenPath]:
    """Draw a horizontal zigzag, as for shading an area."""
    swings = 9
    slope = pen.normal(0, 0.15)
    return [
        polyline(
            *(
                pen.at(i / swings, 0.5 + (0.4 + slope) * (-1) ** i * pen.uniform(0.6, 1), 0.03)
                for i in range(swings)
            )
        )
    ]


@shape(None, 2)
def blob(pen: RandomPen) -> Sequence[PenPath]:
    """Draw an area filled with ink."""
    rows = 12
    wide = pen.uniform(0.4, 1.0)
    return [
        polyline(
            *(pen.at(wide * (i % 2) * pen.uniform(0.8, 1), i / rows, 0.02) for i in range(rows))
        )
    ]


@shape(None, 2)
def spiral(pen: RandomPen) -> Sequence[PenPath]:
    """Draw a spiral of 2.2 to 4 turns."""
    turns = pen.choose(0.5, 1, -1) * pen.uniform(2.2, 4)
    return [arc(0, 0, 0.1, 0.1, pen.uniform(0, 1), turns, pen.uniform(3, 6))]


@shape(None, 2)
def wave(pen: RandomPen) -> Sequence[PenPath]:
    """Draw a wave along a horizontal line."""
    high = pen.uniform(0.08, 0.3)
    return [spline(*(pen.at(i / 7, high * (-1) ** i, 0.03) for i in range(8)))]


@shape(None, 2)
def face(pen: RandomPen) -> Sequence[PenPath]:
    """Draw a face: an oval, two eyes and a mouth."""
    smile = arc(0.5, 0.5, 0.25, 0.22, 0.08, 0.34)
    eyes = [polyline(pen.at(x, 0.32), pen.at(x, 0.4)) for x in (0.35, 0.65)]
    return [arc(0.5, 0.5, 0.5, pen.uniform(0.42, 0.52), -0.25, 1), smile, *eyes]


@shape(None, 2)
def heart(pen: RandomPen) -> Sequence[PenPath]:
    """Draw a heart: two arcs that meet in a point at the bottom."""
    top, foot = pen.at(0.5, 0.22), pen.at(0.5, 1)
    return [
        spline(top, pen.at(x, 0.0), pen.at(2 * x - 0.5, 0.3), pen.at(x, 0.65), foot)
        for x in (0.25, 0.75)
    ]


@shape(None, 1)
def parallel_lines(pen: RandomPen) -> Sequence[PenPath]:
    """Draw four parallel strokes, as in a tally."""
    tilt = pen.normal(0, 0.3)
    return [polyline(pen.at(x + tilt, 0), pen.at(x, 1)) for x in (0, 0.3, 0.6, 0.9)]


@shape(None, 1)
def dots(pen: RandomPen) -> Sequence[PenPath]:
    """Draw six dots at random places."""
    places = _random_points(pen, 6)
    return [polyline(place, place + pen.at(0, 0, 0.02)) for place in places]


def _some_digit(pen: RandomPen) -> Sequence[PenPath]:
    shapes = digit_shapes()
    frequencies = np.array([shape.frequency for shape in shapes])
    return shapes[pen.rng.choice(len(shapes), p=frequencies / frequencies.sum())].draw(pen)


@shape(None, 6)
def two_digits(pen: RandomPen) -> Sequence[PenPath]:
    """Draw a number of two digits."""
    gap = np.array([0.85, 0.0])
    return [*_some_digit(pen), *(path + gap for path in _some_digit(pen))]


@shape(None, 5)
def struck_out(pen: RandomPen) -> Sequence[PenPath]:
    """Draw a digit with a zigzag across it."""
    swings = 6
    across = polyline(
        *(
            pen.at(-0.2 + 1.1 * i / swings, 0.5 + 0.4 * (-1) ** i * pen.uniform(0.5, 1))
            for i in range(swings + 1)
        )
    )
    return [*_some_digit(pen), across]
