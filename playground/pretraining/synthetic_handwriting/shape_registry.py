"""The registry of what people draw: digits in all their shapes, and what is no digit."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from playground.pretraining.synthetic_handwriting.random_pen import PenPath, RandomPen

DrawShape = Callable[[RandomPen], Sequence[PenPath]]


@dataclass(frozen=True)
class Shape:
    """
    One way of writing a digit, or something that is none.

    Attributes
    ----------
    digit : int or None
        What it is read as, 0 to 9; None for what should not be read at all.
    frequency : float
        How many of those who write the digit use this shape, in any unit.
    draw : callable RandomPen -> sequence of paths (writers, points, 2)
        The strokes; a digit stands between y = 0, its top, and y = 1, its foot.
    """

    digit: int | None
    frequency: float
    draw: DrawShape


SHAPES: list[Shape] = []


def shape(digit: int | None, frequency: float) -> Callable[[DrawShape], DrawShape]:
    """Register the decorated function as a shape of `digit`; see `Shape`."""

    def register(draw: DrawShape) -> DrawShape:
        SHAPES.append(Shape(digit, frequency, draw))
        return draw

    return register


def digit_shapes() -> list[Shape]:
    """Return every shape that is a digit."""
    return [shape for shape in SHAPES if shape.digit is not None]


def non_digit_shapes() -> list[Shape]:
    """Return every shape that is no digit."""
    return [shape for shape in SHAPES if shape.digit is None]
