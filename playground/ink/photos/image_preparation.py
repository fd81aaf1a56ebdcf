"""Prepares an image for the detection of ink: upright, of moderate size, without alpha."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from PIL import Image, ImageOps

from playground.errors import InputError
from playground.ink.photos.array_images import to_uint8
from playground.ink.photos.image_files import DecodedImage

__all__ = ["Floats", "PreparedImage", "prepare_image"]

MAX_SIDE = 1000  # pixels: enough for a page full of digits, at 20 ms a pass
MIN_OPACITY = 0.1  # least opacity of what is visible
MAX_COLOUR_SPREAD = 24.0  # levels: opaque pixels with less spread are of one colour
MIN_FILL = 0.75  # share of its box that opaque paper fills, unlike strokes

Floats = npt.NDArray[np.float32]


@dataclass(frozen=True)
class PreparedImage:
    """The pixels of a prepared image.

    Attributes
    ----------
    colours : float32 array (h, w, 3)
        From 0 to 255. If ink and paper differ in opacity only, all three are the opacity.
    size : tuple of int
        Width and height of the upright original in pixels.
    """

    colours: Floats
    size: tuple[int, int]

    @property
    def scale(self) -> float:
        """Pixels of the original for each pixel of `colours`."""
        height, width = self.colours.shape[:2]
        return float(max(self.size) / max(height, width))


def prepare_image(picture: DecodedImage) -> PreparedImage:
    """Turn an image upright, shrink it to 1,000 pixels a side and remove its transparency.

    Raises
    ------
    InputError
        If its colours or orientation are invalid.
    """
    try:
        upright = ImageOps.exif_transpose(picture.image)
        image = _shrink(_to_rgb(upright))
    except Exception as error:  # A file's orientation, palette, colour space may be anything.
        raise InputError("The picture's colours or orientation make no sense.") from error
    width, height = picture.size
    is_rotated = (picture.image.width > picture.image.height) != (upright.width > upright.height)
    colours = np.asarray(image, np.float32)
    return PreparedImage(
        _flatten_alpha(colours), (height, width) if is_rotated else (width, height)
    )


def _to_rgb(image: Image.Image) -> Image.Image:
    """Convert an image to RGB or, if it has transparency, RGBA."""
    if image.mode.startswith(("I", "F")):
        return Image.fromarray(to_uint8(np.asarray(image))).convert("RGB")
    return image.convert("RGBA" if image.has_transparency_data else "RGB")


def _shrink(image: Image.Image) -> Image.Image:
    factor = -(-max(image.size) // MAX_SIDE)
    return image.reduce(factor) if factor > 1 else image


def _flatten_alpha(colours: Floats) -> Floats:
    """Return (h, w, 3) of (h, w, 3) or (h, w, 4), with transparent pixels as paper."""
    if colours.shape[2] == 3:
        return colours
    opacity = colours[:, :, 3] / 255
    visible = opacity > MIN_OPACITY
    if visible.all() or not visible.any():
        return colours[:, :, :3]
    if _is_ink(colours[visible][:, :3], visible):
        return np.repeat(colours[:, :, 3:], 3, axis=2)
    background = np.median(colours[visible][:, :3], axis=0)
    alpha = opacity[:, :, None]
    return np.asarray(colours[:, :, :3] * alpha + background * (1 - alpha), np.float32)


def _is_ink(colours: Floats, visible: npt.NDArray[np.bool_]) -> bool:
    """Return whether opaque pixels are strokes, not a sheet of paper with transparent edges."""
    if float(np.ptp(np.percentile(colours, (2, 98), axis=0), axis=0).max()) < MAX_COLOUR_SPREAD:
        return True
    rows, columns = np.flatnonzero(visible.any(axis=1)), np.flatnonzero(visible.any(axis=0))
    box = (rows[-1] - rows[0] + 1) * (columns[-1] - columns[0] + 1)
    return bool(visible.sum() < MIN_FILL * box)
