"""Segmentation of ink into digits: joins marks of one digit and sorts in reading order."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy import ndimage
from scipy.sparse import csgraph

from playground.ink.photos.thresholding import EIGHT_NEIGHBOURS, Mask

__all__ = ["DigitMask", "Ints", "segment_digits"]

Ints = npt.NDArray[np.int64]

MAX_PARTS = 150
# Half of the gap that a skipping pen leaves, as a share of the longest mark, of the long side.
BRIDGE_OF_MARK, BRIDGE_OF_IMAGE = 0.02, 0.006
FRAME_SHARE = 0.35  # of a side: a mark along so much of the picture's edge is a frame
MIN_FRAME_SIDE = 20  # pixels: smaller marks show no frame
FRAME_BAND = 0.03  # of the longer side: where the sides of a frame are
MIN_FRAME_COVERED, MAX_FRAME_FILL = 0.9, 0.35  # shares of each side, and of what is inside
MIN_RULE_ASPECT, MIN_RULE_WIDTH = 6, 0.95  # of a line's height, and of the picture's width
MIN_PART_SIZE = 0.15  # of the largest mark's extent: smaller marks are specks
MIN_DIGIT_SIZE = 0.3  # of the largest digit's extent: smaller ones are commas and dots
MIN_OVERLAP = 0.45  # of the smaller box
MAX_GAP, TOUCHING_GAP = 0.25, 0.06  # of the larger box
MAX_FRAGMENT_SIZE = 0.65  # of the larger box: larger marks are digits themselves
MAX_JOINED_HEIGHT = 1.45  # of the taller part: two parts of one digit are not taller together


@dataclass(frozen=True)
class DigitMask:
    """A possible digit: its box (left, top, right, bottom) and its own ink in that box."""

    box: tuple[int, int, int, int]
    mask: Mask


def segment_digits(mask: Mask) -> list[DigitMask]:
    """Split ink into digits.

    Parameters
    ----------
    mask : bool array (h, w)
        Where there is ink.

    Returns
    -------
    list of DigitMask
        In reading order: lines from top to bottom, each from left to right. Parts of one digit,
        such as the bar of a five, are joined; specks and frames are left out, and so are lines
        from side to side where there is nothing else.
    """
    labels, count = _label_marks(mask)
    boxes = _boxes(labels, count)
    extents = _sizes(boxes).max(axis=1, initial=0)
    kept = _marks_without_frame(labels, boxes)
    kept = np.setdiff1d(kept, _empty_boxes(labels, boxes, kept), assume_unique=True)
    if not len(kept) or _are_rules(boxes[kept], mask.shape[1]):
        return []
    kept = kept[np.argsort(-extents[kept], kind="stable")][:MAX_PARTS]
    kept = kept[extents[kept] >= MIN_PART_SIZE * extents[kept].max(initial=0)]
    groups = _group_boxes(boxes[kept])
    names = np.zeros(count + 1, np.int64)
    names[kept + 1] = groups + 1
    digits = _cut_out(names[labels], int(groups.max(initial=-1)) + 1)
    return _reading_order([digit for digit in digits if _is_large(digit, digits)])


def _label_marks(mask: Mask) -> tuple[Ints, int]:
    """Label the marks (h, w) from 1, and count them; small gaps of a skipping pen are closed."""
    labels, count = ndimage.label(mask, EIGHT_NEIGHBOURS)
    longest = int(_sizes(_boxes(labels, count)).max(initial=0))
    bridge = round(min(BRIDGE_OF_MARK * longest, BRIDGE_OF_IMAGE * max(mask.shape)))
    if bridge == 0:
        return labels, count
    labels, count = ndimage.label(ndimage.maximum_filter(mask, 2 * bridge + 1), EIGHT_NEIGHBOURS)
    return np.where(mask, labels, 0), count


def _boxes(labels: Ints, count: int) -> Ints:
    """Return (count, 4): left, top, right, bottom of each label's ink."""
    places = [(x.start, y.start, x.stop, y.stop) for y, x in ndimage.find_objects(labels)]
    return np.array(places, np.int64).reshape(count, 4)


def _sizes(boxes: Ints) -> Ints:
    return boxes[:, 2:] - boxes[:, :2]


def _marks_without_frame(labels: Ints, boxes: Ints) -> npt.NDArray[np.intp]:
    """Return the indices of marks that are no frame, such as dark edges of a photo.

    If all are, a digit fills the picture, and all are returned.
    """
    frame = np.zeros(len(boxes) + 1, bool)
    for side in (labels[0], labels[-1], labels[:, 0], labels[:, -1]):
        frame |= np.bincount(side, minlength=len(frame)) > FRAME_SHARE * len(side)
    frame[0] = False
    return np.flatnonzero(~frame[1:]) if not frame[1:].all() else np.arange(len(boxes))


