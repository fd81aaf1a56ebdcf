"""Normalises the thickness of strokes to the range of the training pictures."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
from PIL import Image
from scipy import ndimage

from playground.ink.mnist_layout import BOX
from playground.ink.photos.image_preparation import Floats

__all__ = ["normalise_thickness"]

MIN_THICKNESS, MAX_THICKNESS = 1.7, 4.2  # pixels of a picture in which a digit is 20 pixels long
WORKING_SIDE = 100  # pixels of the longer side while strokes are thickened or thinned


def normalise_thickness(ink: Floats) -> Floats:
    """Thicken or thin strokes that would be too thin or thick at 28×28.

    Parameters
    ----------
    ink : float32 array (h, w)
        In [0, 1], cut out to the digit's own box.

    Returns
    -------
    float32 array
        The same array if the width is in the range, otherwise one of 100 pixels and a margin.
    """
    enlarged = _resize(ink)
    pixel = WORKING_SIDE / BOX
    width = _mean_thickness(enlarged) / pixel
    target = float(np.clip(width, MIN_THICKNESS, MAX_THICKNESS))
    radius = round(abs(target - width) * pixel / 2)
    if radius == 0:
        return ink
    change = ndimage.grey_dilation if target > width else ndimage.grey_erosion
    return np.asarray(change(np.pad(enlarged, radius), footprint=_disc(radius)), np.float32)


def _resize(ink: Floats) -> Floats:
    scale = WORKING_SIDE / max(ink.shape)
    height, width = (max(1, round(side * scale)) for side in ink.shape)
    image = Image.fromarray(ink).resize((width, height), Image.Resampling.BILINEAR)
    return np.asarray(image)


def _mean_thickness(ink: Floats) -> float:
    """Return the mean width of strokes in pixels.

    In a stroke of width w the distance to the nearest paper is w/4 on average.
    """
    dark = np.pad(ink > 0.5, 1)
    depth = ndimage.distance_transform_edt(dark)[dark]
    return float(4 * (depth - 0.5).mean()) if depth.size else 0.0


def _disc(radius: int) -> npt.NDArray[np.bool_]:
    steps = np.arange(-radius, radius + 1)
    return np.asarray(np.hypot(*np.meshgrid(steps, steps)) <= radius + 0.4)
