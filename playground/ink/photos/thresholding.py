"""Thresholds contrast into ink, without noise and ruled lines."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy import ndimage

from playground.errors import NoDigitError
from playground.ink.photos.image_preparation import Floats
from playground.ink.photos.marks import (
    EIGHT_NEIGHBOURS,
    Mask,
    boxes_of,
    pen_width,
    pen_widths,
    sizes_of,
)
from playground.ink.photos.paper_contrast import subsample
from playground.ink.photos.ruled_lines import remove_ruled_lines

__all__ = ["InkMask", "threshold_ink"]

MIN_CONTRAST = 12.0  # levels: fainter ink looks like stains and compression artefacts
NOISE_SIGMAS = 5.0  # standard deviations of the grain of the paper
PALE_SHARE, MIN_PALE_SHARE = 0.8, 0.22  # of the darkest ink: paler marks, and the palest
MIN_PALE_SIZE, MIN_PALE_THICKNESS = 0.3, 0.6  # of the largest dark mark, and of the pen
MAX_GRAIN_SIZE = 4.0  # ratio of all grain to that from pixel to pixel: it may be coarse
MAX_INK_SHARE = 0.95  # share of the picture: a thick digit, cut out tightly, leaves little paper


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
    paper, spread = _paper_level(subsample(levels))
    grain = min(spread, MAX_GRAIN_SIZE * _fine_grain(levels))
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
    full = np.float32(np.percentile(above[mask], 75))
    pale, own_full = _paler_marks(above, mask, max(minimum, MIN_PALE_SHARE * typical_level))
    mask = mask | pale
    near = ndimage.binary_dilation(mask, EIGHT_NEIGHBOURS)
    strength = np.clip(above / np.where(own_full > 0, own_full, full), 0, 1)
    return InkMask(np.where(near, strength, 0).astype(np.float32), mask)


def _paler_marks(above: Floats, mask: Mask, minimum: float) -> tuple[Mask, Floats]:
    """Return the ink of marks that are paler than others, and the level of full ink in each.

    Each has a threshold of its own, half of its darkest ink. Shadows, rules and grain
    reach the picture's edge, or are much smaller than the marks of `mask`, or thinner.
    """
    labels, count = ndimage.label(remove_ruled_lines(above > minimum), EIGHT_NEIGHBOURS)
    numbers = np.arange(1, count + 1)
    darkest = np.asarray(ndimage.maximum(above, labels, numbers), np.float32).reshape(count)
    boxes = boxes_of(labels, count)
    extents = sizes_of(boxes).max(axis=1)
    strong = darkest >= PALE_SHARE * darkest.max(initial=0)
    inside = (boxes[:, :2] > 0).all(axis=1) & (boxes[:, 2:] < mask.shape[::-1]).all(axis=1)
    large = extents >= MIN_PALE_SIZE * extents[strong].max(initial=0)
    pale = inside & large & ~strong
    if not pale.any():
        return np.zeros_like(mask), np.zeros_like(above)
    full = np.append(np.float32(0), np.where(pale, darkest, 0)).astype(np.float32)[labels]
    ink = (full > 0) & (above > full / 2)
    thick = pen_widths(labels * ink, count) >= MIN_PALE_THICKNESS * pen_width(mask)
    is_ink = np.append(False, thick)[labels]
    own_full = ndimage.maximum_filter(np.where(is_ink, full, 0), 3)
    return ink & is_ink, np.where(mask & ~is_ink, 0, own_full)


def _paper_level(levels: Floats) -> tuple[float, float]:
    """Return the typical contrast within paper, and its standard deviation."""
    half = float(np.percentile(levels, 98)) / 2
    light = levels[levels <= half]
    if light.size and np.median(levels) > max(half, MIN_CONTRAST):  # more ink than paper
        levels = light
    typical_level = float(np.median(levels))
    return typical_level, 1.48 * float(np.median(np.abs(levels - typical_level)))


def _fine_grain(levels: Floats) -> float:
    """Return the standard deviation of grain from pixel to pixel, without soft edges.

    As in Immerkær, "Fast noise variance estimation", Computer Vision and Image Understanding 64,
    1996: the second difference takes away what changes evenly.
    """
    bend = levels[:, :-2] - 2 * levels[:, 1:-1] + levels[:, 2:]
    return 1.48 / 6**0.5 * float(np.median(np.abs(bend))) if bend.size else np.inf


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