def _empty_boxes(labels: Ints, boxes: Ints, marks: npt.NDArray[np.intp]) -> list[int]:
    """Return those of the marks that are a thin rectangle, or squares: frames, and no digits."""
    large = marks[_sizes(boxes[marks]).min(axis=1) >= MIN_FRAME_SIDE]
    return [int(index) for index in large if _is_empty_box(labels, boxes[index], index + 1)]


def _is_empty_box(labels: Ints, box: Ints, label: int) -> bool:
    """Return whether a mark covers the four sides of its box, as no handwriting does."""
    left, top, right, bottom = box
    mark = labels[top:bottom, left:right] == label
    band = max(2, round(FRAME_BAND * max(mark.shape)))
    sides = (mark[:band].T, mark[-band:].T, mark[:, :band], mark[:, -band:])
    covered = min(side.any(axis=1).mean() for side in sides)
    inner = mark[band:-band, band:-band]
    return bool(covered >= MIN_FRAME_COVERED and inner.mean() < MAX_FRAME_FILL)


def _are_rules(boxes: Ints, width: int) -> bool:
    """Return whether all marks are flat lines from one side of the picture to the other."""
    sizes = _sizes(boxes)
    flat = sizes[:, 0] > MIN_RULE_ASPECT * sizes[:, 1]
    return bool(len(boxes) and (flat & (sizes[:, 0] >= MIN_RULE_WIDTH * width)).all())


def _group_boxes(boxes: Ints) -> Ints:
    """Return for each box the index of its digit."""
    groups = np.arange(len(boxes))
    while True:
        whole = np.array(
            [_bounding_box(boxes[groups == group]) for group in range(groups.max() + 1)]
        )
        count, of_whole = csgraph.connected_components(_same_digit(whole), directed=False)
        if count == len(whole):
            return groups
        groups = of_whole[groups]


def _bounding_box(boxes: Ints) -> Ints:
    return np.concatenate([boxes[:, :2].min(axis=0), boxes[:, 2:].max(axis=0)])


def _same_digit(boxes: Ints) -> npt.NDArray[np.bool_]:
    """Return for all pairs of boxes (n, n) whether they are parts of one digit."""
    one, other = boxes[:, None], boxes[None, :]
    meet = np.minimum(one[..., 2:], other[..., 2:]) - np.maximum(one[..., :2], other[..., :2])
    size, other_size = one[..., 2:] - one[..., :2], other[..., 2:] - other[..., :2]
    shared = meet / np.minimum(size, other_size)
    gap = np.maximum(-meet, 0)
    extent = np.maximum(size.max(axis=2), other_size.max(axis=2))
    fragment = np.minimum(size.max(axis=2), other_size.max(axis=2)) < MAX_FRAGMENT_SIZE * extent
    height = np.maximum(one[..., 3], other[..., 3]) - np.minimum(one[..., 1], other[..., 1])
    fits = (height <= MAX_JOINED_HEIGHT * extent) & (gap[..., 1] <= MAX_GAP * extent)
    stacked = (shared[..., 0] >= MIN_OVERLAP) & (fits | (gap[..., 1] <= TOUCHING_GAP * extent))
    close = np.hypot(gap[..., 0], gap[..., 1]) <= MAX_GAP / 2 * extent
    return np.asarray(stacked | fragment & close)


def _cut_out(groups: Ints, count: int) -> list[DigitMask]:
    found = ndimage.find_objects(groups, count)
    return [
        DigitMask((x.start, y.start, x.stop, y.stop), groups[y, x] == number + 1)
        for number, (y, x) in enumerate(found)
    ]


def _is_large(digit: DigitMask, digits: list[DigitMask]) -> bool:
    largest = max(max(other.mask.shape) for other in digits)
    return bool(max(digit.mask.shape) >= MIN_DIGIT_SIZE * largest)


def _reading_order(digits: list[DigitMask]) -> list[DigitMask]:
    """Sort digits into lines, each of those that reach the middle of the line's first digit."""
    rest = sorted(digits, key=lambda digit: digit.box[1])
    ordered: list[DigitMask] = []
    while rest:
        middle = (rest[0].box[1] + rest[0].box[3]) / 2
        line = [digit for digit in rest if digit.box[1] < middle]
        ordered += sorted(line, key=lambda digit: digit.box[0])
        rest = [digit for digit in rest if digit.box[1] >= middle]
    return ordered
