"""Segmentation of ink into digits: joins marks of one digit and sorts in reading order."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy import ndimage
from scipy.sparse import csgraph

from playground.ink.photos.marks import (
    Ints,
    Mask,
    adjacent_marks,
    boxes_of,
    label_marks,
    pen_width,
)
from playground.ink.photos.paper_marks import without_small_type, written_marks
from playground.ink.photos.reading_order import reading_order

__all__ = ["DigitMask", "segment_digits"]

MIN_DIGIT_SIZE = 0.3  # of the largest digit's extent: smaller ones are commas and dots
MIN_EXTENT = 5  # pixels: smaller ones are specks
MIN_OVERLAP = 0.45  # of the smaller box
MAX_GAP, TOUCHING_GAP = 0.25, 0.06  # of the larger box
MAX_FRAGMENT_SIZE = 0.65  # of the larger box: larger marks are digits themselves
MIN_SIGN_SIZE = 0.3  # of the larger box, both ways: a plus sign beside a digit
MAX_JOINED_HEIGHT = 1.45  # of the taller part: two parts of one digit are not taller together
MIN_BLOCK_ASPECT, MIN_BLOCK_FILL = 0.35, 0.85  # a one is narrower, other digits emptier
MAX_PEN_GAP = 1.5  # of the pen's width: strokes of one digit that fail to meet
MAX_DIGIT_WIDTH, MAX_PART_HEIGHT = 0.9, 0.8  # of the height of the digit


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
        such as the bar of a five, are joined; specks, frames, rules, underlines and small
        type are left out. None if there are only solid blocks.
    """
    labels, count = label_marks(without_small_type(mask))
    boxes = boxes_of(labels, count)
    kept = written_marks(labels, boxes)
    if not len(kept):
        return []
    parts = np.zeros(count + 1, np.int64)
    parts[kept + 1] = np.arange(len(kept)) + 1
    parts_of_ink = parts[labels]
    groups = _group_parts(boxes[kept], _adjacent(parts_of_ink, len(kept)))
    digits = _cut_out(np.append(0, groups + 1)[parts_of_ink], int(groups.max()) + 1)
    large = [digit for digit in digits if _is_large(digit, digits)]
    if all(map(_is_block, large)):  # or if there are none
        return []
    return [large[index] for index in reading_order(np.array([digit.box for digit in large]))]


def _adjacent(parts: Ints, count: int) -> npt.NDArray[np.bool_]:
    """Return which pairs of parts (n, n) are hardly further apart than the pen is wide."""
    if count < 2:
        return np.zeros((count, count), bool)
    return adjacent_marks(parts, count, round(MAX_PEN_GAP * pen_width(parts > 0)))


def _group_parts(boxes: Ints, adjacent: npt.NDArray[np.bool_]) -> Ints:
    """Return for each part the index of its digit."""
    groups = np.arange(len(boxes))
    while True:
        member = groups == np.arange(groups.max() + 1)[:, None]
        whole = np.array([_bounding_box(boxes[of_group]) for of_group in member])
        touching = member @ adjacent @ member.T
        same = _same_digit(whole) | touching & _fit_one_digit(whole)
        count, of_whole = csgraph.connected_components(same, directed=False)
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
    least = np.minimum(size.min(axis=2), other_size.min(axis=2))
    sign = (gap[..., 0] > TOUCHING_GAP * extent) & (least >= MIN_SIGN_SIZE * extent)
    return np.asarray(stacked | fragment & close & ~sign)


def _fit_one_digit(boxes: Ints) -> npt.NDArray[np.bool_]:
    """Return for all pairs of boxes (n, n) whether together they are as narrow as one digit.

    Two marks of the digit's whole height are two digits.
    """
    low = np.minimum(boxes[:, None, :2], boxes[None, :, :2])
    high = np.maximum(boxes[:, None, 2:], boxes[None, :, 2:])
    width, height = np.moveaxis(high - low, 2, 0)
    own = boxes[:, 3] - boxes[:, 1]
    shorter = np.minimum(own[:, None], own[None, :])
    return np.asarray((width <= MAX_DIGIT_WIDTH * height) & (shorter < MAX_PART_HEIGHT * height))


def _cut_out(groups: Ints, count: int) -> list[DigitMask]:
    found = ndimage.find_objects(groups, count)
    return [
        DigitMask((x.start, y.start, x.stop, y.stop), groups[y, x] == number + 1)
        for number, (y, x) in enumerate(found)
    ]


def _is_block(digit: DigitMask) -> bool:
    """Return whether ink fills its box: the paper between two ones, if that is taken for ink."""
    aspect = min(digit.mask.shape) / max(digit.mask.shape)
    return bool(aspect >= MIN_BLOCK_ASPECT and digit.mask.mean() >= MIN_BLOCK_FILL)


def _is_large(digit: DigitMask, digits: list[DigitMask]) -> bool:
    largest = max(max(other.mask.shape) for other in digits)
    return bool(max(digit.mask.shape) >= max(MIN_DIGIT_SIZE * largest, MIN_EXTENT))
