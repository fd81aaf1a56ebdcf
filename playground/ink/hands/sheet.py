"""Many drawings at once, as pictures."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np
from numpy.typing import NDArray

from playground.ink.hands.manner import written
from playground.ink.hands.pen import Path, Pen
from playground.ink.hands.shapes import Draw
from playground.ink.page import SIDE, Picture, rendered
from playground.ink.segments import Segments

THINNEST, THICKEST = 1.5, 2.8  # px


def drawn(
    draws: Sequence[Draw],
    shares: NDArray[np.float64],
    count: int,
    rng: np.random.Generator,
    alike: int,
) -> tuple[Picture, NDArray[np.intp]]:
    """
    Draw `count` pictures, each in one of the shapes.

    Parameters
    ----------
    draws : sequence of callable Pen -> paths
        The shapes to choose from.
    shares : float array (shapes,)
        How often each is chosen, in any unit.
    count : int
        Pictures wanted.
    rng : numpy.random.Generator
        Where every choice comes from.
    alike : int
        The most pictures drawn at once, and so with those choices that a shape makes for all.

    Returns
    -------
    pictures : uint8 array (count, 28, 28)
        0 is paper, 255 is ink.
    chosen : int array (count,)
        The shape of each.
    """
    chosen = rng.choice(len(draws), count, p=shares / shares.sum())
    pictures = np.empty((count, SIDE, SIDE), np.uint8)
    for which in _groups(chosen, alike):
        pen = Pen(rng, len(which))
        paths = written(pen, draws[chosen[which[0]]](pen))
        pictures[which] = rendered(_segments(paths), pen.between(THINNEST, THICKEST))
    return pictures, chosen


def _groups(chosen: NDArray[np.intp], most: int) -> Iterator[NDArray[np.intp]]:
    """Give the indices of pictures of one shape, `most` at a time."""
    order = np.argsort(chosen, kind="stable")
    for group in np.split(order, np.flatnonzero(np.diff(chosen[order])) + 1):
        for at in range(0, len(group), most):
            yield group[at : at + most]


def _segments(paths: Sequence[Path]) -> Segments:
    starts = np.concatenate([path[:, :-1] for path in paths], axis=1)
    ends = np.concatenate([path[:, 1:] for path in paths], axis=1)
    hands, pieces, _ = starts.shape
    owner = np.repeat(np.arange(hands), pieces)
    return Segments(starts.reshape(-1, 2), ends.reshape(-1, 2), owner)
