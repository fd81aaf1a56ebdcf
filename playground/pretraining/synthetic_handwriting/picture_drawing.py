"""Rendering of many drawings at once as pictures."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np
from numpy.typing import NDArray

from playground.ink.mnist_layout import SIDE, Picture, render_as_mnist
from playground.ink.segments import Segments
from playground.pretraining.synthetic_handwriting.random_pen import PenPath, RandomPen
from playground.pretraining.synthetic_handwriting.shape_registry import DrawShape
from playground.pretraining.synthetic_handwriting.writing_style import apply_style

MIN_PEN_WIDTH, MAX_PEN_WIDTH = 1.5, 2.8  # px


def draw_pictures(
    draws: Sequence[DrawShape],
    frequencies: NDArray[np.float64],
    count: int,
    rng: np.random.Generator,
    batch_size: int,
) -> tuple[Picture, NDArray[np.intp]]:
    """
    Draw `count` pictures, each of a randomly chosen shape.

    Parameters
    ----------
    draws : sequence of callable RandomPen -> paths
        The shapes to choose from.
    frequencies : float array (shapes,)
        Relative frequency of each shape; they need not sum to 1.
    count : int
        Number of pictures.
    rng : numpy.random.Generator
        Generator for all random choices.
    batch_size : int
        Largest number of pictures drawn at once, which share a shape's global choices.

    Returns
    -------
    pictures : uint8 array (count, 28, 28)
        0 is paper, 255 is ink.
    chosen : int array (count,)
        Index of the shape of each picture.
    """
    chosen = rng.choice(len(draws), count, p=frequencies / frequencies.sum())
    pictures = np.empty((count, SIDE, SIDE), np.uint8)
    for which in _batches_of_one_shape(chosen, batch_size):
        pen = RandomPen(rng, len(which))
        paths = apply_style(pen, draws[chosen[which[0]]](pen))
        pictures[which] = render_as_mnist(
            _to_segments(paths), pen.uniform(MIN_PEN_WIDTH, MAX_PEN_WIDTH)
        )
    return pictures, chosen


def _batches_of_one_shape(chosen: NDArray[np.intp], size: int) -> Iterator[NDArray[np.intp]]:
    """Yield the indices of pictures of the same shape, at most `size` at a time."""
    order = np.argsort(chosen, kind="stable")
    for group in np.split(order, np.flatnonzero(np.diff(chosen[order])) + 1):
        for at in range(0, len(group), size):
            yield group[at : at + size]


def _to_segments(paths: Sequence[PenPath]) -> Segments:
    starts = np.concatenate([path[:, :-1] for path in paths], axis=1)
    ends = np.concatenate([path[:, 1:] for path in paths], axis=1)
    writers, pieces, _ = starts.shape
    drawing_index = np.repeat(np.arange(writers), pieces)
    return Segments(starts.reshape(-1, 2), ends.reshape(-1, 2), drawing_index)
