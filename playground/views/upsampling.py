"""Pictures with twice the rows and columns."""

from __future__ import annotations

from typing import Literal

import numpy as np

from playground.problems.problem import Floats


def upsample(picture: Floats) -> Floats:
    """Twice the rows and columns, in between by bilinear interpolation.

    Parameters
    ----------
    picture : array of shape (rows, columns, ...)
        Values at the centres of cells.

    Returns
    -------
    array of shape (2 * rows, 2 * columns, ...)
    """
    return upsample_axis(upsample_axis(picture, 0), 1)


def upsample_axis(picture: Floats, axis: Literal[0, 1]) -> Floats:
    """Twice the cells along one axis, each a quarter of the way to its neighbour."""
    lines = np.moveaxis(picture, axis, 0)
    before, after = np.concatenate([lines[:1], lines[:-1]]), np.concatenate([lines[1:], lines[-1:]])
    pairs: Floats = np.stack([0.75 * lines + 0.25 * before, 0.75 * lines + 0.25 * after], axis=1)
    return np.moveaxis(pairs.reshape(-1, *lines.shape[1:]), 0, axis)
