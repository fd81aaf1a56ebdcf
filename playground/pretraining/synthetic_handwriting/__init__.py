"""Synthetic handwriting: digits by many writers in national and personal styles; scribbles."""

# The modules of shapes are imported because they register their shapes.
from playground.pretraining.synthetic_handwriting.generate import (
    digit_pictures,
    non_digit_pictures,
    write_digit,
)
from playground.pretraining.synthetic_handwriting.shape_registry import SHAPES, Shape, shape
from playground.pretraining.synthetic_handwriting.shapes import (
    doodles,
    eights,
    fives,
    fours,
    letters,
    nines,
    ones,
    sevens,
    sixes,
    threes,
    twos,
    zeros,
)

SHAPE_MODULES = (
    zeros,
    ones,
    twos,
    threes,
    fours,
    fives,
    sixes,
    sevens,
    eights,
    nines,
    letters,
    doodles,
)

__all__ = [
    "SHAPES",
    "SHAPE_MODULES",
    "Shape",
    "digit_pictures",
    "non_digit_pictures",
    "shape",
    "write_digit",
]
