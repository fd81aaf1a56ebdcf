"""Letters and signs that do not resemble a digit, as strokes through points."""

from __future__ import annotations

from collections.abc import Sequence

from playground.pretraining.synthetic_handwriting.pen_paths import polyline
from playground.pretraining.synthetic_handwriting.random_pen import PenPath, RandomPen
from playground.pretraining.synthetic_handwriting.shape_registry import DrawShape, shape

PointList = Sequence[tuple[float, float]]

LETTERS: dict[str, Sequence[PointList]] = {
    "A": [[(0, 1), (0.35, 0), (0.7, 1)], [(0.15, 0.62), (0.56, 0.62)]],
    "E": [[(0.6, 0), (0, 0), (0, 1), (0.6, 1)], [(0, 0.5), (0.5, 0.5)]],
    "F": [[(0.6, 0), (0, 0), (0, 1)], [(0, 0.48), (0.45, 0.48)]],
    "H": [[(0, 0), (0, 1)], [(0.6, 0), (0.6, 1)], [(0, 0.5), (0.6, 0.5)]],
    "K": [[(0, 0), (0, 1)], [(0.6, 0), (0, 0.55), (0.6, 1)]],
    "M": [[(0, 1), (0.1, 0), (0.4, 0.6), (0.7, 0), (0.8, 1)]],
    "N": [[(0, 1), (0, 0), (0.65, 1), (0.65, 0)]],
    "P": [[(0, 1), (0, 0), (0.45, 0.02), (0.55, 0.2), (0.45, 0.45), (0, 0.5)]],
    "R": [[(0, 1), (0, 0), (0.5, 0.1), (0.5, 0.4), (0, 0.5), (0.6, 1)]],
    "T": [[(0, 0), (0.8, 0)], [(0.4, 0), (0.4, 1)]],
    "V": [[(0, 0), (0.35, 1), (0.7, 0)]],
    "W": [[(0, 0), (0.2, 1), (0.45, 0.4), (0.7, 1), (0.9, 0)]],
    "X": [[(0, 0), (0.7, 1)], [(0.7, 0), (0, 1)]],
    "arrow": [[(0, 0.5), (1, 0.5)], [(0.7, 0.25), (1, 0.5), (0.7, 0.75)]],
    "asterisk": [[(0.5, 0), (0.5, 1)], [(0.05, 0.25), (0.95, 0.75)], [(0.95, 0.25), (0.05, 0.75)]],
    "equals": [[(0, 0.3), (0.8, 0.3)], [(0, 0.6), (0.8, 0.6)]],
    "hash": [
        [(0.25, 0), (0.2, 1)],
        [(0.6, 0), (0.55, 1)],
        [(0, 0.33), (0.8, 0.33)],
        [(0, 0.67), (0.8, 0.67)],
    ],
    "house": [[(0, 1), (0, 0.4), (0.4, 0), (0.8, 0.4), (0.8, 1), (0, 1)]],
    "level line": [[(0, 0.5), (1, 0.5)]],
    "plus": [[(0.4, 0.1), (0.4, 0.9)], [(0, 0.5), (0.8, 0.5)]],
    "square": [[(0, 0), (0.9, 0), (0.9, 0.9), (0, 0.9), (0, 0)]],
    "star": [[(0.2, 1), (0.5, 0), (0.8, 1), (0, 0.35), (1, 0.35), (0.2, 1)]],
    "tick": [[(0, 0.6), (0.3, 1), (1, 0)]],
    "triangle": [[(0, 0.9), (0.5, 0), (1, 0.9), (0, 0.9)]],
}


def _letter_drawer(strokes: Sequence[PointList]) -> DrawShape:
    def draw(pen: RandomPen) -> Sequence[PenPath]:
        return [polyline(*(pen.at(x, y, 0.04) for x, y in points)) for points in strokes]

    return draw


for _strokes in LETTERS.values():
    shape(None, 1)(_letter_drawer(_strokes))
