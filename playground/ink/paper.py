"""A picture made ready to look for ink in: upright, of moderate size, on a paper of its own."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from PIL import Image, ImageOps

from playground.errors import InputError
from playground.ink.arrays import eight_bits
from playground.ink.pictures import Opened

__all__ = ["Floats", "Sheet", "laid_out"]

LONG_SIDE = 1000  # pixels: a page full of digits can still be read, at 20 ms a pass
SEEN = 0.1  # opacity from which something counts as there
ONE_COLOUR = 24.0  # levels of spread: less, and all that is opaque has the same colour
FILLED = 0.75  # share of its box that an opaque sheet of paper fills, and strokes do not

Floats = npt.NDArray[np.float32]


@dataclass(frozen=True)
class Sheet:
    """A picture as numbers.

    Attributes
    ----------
    colours : float32 array (h, w, 3)
        From 0 to 255. Where only opacity tells ink from paper, it stands in all three.
    size : tuple of int
        Width and height of the whole picture, upright, in its own pixels.
    """

    colours: Floats
    size: tuple[int, int]

    @property
    def scale(self) -> float:
        """Own pixels of the picture for each pixel of `colours`."""
        height, width = self.colours.shape[:2]
        return float(max(self.size) / max(height, width))


def laid_out(picture: Opened) -> Sheet:
    """Turn a picture upright, shrink it to 1000 pixels a side and take its transparency away.

    Raises
    ------
    InputError
        If its colours cannot be understood.
    """
    try:
        upright = ImageOps.exif_transpose(picture.image)
        image = _shrunk(_plain(upright))
    # A file may claim anything of its orientation, its palette and its colour space.
    except Exception as error:
        raise InputError("The picture's colours or orientation make no sense.") from error
    width, height = picture.size
    turned = (picture.image.width > picture.image.height) != (upright.width > upright.height)
    colours = np.asarray(image, np.float32)
    return Sheet(_opaque(colours), (height, width) if turned else (width, height))


def _plain(image: Image.Image) -> Image.Image:
    """Convert any kind of picture to RGB or, if something shows through, RGBA."""
    if image.mode.startswith(("I", "F")):
        return Image.fromarray(eight_bits(np.asarray(image))).convert("RGB")
    return image.convert("RGBA" if image.has_transparency_data else "RGB")


def _shrunk(image: Image.Image) -> Image.Image:
    factor = -(-max(image.size) // LONG_SIDE)
    return image.reduce(factor) if factor > 1 else image


def _opaque(colours: Floats) -> Floats:
    """Return (h, w, 3) of (h, w, 3) or (h, w, 4), in which transparent places are paper."""
    if colours.shape[2] == 3:
        return colours
    opacity = colours[:, :, 3] / 255
    seen = opacity > SEEN
    if seen.all() or not seen.any():
        return colours[:, :, :3]
    if _is_ink(colours[seen][:, :3], seen):
        return np.repeat(colours[:, :, 3:], 3, axis=2)
    behind = np.median(colours[seen][:, :3], axis=0)
    share = opacity[:, :, None]
    return np.asarray(colours[:, :, :3] * share + behind * (1 - share), np.float32)


def _is_ink(colours: Floats, seen: npt.NDArray[np.bool_]) -> bool:
    """Tell strokes on a transparent page from a whole picture with transparent edges."""
    if float(np.ptp(np.percentile(colours, (2, 98), axis=0), axis=0).max()) < ONE_COLOUR:
        return True
    rows, columns = np.flatnonzero(seen.any(axis=1)), np.flatnonzero(seen.any(axis=0))
    box = (rows[-1] - rows[0] + 1) * (columns[-1] - columns[0] + 1)
    return bool(seen.sum() < FILLED * box)
