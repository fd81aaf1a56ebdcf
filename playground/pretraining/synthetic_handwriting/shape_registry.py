"""The registry of shapes: the ways of writing digits, and drawings that are no digit."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from playground.pretraining.synthetic_handwriting.random_pen import PenPath, RandomPen

DrawShape = Callable[[RandomPen], Sequence[PenPath]]
"""Draws a shape for all writers: returns its strokes, each (writers or 1, points, 2)."""


@dataclass(frozen=True)
class Shape:
    """
    One way of writing a digit, or a drawing that is no digit.

    Attributes
    ----------
    digit : int or None
        The digit, 0 to 9; None for a drawing that is no digit.
    frequency : float
        Relative frequency of this shape among the shapes of the digit, in any unit.
    draw : callable RandomPen -> sequence of paths (writers, points, 2)
        Returns the strokes; a digit extends from y = 0, its top, to y = 1, its bottom.
    """

    digit: int | None
    frequency: float
    draw: DrawShape


SHAPES: list[Shape] = []
"""All registered shapes."""


def shape(digit: int | None, frequency: float) -> Callable[[DrawShape], DrawShape]:
    """Return a decorator that registers a function as a shape of `digit`; see `Shape`."""

    def register(draw: DrawShape) -> DrawShape:
        SHAPES.append(Shape(digit, frequency, draw))
        return draw

    return register


def digit_shapes() -> list[Shape]:
    """Return all shapes of digits."""
    return [shape for shape in SHAPES if shape.digit is not None]


def non_digit_shapes() -> list[Shape]:
    """Return all shapes that are no digit."""
    return [shape for shape in SHAPES if shape.digit is None]
