"""Digits found in a picture: each as the 28×28 pixels that a network sees."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy import ndimage

from playground.errors import NoDigitError
from playground.ink.mnist_picture import picture_from_grey
from playground.ink.photos.digit_segmentation import DigitMask, segment_digits
from playground.ink.photos.image_files import Source, open_image
from playground.ink.photos.image_preparation import Floats, PreparedImage, prepare_image
from playground.ink.photos.paper_contrast import InkContrast, measure_contrast
from playground.ink.photos.stroke_thickness import normalise_thickness
from playground.ink.photos.thresholding import InkMask, threshold_ink

__all__ = ["Box", "DetectedDigit", "DigitDetections", "detect_digits"]

MAX_DIGITS = 100
EIGHT_NEIGHBOURS = np.ones((3, 3), bool)

Box = tuple[int, int, int, int]


@dataclass(frozen=True)
class DetectedDigit:
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
class DigitDetections:
    """All that was found in a picture.

    Attributes
    ----------
    found : tuple of DetectedDigit
        At least one; in reading order, lines from top to bottom, each from left to right.
    size : tuple of int
        Width and height of the upright picture in pixels.
    remarks : tuple of str
        What the person should know about how it was read.
    """

    found: tuple[DetectedDigit, ...]
    size: tuple[int, int]
    remarks: tuple[str, ...] = ()


def detect_digits(source: Source) -> DigitDetections:
    """Find the digits in a picture.

    Parameters
    ----------
    source : str, Path, bytes, PIL.Image.Image or numpy.ndarray
        See `playground.ink.photos.image_files.open_image`.

    Raises
    ------
    NoDigitError
        If nothing stands out from the paper.
    InputError
        If it is no picture, a damaged one or larger than 20 million pixels.
    """
    picture = open_image(source)
    prepared = prepare_image(picture)
    found = _detect_in_contrast(measure_contrast(prepared.colours), prepared)
    more = (f"Only the first {MAX_DIGITS} digits are read.",) if len(found) > MAX_DIGITS else ()
    return DigitDetections(tuple(found[:MAX_DIGITS]), prepared.size, picture.remarks + more)


def _cut_out_digits(ink: InkMask, prepared: PreparedImage) -> list[DetectedDigit]:
    return [
        DetectedDigit(
            picture_from_grey(normalise_thickness(_ink_of_digit(digit, ink)))[None],
            _box_in_image(digit.box, prepared),
        )
        for digit in segment_digits(ink.mask)
    ]


def _detect_in_contrast(measured: InkContrast, prepared: PreparedImage) -> list[DetectedDigit]:
    """Return the digits found; if paper may be ink, a single one also looked at that way."""
    if measured.inverse is None:
        return _cut_out_digits(threshold_ink(measured.ink), prepared)
    try:
        found = _cut_out_digits(threshold_ink(measured.ink), prepared)
    except NoDigitError:
        return _cut_out_digits(threshold_ink(measured.inverse), prepared)
    with suppress(NoDigitError):
        others = _cut_out_digits(threshold_ink(measured.inverse), prepared)
        other = max(others, key=lambda other: other.area)
        if len(found) == 1:
            return [
                DetectedDigit(np.concatenate([found[0].pictures, other.pictures]), found[0].box)
            ]
    return found


def _ink_of_digit(digit: DigitMask, ink: InkMask) -> Floats:
    """Return a digit's ink (h, w) with its soft edges, without what its neighbours left there."""
    left, top, right, bottom = digit.box
    box = np.s_[max(top - 1, 0) : bottom + 1, max(left - 1, 0) : right + 1]
    strength = ink.strength[box]
    own_mask = np.zeros(strength.shape, bool)
    own_mask[top - box[0].start :, left - box[1].start :][: bottom - top, : right - left] = (
        digit.mask
    )
    return np.where(ndimage.binary_dilation(own_mask, EIGHT_NEIGHBOURS), strength, 0).astype(
        np.float32
    )


def _box_in_image(box: Box, prepared: PreparedImage) -> Box:
    """Return a box in the picture's own pixels."""
    width, height = prepared.size
    left, top, right, bottom = (round(side * prepared.scale) for side in box)
    return left, top, min(right, width), min(bottom, height)
