"""Detection of the digits in an image, each as the 28×28 input of a network."""

from __future__ import annotations

from contextlib import suppress

import numpy as np
from scipy import ndimage

from playground.deadlines import check_deadline
from playground.errors import NoDigitError
from playground.ink.mnist_picture import picture_from_grey
from playground.ink.photos.detections import Box, DetectedDigit, DigitDetections
from playground.ink.photos.digit_segmentation import DigitMask, segment_digits
from playground.ink.photos.image_files import Source, open_image
from playground.ink.photos.image_preparation import Floats, PreparedImage, prepare_image
from playground.ink.photos.marks import EIGHT_NEIGHBOURS
from playground.ink.photos.paper_contrast import InkContrast, measure_contrast
from playground.ink.photos.stroke_thickness import normalise_thickness
from playground.ink.photos.thresholding import InkMask, threshold_ink

__all__ = ["Box", "DetectedDigit", "DigitDetections", "detect_digits"]

MAX_DIGITS = 100
MIN_HEIGHT = 5  # pixels


def detect_digits(source: Source) -> DigitDetections:
    """Detect the digits in an image.

    Parameters
    ----------
    source : str, Path, bytes, PIL.Image.Image or numpy.ndarray
        See `playground.ink.photos.image_files.open_image`.

    Raises
    ------
    NoDigitError
        If nothing contrasts with the paper.
    InputError
        If it is no picture, a damaged one or larger than 20 million pixels.
    """
    picture = open_image(source)
    prepared = prepare_image(picture)
    if prepared.size[1] < MIN_HEIGHT:
        raise NoDigitError(
            f"The picture is {prepared.size[1]} pixel{'s' * (prepared.size[1] > 1)} high: "
            f"a digit takes at least {MIN_HEIGHT}."
        )
    found = _detect_in_contrast(measure_contrast(prepared.colours), prepared)
    more = (f"Only the first {MAX_DIGITS} digits are read.",) if len(found) > MAX_DIGITS else ()
    return DigitDetections(tuple(found[:MAX_DIGITS]), prepared.size, picture.remarks + more)


def _cut_out_digits(ink: InkMask, prepared: PreparedImage) -> list[DetectedDigit]:
    digits = segment_digits(ink.mask)
    if not digits:
        raise NoDigitError("Only lines or frames stand out in the picture, and no digit.")
    return [_cut_out_digit(digit, ink, prepared) for digit in digits]


def _cut_out_digit(digit: DigitMask, ink: InkMask, prepared: PreparedImage) -> DetectedDigit:
    check_deadline()
    return DetectedDigit(
        picture_from_grey(normalise_thickness(_ink_of_digit(digit, ink)))[None],
        _box_in_image(digit.box, prepared),
    )


def _detect_in_contrast(measured: InkContrast, prepared: PreparedImage) -> list[DetectedDigit]:
    """Return the digits; a single one gets a second version if ink and paper may be swapped."""
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
    """Return a digit's ink (h, w) with its soft edges, without the ink of its neighbours."""
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
    """Convert a box to pixels of the original image."""
    width, height = prepared.size
    left, top, right, bottom = (round(side * prepared.scale) for side in box)
    return left, top, min(right, width), min(bottom, height)
