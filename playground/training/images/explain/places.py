"""Words for places in a picture."""

from __future__ import annotations

import numpy as np
from scipy import ndimage

from playground.problems.problem import Floats
from playground.training.images.frame import Pixels

ROWS, COLUMNS = ("top", "", "bottom"), ("left", "", "right")
SMALLEST_HOLE = 3
"""Pixels of paper; fewer are a thin spot of a line."""


def place_of(region: Floats, picture: Pixels) -> str:
    """Return where a region lies on what is drawn, such as "at the top left".

    Parameters
    ----------
    region : float array of shape (28, 28)
        From 0 to 1.
    picture : uint8 array of shape (28, 28)
    """
    drawn = np.argwhere(picture > 127)
    if not len(drawn):
        drawn = np.array([[0, 0], [27, 27]])
    low, high = drawn.min(0), drawn.max(0)
    centre = np.array(ndimage.center_of_mass(region))
    # A square as large as the longer side: a narrow one has a top and a bottom, but no left.
    third = (centre - (low + high) / 2) / (high - low).max().clip(1) * 3
    row, column = np.clip(third.round().astype(int), -1, 1) + 1
    words = " ".join(filter(None, (ROWS[row], COLUMNS[column])))
    return f"at the {words}" if words else "in the middle"


def count_holes(picture: Pixels) -> int:
    """Return how many pieces of paper lines enclose: two of an eight."""
    pieces, count = ndimage.label(np.pad(picture < 100, 1, constant_values=True))
    sizes = np.bincount(pieces.ravel(), minlength=count + 1)[1:]
    return int((sizes >= SMALLEST_HOLE).sum()) - 1  # the paper around the drawing is no hole
