"""Digits written by many hands, and what else people draw."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from playground.ink.hands.manner import written
from playground.ink.hands.pen import Pen
from playground.ink.hands.shapes import Shape, of_digits, of_none
from playground.ink.hands.sheet import drawn
from playground.ink.page import Picture
from playground.ink.strokes import Line

AT_ONCE = 256  # digits; few enough that their samples stay in the processor's cache
FEW = 12  # scribbles; numbers of two digits are the same number within these


def write(digit: int, rng: np.random.Generator) -> list[tuple[Line, Line]]:
    """
    Write a digit by hand, somewhere on the canvas.

    Parameters
    ----------
    digit : int
        0 to 9.
    rng : numpy.random.Generator
        Decides on shape, hand, size and place.

    Returns
    -------
    list of (xs, ys)
        Pen strokes on the unit canvas, y downwards.
    """
    shapes = [shape for shape in of_digits() if shape.digit == digit]
    shares = _shares(shapes)
    shape = shapes[rng.choice(len(shapes), p=shares / shares.sum())]
    pen = Pen(rng, 1)
    paths = [path[0] for path in written(pen, shape.draw(pen))]
    points = np.concatenate(paths)
    low, extent = points.min(axis=0), np.ptp(points, axis=0)
    scale = rng.uniform(0.25, 0.9) / extent.max()
    corner = rng.uniform(0, 1 - extent * scale)
    moved = [(path - low) * scale + corner for path in paths]
    return [(path[:, 0], path[:, 1]) for path in moved]


def pages(count: int, seed: int) -> tuple[Picture, NDArray[np.int64]]:
    """
    Write digits in many hands.

    Parameters
    ----------
    count : int
        How many.
    seed : int
        The same seed gives the same pages.

    Returns
    -------
    pictures : uint8 array (count, 28, 28)
        0 is paper, 255 is ink; placed as MNIST's are, with pens 1.5 to 2.8 pixels wide.
    labels : int64 array (count,)
        What each is; every digit equally likely.
    """
    shapes = of_digits()
    digits = np.array([shape.digit for shape in shapes], np.int64)
    shares = _shares(shapes)
    shares /= np.bincount(digits, shares)[digits]
    draws = [shape.draw for shape in shapes]
    pictures, chosen = drawn(draws, shares, count, np.random.default_rng(seed), AT_ONCE)
    return pictures, digits[chosen]


def scribbles(count: int, seed: int) -> Picture:
    """
    Draw what is no digit: letters, signs, doodles, numbers of two digits, digits struck out.

    Parameters
    ----------
    count : int
        How many.
    seed : int
        The same seed gives the same scribbles.

    Returns
    -------
    uint8 array (count, 28, 28)
        Placed and drawn as `pages` are.
    """
    shapes = of_none()
    draws = [shape.draw for shape in shapes]
    return drawn(draws, _shares(shapes), count, np.random.default_rng(seed), FEW)[0]


def _shares(shapes: Sequence[Shape]) -> NDArray[np.float64]:
    return np.array([shape.share for shape in shapes], np.float64)
