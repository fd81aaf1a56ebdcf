"""The registry of what people draw: digits in all their shapes, and what is no digit."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from playground.ink.hands.pen import Path, Pen

Draw = Callable[[Pen], Sequence[Path]]


@dataclass(frozen=True)
class Shape:
    """
    One way of writing a digit, or something that is none.

    Attributes
    ----------
    digit : int or None
        What it is read as, 0 to 9; None for what should not be read at all.
    share : float
        How many of those who write the digit use this shape, in any unit.
    draw : callable Pen -> sequence of paths (hands, points, 2)
        The strokes; a digit stands between y = 0, its top, and y = 1, its foot.
    """

    digit: int | None
    share: float
    draw: Draw


SHAPES: list[Shape] = []


def shape(digit: int | None, share: float) -> Callable[[Draw], Draw]:
    """Register the decorated function as a shape of `digit`; see `Shape`."""

    def register(draw: Draw) -> Draw:
        SHAPES.append(Shape(digit, share, draw))
        return draw

    return register


def of_digits() -> list[Shape]:
    """Return every shape that is a digit."""
    return [shape for shape in SHAPES if shape.digit is not None]


def of_none() -> list[Shape]:
    """Return every shape that is no digit."""
    return [shape for shape in SHAPES if shape.digit is None]
