"""Generation of synthetic digits and of pictures without a digit."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from playground.ink.mnist_layout import Picture
from playground.ink.strokes import Polyline
from playground.pretraining.synthetic_handwriting.picture_drawing import draw_pictures
from playground.pretraining.synthetic_handwriting.random_pen import RandomPen
from playground.pretraining.synthetic_handwriting.shape_registry import (
    Shape,
    digit_shapes,
    non_digit_shapes,
)
from playground.pretraining.synthetic_handwriting.writing_style import apply_style

BATCH_SIZE = 256  # digits; few enough that their samples fit into the processor's cache
SCRIBBLE_BATCH_SIZE = 12  # scribbles; two-digit numbers within a batch are the same number


def write_digit(digit: int, rng: np.random.Generator) -> list[tuple[Polyline, Polyline]]:
    """
    Return the pen strokes of one handwritten digit at a random place on the canvas.

    Parameters
    ----------
    digit : int
        0 to 9.
    rng : numpy.random.Generator
        Generator for shape, style, size and place.

    Returns
    -------
    list of (xs, ys)
        Pen strokes on the unit canvas, 0 to 1, with y pointing downwards.
    """
    shapes = [shape for shape in digit_shapes() if shape.digit == digit]
    frequencies = _frequencies(shapes)
    shape = shapes[rng.choice(len(shapes), p=frequencies / frequencies.sum())]
    pen = RandomPen(rng, 1)
    paths = [path[0] for path in apply_style(pen, shape.draw(pen))]
    points = np.concatenate(paths)
    low, extent = points.min(axis=0), np.ptp(points, axis=0)
    scale = rng.uniform(0.25, 0.9) / extent.max()
    corner = rng.uniform(0, 1 - extent * scale)
    moved = [(path - low) * scale + corner for path in paths]
    return [(path[:, 0], path[:, 1]) for path in moved]


def digit_pictures(count: int, seed: int) -> tuple[Picture, NDArray[np.int64]]:
    """
    Return pictures of handwritten digits, each by another writer.

    Parameters
    ----------
    count : int
        Number of pictures.
    seed : int
        The same seed gives the same pictures.

    Returns
    -------
    pictures : uint8 array (count, 28, 28)
        0 is paper, 255 is ink; centred as in MNIST, with pens 1.5 to 2.8 pixels wide.
    labels : int64 array (count,)
        The digits; all are equally probable.
    """
    shapes = digit_shapes()
    digits = np.array([shape.digit for shape in shapes], np.int64)
    frequencies = _frequencies(shapes)
    frequencies /= np.bincount(digits, frequencies)[digits]
    draws = [shape.draw for shape in shapes]
    pictures, chosen = draw_pictures(
        draws, frequencies, count, np.random.default_rng(seed), BATCH_SIZE
    )
    return pictures, digits[chosen]


def non_digit_pictures(count: int, seed: int) -> Picture:
    """
    Return pictures without a single digit: letters, doodles, numbers, digits struck out.

    Parameters
    ----------
    count : int
        Number of pictures.
    seed : int
        The same seed gives the same pictures.

    Returns
    -------
    uint8 array (count, 28, 28)
        Centred and drawn as in `digit_pictures`.
    """
    shapes = non_digit_shapes()
    draws = [shape.draw for shape in shapes]
    return draw_pictures(
        draws, _frequencies(shapes), count, np.random.default_rng(seed), SCRIBBLE_BATCH_SIZE
    )[0]


def _frequencies(shapes: Sequence[Shape]) -> NDArray[np.float64]:
    return np.array([shape.frequency for shape in shapes], np.float64)
