"""Handwriting made by rule: digits in many hands, national and personal, and what is no digit."""

# The modules of shapes are imported for what they register.
from playground.ink.hands import (
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
from playground.ink.hands.shapes import SHAPES, Shape, shape
from playground.ink.hands.writing import pages, scribbles, write

KINDS = (zeros, ones, twos, threes, fours, fives, sixes, sevens, eights, nines, letters, doodles)

__all__ = ["KINDS", "SHAPES", "Shape", "pages", "scribbles", "shape", "write"]
