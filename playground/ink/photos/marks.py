"""Connected marks of ink: their boxes, and which of them are hardly a pen's width apart."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
from scipy import ndimage

__all__ = [
    "EIGHT_NEIGHBOURS",
    "Ints",
    "Mask",
    "adjacent_marks",
    "boxes_of",
    "label_marks",
    "pen_width",
    "pen_widths",
    "sizes_of",
]

Ints = npt.NDArray[np.int64]
Mask = npt.NDArray[np.bool_]

# Half of the gap that a skipping pen leaves, as a share of the longest mark, of the long side.
BRIDGE_OF_MARK, BRIDGE_OF_IMAGE = 0.02, 0.006
EIGHT_NEIGHBOURS = np.ones((3, 3), bool)


def label_marks(mask: Mask) -> tuple[Ints, int]:
    """Label the marks (h, w) from 1, and count them; small gaps of a skipping pen are closed."""
    labels, count = ndimage.label(mask, EIGHT_NEIGHBOURS)
    longest = int(sizes_of(boxes_of(labels, count)).max(initial=0))
    bridge = round(min(BRIDGE_OF_MARK * longest, BRIDGE_OF_IMAGE * max(mask.shape)))
    if bridge == 0:
        return labels, count
    labels, count = ndimage.label(ndimage.maximum_filter(mask, 2 * bridge + 1), EIGHT_NEIGHBOURS)
    return np.where(mask, labels, 0), count


def boxes_of(labels: Ints, count: int) -> Ints:
    """Return (count, 4): left, top, right, bottom of each label's ink."""
    places = [(x.start, y.start, x.stop, y.stop) for y, x in ndimage.find_objects(labels)]
    return np.array(places, np.int64).reshape(count, 4)


def sizes_of(boxes: Ints) -> Ints:
    """Return (n, 2): width and height of each box."""
    return boxes[:, 2:] - boxes[:, :2]


def pen_width(mask: Mask) -> float:
    """Return the mean width of all strokes, as `pen_widths` does for each mark."""
    return float(pen_widths(mask.astype(np.int64), 1)[0])


def pen_widths(labels: Ints, count: int) -> npt.NDArray[np.float64]:
    """Return the mean width of the strokes of each mark, (count,): area by half of the outline."""
    ink = labels > 0
    outline = ink & ~ndimage.binary_erosion(ink)
    area, length = (np.bincount(labels[some], minlength=count + 1)[1:] for some in (ink, outline))
    return np.asarray(2 * area / np.maximum(length, 1))


def adjacent_marks(labels: Ints, count: int, gap: int) -> npt.NDArray[np.bool_]:
    """Return for all pairs of marks (count, count) whether at most `gap` pixels part them.

    Where three marks meet, the pair of the least and the greatest label counts.
    """
    window = gap + 2
    highest = ndimage.maximum_filter(labels, window)
    lowest = ndimage.minimum_filter(np.where(labels, labels, count + 1), window)
    both = (lowest <= count) & (lowest < highest)
    adjacent = np.zeros((count + 1, count + 1), bool)
    adjacent[lowest[both], highest[both]] = True
    return np.asarray((adjacent | adjacent.T)[1:, 1:])
