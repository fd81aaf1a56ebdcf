"""Conversion of strokes or grey images to 28×28 pictures with size and place of MNIST's."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from playground.errors import NoDigitError
from playground.ink.mnist_layout import BOX, CENTRE, SIDE, Picture, render_as_mnist
from playground.ink.segments import Segments
from playground.ink.stray_taps import remove_taps
from playground.ink.strokes import Polyline, Stroke, parse_strokes

PEN_WIDTH = 2.0  # px
MAX_DOT_SIZE = 0.02  # of the canvas: larger than what a tap draws
MIN_INK = 0.02  # of full ink


def picture_from_strokes(strokes: Sequence[Stroke]) -> Picture:
    """
    Render pen strokes at 28×28.

    Position, size, order and brush make no difference. Taps away from the drawing are left out.

    Parameters
    ----------
    strokes : sequence of (xs, ys)
        On a unit canvas, y downwards.

    Returns
    -------
    uint8 array (28, 28)
        0 is paper, 255 is ink.

    Raises
    ------
    NoDigitError
        If there is no stroke, or only a dot.
    InputError
        If the strokes cannot be understood; see `playground.ink.strokes.parse_strokes`.
    """
    lines = parse_strokes(strokes)
    if not lines:
        raise NoDigitError("The canvas is empty. Draw a digit from 0 to 9.")
    lines = remove_taps(lines)
    points = np.concatenate(lines)
    low, size = points.min(axis=0), float(np.ptp(points, axis=0).max())
    if size < MAX_DOT_SIZE:
        raise NoDigitError("That is only a dot. Draw a digit from 0 to 9.")
    pixels = [_drop_close_points((line - low) * (BOX / size)) for line in lines]
    picture: Picture = render_as_mnist(Segments.of(pixels), np.array([PEN_WIDTH]), oversampling=4)[
        0
    ]
    return picture


def _drop_close_points(line: Polyline) -> Polyline:
    """Leave out points within a sixteenth of a pixel of pen travel from the last one kept."""
    travel = np.cumsum(np.hypot(*np.diff(line, axis=0, prepend=line[:1]).T))
    keep = np.diff(np.floor(travel * 16), prepend=-1) > 0
    keep[-1] = True
    thinned: Polyline = line[keep]
    return thinned


def picture_from_grey(ink: NDArray[np.floating]) -> Picture:
    """
    Fit an image of ink into 28×28.

    Parameters
    ----------
    ink : float array (h, w)
        In [0, 1]; 0 is paper.

    Returns
    -------
    uint8 array (28, 28)
        The ink's longer side takes 20 pixels; its centre of mass is at pixel (14, 14), unless
        ink would leave the page. A picture of MNIST is returned unchanged.

    Raises
    ------
    NoDigitError
        If nothing is darker than paper.
    """
    dark = ink > MIN_INK
    rows, columns = np.flatnonzero(dark.any(axis=1)), np.flatnonzero(dark.any(axis=0))
    if not len(rows):
        raise NoDigitError("There is no ink in this picture.")
    crop = ink[rows[0] : rows[-1] + 1, columns[0] : columns[-1] + 1]
    small = _resize(np.clip(crop, 0, 1).astype(np.float32))
    picture = np.zeros((SIDE, SIDE), np.float32)
    top, left = _centring_offset(small.sum(axis=1)), _centring_offset(small.sum(axis=0))
    picture[top : top + small.shape[0], left : left + small.shape[1]] = small
    return np.round(picture * 255).astype(np.uint8)


def _resize(crop: NDArray[np.float32]) -> NDArray[np.float32]:
    scale = BOX / max(crop.shape)
    height, width = (max(1, round(side * scale)) for side in crop.shape)
    image = Image.fromarray(crop).resize((width, height), Image.Resampling.BICUBIC)
    small: NDArray[np.float32] = np.clip(np.asarray(image), 0, 1)
    return small


def _centring_offset(mass: NDArray[np.float32]) -> int:
    """Return where rows (or columns) begin so that their centre of mass is in the middle.

    All of them stay in the picture, so that it may be a little beside the middle.
    """
    centre = float(mass @ (np.arange(len(mass)) + 0.5) / mass.sum())
    return int(np.clip(round(CENTRE - centre), 0, SIDE - len(mass)))
