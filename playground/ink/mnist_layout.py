"""Scales and centres ink as in the pictures of MNIST."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from playground.ink.raster import batch_coverage
from playground.ink.segments import Segments

SIDE = 28
BOX = 20
CENTRE = 14.5  # px from the edge: the middle of the pixel with index 14

Picture = NDArray[np.uint8]


def render_as_mnist(
    drawings: Segments, widths: NDArray[np.floating], oversampling: int = 2
) -> Picture:
    """
    Draw each drawing into a 20×20 box whose centre of mass is the middle of a 28×28 picture.

    The pictures of MNIST were made like this (LeCun, Cortes and Burges, "The MNIST database
    of handwritten digits", 1998); the ink is kept on the page where the centre of mass lies far
    from the middle of the box.

    Parameters
    ----------
    drawings : Segments
        In any unit; the size of a drawing on its canvas has no influence.
    widths : float array (drawings,)
        Width of the pen in pixels of the picture.
    oversampling : int
        Samples along each side of a pixel.

    Returns
    -------
    uint8 array (drawings, 28, 28)
        0 is paper, 255 is ink.
    """
    low, high = drawings.box
    extent = np.maximum((high - low).max(axis=1), np.finfo(np.float32).tiny)
    scale = ((BOX - widths) / extent)[:, None]
    middle = drawings.transform(scale, SIDE / 2 - (low + high) / 2 * scale)
    mass = _centres_of_mass(batch_coverage(middle, widths, SIDE, 1))
    max_shift = SIDE / 2 - (high - low) / 2 * scale - widths[:, None] / 2
    shift = np.clip(CENTRE - mass, -max_shift, max_shift)
    placed = middle.transform(np.ones_like(scale), shift)
    return np.round(batch_coverage(placed, widths, SIDE, oversampling) * 255).astype(np.uint8)


def _centres_of_mass(ink: NDArray[np.float32]) -> NDArray[np.float64]:
    """Return the centre of mass (x, y) of each picture (n, side, side), from the upper left."""
    positions = np.arange(ink.shape[-1]) + 0.5
    columns, rows = ink.sum(axis=1, dtype=np.float64), ink.sum(axis=2, dtype=np.float64)
    total = rows.sum(axis=1, keepdims=True)
    centres: NDArray[np.float64] = np.column_stack([columns @ positions, rows @ positions]) / total
    return centres
