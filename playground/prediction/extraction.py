"""Conversion of a drawing or an image to the inputs of a network."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np
from PIL import Image

from playground.ink.mnist_picture import picture_from_strokes
from playground.ink.photos.detections import DetectedDigit, DigitDetections
from playground.ink.photos.image_files import Source
from playground.ink.strokes import Stroke

Ink = Sequence[Stroke] | Source

IMAGE_TYPES = (str, Path, bytes, np.ndarray, Image.Image)
"""Types of what is an image; anything else is a drawing."""


def extract_digits(what: Ink) -> DigitDetections:
    """Convert strokes, or each digit of an image, to 28×28 pixels.

    Parameters
    ----------
    what : sequence of (xs, ys), or str, Path, bytes, PIL.Image.Image or numpy.ndarray
        Pen strokes on a unit canvas with y downwards, or an image: its path, the content of its
        file, or itself.

    Returns
    -------
    DigitDetections
        All digits of an image in reading order. For strokes exactly one, whose box is the
        whole canvas, 1 by 1.

    Raises
    ------
    NoDigitError
        If there is no digit.
    InputError
        If it is neither.
    """
    if isinstance(what, IMAGE_TYPES):
        # SciPy takes a twelfth of the time in which a server starts.
        from playground.ink.photos.digit_detection import detect_digits

        return detect_digits(what)
    picture = picture_from_strokes(what)
    return DigitDetections((DetectedDigit(picture[None], (0, 0, 1, 1)),), (1, 1))
