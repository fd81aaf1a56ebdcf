"""Which of a picture's contrast is ink: above the noise, and neither border nor ruled line."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy import ndimage

from playground.ink.contrast import sample
from playground.ink.nothing import NoDigit
from playground.ink.paper import Floats
from playground.ink.ruled import without_rules

__all__ = ["Marks", "marks"]

FAINTEST = 12.0  # levels: fainter ink is not told from stains and compression
NOISES = 5.0  # standard deviations of the paper's own grain
MOST_INK = 0.95  # share of the picture: a thick one, cut out tightly, leaves little paper
EVERYWHERE = np.ones((3, 3), bool)

Mask = npt.NDArray[np.bool_]


@dataclass(frozen=True)
class Marks:
    """Ink in a picture.

    Attributes
    ----------
    strength : float32 array (h, w)
        How much of a place is ink, from 0 to 1; 0 away from ink.
    mask : bool array (h, w)
        Where there is more ink than paper.
    """

    strength: Floats
    mask: Mask


def marks(levels: Floats) -> Marks:
    """Tell ink from paper.

    Parameters
    ----------
    levels : float32 array (h, w)
        Contrast to the paper, see `playground.ink.contrast`.

    Raises
    ------
    NoDigit
        If nothing stands out, or nearly everything does.
    """
    paper, grain = _paper(sample(levels))
    least = max(FAINTEST, NOISES * grain)
    above = levels - np.float32(paper)
    candidates = above[above > least]
    if not len(candidates):
        raise NoDigit("The picture is of one shade nearly everywhere: no digit stands out in it.")
    usual = float(np.percentile(candidates, 90))
    mask = without_rules(above > max(least, min(_between(candidates), usual / 2)))
    if not 0 < mask.mean() < MOST_INK:
        raise NoDigit("No digit stands out in the picture: draw it darker, or on plainer paper.")
    full = float(np.percentile(above[mask], 75))
    near = ndimage.binary_dilation(mask, EVERYWHERE)
    return Marks(np.where(near, np.clip(above / full, 0, 1), 0).astype(np.float32), mask)


def _paper(levels: Floats) -> tuple[float, float]:
    """Return the contrast that paper has to itself, and its standard deviation."""
    half = float(np.percentile(levels, 98)) / 2
    light = levels[levels <= half]
    if light.size and np.median(levels) > max(half, FAINTEST):  # more ink than paper
        levels = light
    usual = float(np.median(levels))
    return usual, 1.48 * float(np.median(np.abs(levels - usual)))


def _between(values: Floats) -> float:
    """Return the value that parts two heaps best.

    Otsu, "A threshold selection method from gray-level histograms", IEEE Transactions on
    Systems, Man, and Cybernetics 9, 1979.
    """
    counts, edges = np.histogram(values, 64)
    middles = (edges[1:] + edges[:-1]) / 2
    below = np.cumsum(counts)
    sums = np.cumsum(counts * middles)
    rest = np.maximum(below[-1] - below, 1)
    between = below * rest * (sums / np.maximum(below, 1) - (sums[-1] - sums) / rest) ** 2
    return float(edges[1 + int(between[:-1].argmax())])
