"""Marks on paper that are no writing: frames, rules, underlines and lines of small type."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
from scipy import ndimage
from scipy.sparse import csgraph

from playground.ink.photos.marks import EIGHT_NEIGHBOURS, Ints, Mask, boxes_of, sizes_of

__all__ = ["without_small_type", "written_marks"]

Indices = npt.NDArray[np.intp]
Flags = npt.NDArray[np.bool_]

FRAME_SHARE = 0.35  # of a side: a mark along so much of the picture's edge is a frame
MIN_SIDE_SHARE = 0.9  # of a side: a line near the edge, with another at its end
EDGE_BAND = 0.1  # of the picture: how far from its edge the line of a cell may lie
BEYOND_REST = 0.08  # of a side: a frame goes on further than the digits beside it
TIGHT_CROP = 0.85  # of the height: digits so high were cut out, and leave no room for a frame
MAX_PARTS = 150  # the largest: pairs of them are compared
MIN_PART_SIZE = 0.15  # of the largest mark's extent: smaller marks are specks
MIN_FRAME_SIDE = 20  # pixels: smaller marks show no frame
FRAME_BAND = 0.03  # of the longer side: where the sides of a frame are
MIN_FRAME_COVERED, MAX_FRAME_FILL = 0.9, 0.35  # shares of each side, and of what is inside
MIN_RULE_ASPECT, MIN_RULE_WIDTH = 6, 0.95  # of a line's height, and of the picture's width
MIN_UNDERLINE, MIN_UPRIGHT = 1.0, 1.25  # of the height of the digits: longer lines are no strokes
MIN_WIDER = 1.15  # of a digit's width: its own base is not wider than the rest of it
MIN_UPRIGHT_SHARE = 0.7  # of the picture's height: a line of a table
MAX_TYPE_HEIGHT, MIN_LETTERS = 0.35, 3  # of the largest mark; letters of a word of small type
MAX_LETTER_GAP = 1.5  # of a letter's height: between words, too


def written_marks(labels: Ints, boxes: Ints) -> Indices:
    """Return the indices of marks that may be parts of digits.

    Parameters
    ----------
    labels : int array (h, w)
        The mark of each pixel from 1; 0 is paper.
    boxes : int array (n, 4)
        Left, top, right and bottom of each mark.
    """
    kept = np.flatnonzero(~_frames(labels, boxes))
    large = kept[sizes_of(boxes[kept]).min(axis=1) >= MIN_FRAME_SIDE]
    hollow = [index for index in large if _is_empty_box(labels, boxes[index], index + 1)]
    kept = np.setdiff1d(kept, hollow, assume_unique=True)
    kept = kept[~_rules(boxes[kept], labels.shape)]
    kept = kept[np.argsort(-extents_of(boxes[kept]), kind="stable")][:MAX_PARTS]
    extents = extents_of(boxes[kept])
    return np.asarray(kept[extents >= MIN_PART_SIZE * extents.max(initial=0)])


def without_small_type(mask: Mask) -> Mask:
    """Return ink (h, w) without the letters of a line of type above or below the digits."""
    labels, count = ndimage.label(mask, EIGHT_NEIGHBOURS)
    boxes = boxes_of(labels, count)
    largest = np.argsort(-extents_of(boxes), kind="stable")[:MAX_PARTS]
    height = sizes_of(boxes[largest])[:, 1]
    is_small = height < MAX_TYPE_HEIGHT * height.max(initial=0)
    small, large = largest[is_small], boxes[largest[~is_small]]
    if len(small) < MIN_LETTERS:
        return mask
    _, line = csgraph.connected_components(_side_by_side(boxes[small]), directed=False)
    is_type = np.zeros(count + 1, bool)
    for number in range(line.max() + 1):
        letters = small[line == number]
        is_below = boxes[letters, 1].min() >= large[:, 3].max()
        is_above = boxes[letters, 3].max() <= large[:, 1].min()
        is_type[letters + 1] = len(letters) >= MIN_LETTERS and (is_below or is_above)
    return np.asarray(mask & ~is_type[labels])


def extents_of(boxes: Ints) -> Ints:
    """Return the longer side of each box, (n,)."""
    return np.asarray(sizes_of(boxes).max(axis=1, initial=0))


def _frames(labels: Ints, boxes: Ints) -> Flags:
    """Return which marks lie along a side of the picture and go on beyond the other marks.

    They are lines of cells and dark edges of photos. In a tight crop there is no room for them:
    there the marks along the sides are digits.
    """
    height, width = labels.shape
    edges = labels[:1], labels[-1:], labels[:, :1].T, labels[:, -1:].T
    at_edge = np.array([_covered(edge, len(boxes)) for edge in edges])
    along = np.array([_covered(strip, len(boxes)) for strip in _strips(labels)])
    down, across = _depths(labels)
    left, top, right, bottom = boxes.T
    is_within = [bottom <= down, top >= height - down, right <= across, left >= width - across]
    candidate = (at_edge > FRAME_SHARE) | (along > np.where(is_within, FRAME_SHARE, MIN_SIDE_SHARE))
    rest = boxes[~candidate.any(axis=0)]
    rest = rest[extents_of(rest) >= MIN_PART_SIZE * extents_of(rest).max(initial=0)]
    if not len(rest):
        return np.zeros(len(boxes), bool)
    low, high = rest[:, :2].min(axis=0), rest[:, 2:].max(axis=0)
    if high[1] - low[1] >= TIGHT_CROP * height:
        return np.zeros(len(boxes), bool)
    more = np.array([BEYOND_REST * width, BEYOND_REST * height])
    wider, taller = ((boxes[:, :2] < low - more) | (boxes[:, 2:] > high + more)).T
    return np.asarray(candidate[:2].any(axis=0) & wider | candidate[2:].any(axis=0) & taller)


def _strips(labels: Ints) -> tuple[Ints, Ints, Ints, Ints]:
    """Return the strips (depth, side) along the top, the bottom, the left and the right."""
    down, across = _depths(labels)
    return labels[:down], labels[-down:], labels[:, :across].T, labels[:, -across:].T


def _depths(labels: Ints) -> tuple[int, int]:
    """Return how deep the strips are: that of top and bottom, that of left and right."""
    down, across = (max(1, round(EDGE_BAND * side)) for side in labels.shape)
    return down, across


def _covered(strip: Ints, count: int) -> npt.NDArray[np.float64]:
    """Return the share of a side that each mark covers within the strip along it, (count,)."""
    side = strip.shape[1]
    places = np.unique(strip.astype(np.int64) * side + np.arange(side))
    return np.asarray(np.bincount(places // side, minlength=count + 1)[1:] / side)


def _is_empty_box(labels: Ints, box: Ints, label: int) -> bool:
    """Return whether a mark covers the four sides of its box, as no handwriting does."""
    left, top, right, bottom = box
    mark = labels[top:bottom, left:right] == label
    band = max(2, round(FRAME_BAND * max(mark.shape)))
    sides = (mark[:band].T, mark[-band:].T, mark[:, :band], mark[:, -band:])
    covered = min(side.any(axis=1).mean() for side in sides)
    inner = mark[band:-band, band:-band]
    return bool(covered >= MIN_FRAME_COVERED and inner.mean() < MAX_FRAME_FILL)


def _rules(boxes: Ints, shape: tuple[int, ...]) -> Flags:
    """Return which marks are straight lines longer than any stroke, or from side to side."""
    width, height = sizes_of(boxes).T
    level, upright = width > MIN_RULE_ASPECT * height, height > MIN_RULE_ASPECT * width
    rest = ~(level | upright)
    if not rest.any():
        return np.asarray(level & (width >= MIN_RULE_WIDTH * shape[1]))
    tallest = height[rest].max()
    underline = level & ((width > MIN_UNDERLINE * tallest) | _is_below_narrower_marks(boxes, rest))
    table = (height > MIN_UPRIGHT * tallest) & (height >= MIN_UPRIGHT_SHARE * shape[0])
    return np.asarray(underline | upright & table)


def _is_below_narrower_marks(boxes: Ints, rest: Flags) -> Flags:
    """Return which marks lie below all others that they overlap, and are wider than these."""
    one, other = boxes[:, None], boxes[None, rest]
    over = (one[..., 0] < other[..., 2]) & (one[..., 2] > other[..., 0])
    below = one[..., 1] >= other[..., 3]
    wider = one[..., 2] - one[..., 0] > MIN_WIDER * (other[..., 2] - other[..., 0])
    return np.asarray(over.any(axis=1) & (~over | below & wider).all(axis=1))


def _side_by_side(boxes: Ints) -> Flags:
    """Return for all pairs of boxes (n, n) whether they are neighbours in a line of type."""
    one, other = boxes[:, None], boxes[None, :]
    gap = np.maximum(one[..., :2], other[..., :2]) - np.minimum(one[..., 2:], other[..., 2:])
    height = np.maximum(one[..., 3] - one[..., 1], other[..., 3] - other[..., 1])
    return np.asarray((gap[..., 1] < 0) & (gap[..., 0] <= MAX_LETTER_GAP * height))
