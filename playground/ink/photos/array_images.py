"""Conversion of arrays, and of images with more than eight bits, to eight bits."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt
from PIL import Image

from playground.errors import InputError

__all__ = ["image_from_array", "to_uint8"]

WHITE_LEVELS = (1.0, 255.0, 1023.0, 4095.0, 65535.0)  # white in common kinds of images
MAX_MAGNITUDE = 1e30  # larger numbers are no brightness
ARRAY_SHAPES = "(height, width), (height, width, 3) or (height, width, 4)"


def image_from_array(array: npt.ArrayLike, max_pixels: int) -> Image.Image:
    """Convert an array to an image.

    Parameters
    ----------
    array : array_like
        Shape (h, w) or (h, w, 1) for grey, (h, w, 3) for red, green and blue, (h, w, 4) with
        opacity. Booleans, integers, or floats from 0 to 1, from -1 to 1 or from 0 to 255.
    max_pixels : int
        The greatest h · w.

    Raises
    ------
    InputError
        If it has another shape, no pixels, too many, or a number that is not finite.
    """
    values = np.asarray(array)
    if values.dtype.kind not in "buif":
        raise InputError(f"A picture is made of numbers, not of “{values.dtype}”.")
    if values.ndim == 3 and values.shape[2] == 1:
        values = values[:, :, 0]
    if values.ndim not in (2, 3) or values.shape[2:] not in ((), (3,), (4,)):
        raise InputError(f"A picture has the shape {ARRAY_SHAPES}, not {values.shape}.")
    if not 0 < values.shape[0] * values.shape[1] <= max_pixels:
        size = f"{values.shape[1]:,} × {values.shape[0]:,}"
        raise InputError(f"A picture has from 1 to {max_pixels:,} pixels, not {size}.")
    return Image.fromarray(to_uint8(values))


def to_uint8(values: npt.NDArray[Any]) -> npt.NDArray[np.uint8]:
    """Scale numbers to 0 to 255; white is the least of `WHITE_LEVELS` that is not exceeded.

    Raises
    ------
    InputError
        If a number is not finite.
    """
    if values.dtype == np.uint8:
        return np.ascontiguousarray(values, np.uint8)
    scaled = values.astype(np.float64)
    if not (np.abs(scaled) < MAX_MAGNITUDE).all():
        raise InputError("A picture's numbers are all finite: one is infinite or not a number.")
    lowest, highest = float(scaled.min()), float(scaled.max())
    if lowest < 0:
        symmetric = lowest >= -1 and highest <= 1
        low, high = (-1.0, 1.0) if symmetric else (lowest, highest)
    else:
        low, high = 0.0, next((white for white in WHITE_LEVELS if highest <= white), highest)
    span = max(high - low, 1 / MAX_MAGNITUDE)
    return np.asarray((scaled - low) / span * 255 + 0.5, np.uint8)
