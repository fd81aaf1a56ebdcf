"""Thresholds contrast into ink, without noise and ruled lines."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy import ndimage

from playground.errors import NoDigitError
from playground.ink.photos.image_preparation import Floats
from playground.ink.photos.paper_contrast import subsample
from playground.ink.photos.ruled_lines import remove_ruled_lines

__all__ = ["InkMask", "threshold_ink"]

MIN_CONTRAST = 12.0  # levels: fainter ink looks like stains and compression artefacts
NOISE_SIGMAS = 5.0  # standard deviations of the grain of the paper
MAX_INK_SHARE = 0.95  # share of the picture: a thick digit, cut out tightly, leaves little paper
EIGHT_NEIGHBOURS = np.ones((3, 3), bool)

Mask = npt.NDArray[np.bool_]


@dataclass(frozen=True)
class InkMask:
    """Ink in an image.

    Attributes
    ----------
    strength : float32 array (h, w)
        Share of ink in each pixel, from 0 to 1; 0 away from ink.
    mask : bool array (h, w)
        Where there is more ink than paper.
    """

    strength: Floats
    mask: Mask


def threshold_ink(levels: Floats) -> InkMask:
    """Separate ink from paper.

    Parameters
    ----------
    levels : float32 array (h, w)
        Contrast with the paper, see `playground.ink.photos.paper_contrast`.

    Raises
    ------
    NoDigitError
        If nothing has contrast, or nearly everything does.
    """
    paper, grain = _paper_level(subsample(levels))
    minimum = max(MIN_CONTRAST, NOISE_SIGMAS * grain)
    above = levels - np.float32(paper)
    candidates = above[above > minimum]
    if not len(candidates):
        raise NoDigitError(
            "The picture is of one shade nearly everywhere: no digit stands out in it."
        )
    typical_level = float(np.percentile(candidates, 90))
    mask = remove_ruled_lines(
        above > max(minimum, min(_otsu_threshold(candidates), typical_level / 2))
    )
    if not 0 < mask.mean() < MAX_INK_SHARE:
        raise NoDigitError(
            "No digit stands out in the picture: draw it darker, or on plainer paper."
        )
    full = float(np.percentile(above[mask], 75))
    near = ndimage.binary_dilation(mask, EIGHT_NEIGHBOURS)
    return InkMask(np.where(near, np.clip(above / full, 0, 1), 0).astype(np.float32), mask)


def _paper_level(levels: Floats) -> tuple[float, float]:
    """Return the typical contrast within paper, and its standard deviation."""
    half = float(np.percentile(levels, 98)) / 2
    light = levels[levels <= half]
    if light.size and np.median(levels) > max(half, MIN_CONTRAST):  # more ink than paper
        levels = light
    typical_level = float(np.median(levels))
    return typical_level, 1.48 * float(np.median(np.abs(levels - typical_level)))


def _otsu_threshold(values: Floats) -> float:
    """Return the threshold that separates two classes of values best.

    Otsu, "A threshold selection method from gray-level histograms", IEEE Transactions on
    Systems, Man, and Cybernetics 9, 1979.
    """
    counts, edges = np.histogram(values, 64)
    middles = (edges[1:] + edges[:-1]) / 2
    below = np.cumsum(counts)
    sums = np.cumsum(counts * middles)
    rest = np.maximum(below[-1] - below, 1)
    between_variance = below * rest * (sums / np.maximum(below, 1) - (sums[-1] - sums) / rest) ** 2
    return float(edges[1 + int(between_variance[:-1].argmax())])
