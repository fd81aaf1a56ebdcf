"""Digits found in a picture: each as the 28×28 pixels that a network sees."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy import ndimage

from playground.ink.contrast import Contrast, contrast
from playground.ink.marks import Marks, marks
from playground.ink.nothing import NoDigit
from playground.ink.paper import Floats, Sheet, laid_out
from playground.ink.pictures import Source, opened
from playground.ink.prepare import from_grey
from playground.ink.split import Digit, split
from playground.ink.weight import usual_weight

__all__ = ["Box", "Found", "Sighting", "from_image"]

MOST_DIGITS = 100
EVERYWHERE = np.ones((3, 3), bool)

Box = tuple[int, int, int, int]


@dataclass(frozen=True)
class Found:
    """One digit in a picture.

    Attributes
    ----------
    pictures : uint8 array (k, 28, 28)
        0 is paper. Two where it could not be told which was ink and which paper: classify
        both and keep the surer. Otherwise one.
    box : tuple of int
        Left, top, right and bottom in pixels of the upright picture; right and bottom lie just
        outside.
    """

    pictures: npt.NDArray[np.uint8]
    box: Box

    @property
    def area(self) -> int:
        """Pixels that the box takes."""
        return (self.box[2] - self.box[0]) * (self.box[3] - self.box[1])


@dataclass(frozen=True)
class Sighting:
    """All that was found in a picture.

    Attributes
    ----------
    found : tuple of Found
        At least one; in reading order, lines from top to bottom, each from left to right.
    size : tuple of int
        Width and height of the upright picture in pixels.
    remarks : tuple of str
        What the person should know about how it was read.
    """

    found: tuple[Found, ...]
    size: tuple[int, int]
    remarks: tuple[str, ...] = ()


def from_image(source: Source) -> Sighting:
    """Find the digits in a picture.

    Parameters
    ----------
    source : str, Path, bytes, PIL.Image.Image or numpy.ndarray
        See `playground.ink.pictures.opened`.

    Raises
    ------
    NoDigit
        If nothing stands out from the paper.
    InputError
        If it is no picture, a damaged one or larger than 20 million pixels.
    """
    picture = opened(source)
    sheet = laid_out(picture)
    found = _readings(contrast(sheet.colours), sheet)
    more = (f"Only the first {MOST_DIGITS} digits are read.",) if len(found) > MOST_DIGITS else ()
    return Sighting(tuple(found[:MOST_DIGITS]), sheet.size, picture.remarks + more)


def _found(ink: Marks, sheet: Sheet) -> list[Found]:
    return [
        Found(from_grey(usual_weight(_own_ink(digit, ink)))[None], _whole(digit.box, sheet))
        for digit in split(ink.mask)
    ]


def _readings(measured: Contrast, sheet: Sheet) -> list[Found]:
    """Return the digits found; if paper may be ink, a single one also looked at that way."""
    if measured.inverse is None:
        return _found(marks(measured.ink), sheet)
    try:
        found = _found(marks(measured.ink), sheet)
    except NoDigit:
        return _found(marks(measured.inverse), sheet)
    with suppress(NoDigit):
        others = _found(marks(measured.inverse), sheet)
        other = max(others, key=lambda other: other.area)
        if len(found) == 1:
            return [Found(np.concatenate([found[0].pictures, other.pictures]), found[0].box)]
    return found


def _own_ink(digit: Digit, ink: Marks) -> Floats:
    """Return a digit's ink (h, w) with its soft edges, without what its neighbours left there."""
    left, top, right, bottom = digit.box
    box = np.s_[max(top - 1, 0) : bottom + 1, max(left - 1, 0) : right + 1]
    strength = ink.strength[box]
    mine = np.zeros(strength.shape, bool)
    mine[top - box[0].start :, left - box[1].start :][: bottom - top, : right - left] = digit.mask
    return np.where(ndimage.binary_dilation(mine, EVERYWHERE), strength, 0).astype(np.float32)


def _whole(box: Box, sheet: Sheet) -> Box:
    """Return a box in the picture's own pixels."""
    width, height = sheet.size
    left, top, right, bottom = (round(side * sheet.scale) for side in box)
    return left, top, min(right, width), min(bottom, height)
