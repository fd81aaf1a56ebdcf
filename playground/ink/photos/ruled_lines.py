"""Removes ruled and squared lines: straight thin lines from side to side of an image."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from playground.ink.photos.marks import Mask, pen_width

__all__ = ["remove_ruled_lines"]

MIN_SIDE = 100  # pixels: smaller pictures have no ruled lines beside a digit
MAX_INK_SHARE = 0.3  # share of a picture: with more, these are no lines on paper
MAX_SLOPE, SLOPES = 0.1, 81  # the offset between two slopes is a pixel or two at the far side
MIN_COVERED = 0.7  # share of the width that the ink of a line covers
MAX_THICKNESS = 0.02  # of the height
EDGE_MARGIN = 0.02  # of the width: greatest distance of a line's ends from the sides
MAX_BARS = 2  # in a tight crop; more lines are ruled paper
CROP_MARGIN, MIN_MARGIN = 0.04, 4  # of a side, and in pixels: what a tight crop leaves
MIN_BAR_THICKNESS = 0.6  # of the pen's width: rules are thinner


def remove_ruled_lines(mask: Mask) -> Mask:
    """Remove ruled lines from a mask of ink (h, w), except where strokes cross them.

    In a tight crop, a line or two as thick as the strokes are bars of digits, or ones.
    """
    if min(mask.shape) < MIN_SIDE or mask.mean() > MAX_INK_SHARE:
        return mask
    level, count = _near_level_lines(mask)
    unruled = mask & ~level
    if count and _is_tight_crop(level, unruled, count):
        return mask
    upright, count_upright = _near_level_lines(unruled.T)
    without = unruled & ~upright.T
    are_ones = not count and (
        _is_tight_crop(upright, without.T, count_upright)
        if without.any()
        else count_upright <= MAX_BARS
    )
    return mask if are_ones else np.asarray(without)


def _is_tight_crop(lines: Mask, rest: Mask, count: int) -> bool:
    """Return whether lines are strokes of digits that were cut out without a margin.

    The rest of the ink then reaches the edge, and the pen is the same.
    """
    if not (lines.any() and rest.any()) or count > MAX_BARS:
        return False
    margin = max(MIN_MARGIN, round(CROP_MARGIN * len(rest)))
    ends = [np.s_[:margin], np.s_[-margin:]]
    reaches_edge = any(rest[end].any() for end in ends)
    fills = all((rest[end] | lines[end]).any() for end in ends)
    cut = lines[[0, -1]].any()  # half of a bar may lie beyond the edge
    thickness = float(_vertical_run_lengths(lines)[lines].mean())
    same_pen = cut or thickness >= MIN_BAR_THICKNESS * pen_width(rest)
    return bool(reaches_edge and fills and same_pen)


def _near_level_lines(mask: Mask) -> tuple[Mask, int]:
    """Return the ink (h, w) of straight lines from the left side to the right, and count them."""
    on_line = np.zeros_like(mask)
    height, width = mask.shape
    slope, at = _find_ruled_lines(mask)
    if not len(at):
        return on_line, 0
    max_thickness = max(2, round(MAX_THICKNESS * height))
    columns = np.arange(width)
    for offset in at:
        rows = np.round(offset + slope * columns).astype(int)
        for shift in range(-max_thickness, max_thickness + 1):
            inside = (rows + shift >= 0) & (rows + shift < height)
            on_line[(rows + shift)[inside], columns[inside]] = True
    count = int((np.diff(at) > 2 * max_thickness).sum()) + 1
    return np.asarray(on_line & mask & (_vertical_run_lengths(mask) <= max_thickness)), count


def _find_ruled_lines(mask: Mask) -> tuple[float, npt.NDArray[np.intp]]:
    """Return the most common slope of lines, and their rows at the left side."""
    rows, columns = np.nonzero(mask)
    best: tuple[float, npt.NDArray[np.intp]] = (0.0, np.empty(0, np.intp))
    if not len(rows):
        return best
    most = 0
    for slope in np.linspace(-MAX_SLOPE, MAX_SLOPE, SLOPES):
        sheared = np.round(rows - slope * columns).astype(int)
        low = int(sheared.min(initial=0))
        counts = np.convolve(np.bincount(sheared - low), (1, 1, 1), "same")
        at = np.flatnonzero(counts > MIN_COVERED * mask.shape[1]) + low
        at = at[_spans_width(mask, float(slope), at)]
        covered = int(counts[at - low].sum())
        if covered > most:
            most, best = covered, (float(slope), at)
    return best


def _spans_width(mask: Mask, slope: float, at: npt.NDArray[np.intp]) -> npt.NDArray[np.bool_]:
    """Return which lines reach both sides, unlike the bar of a digit."""
    height, width = mask.shape
    margin = max(2, round(EDGE_MARGIN * width))
    ends = np.concatenate([np.arange(margin), np.arange(width - margin, width)])
    rows = np.clip(np.round(at[:, None] + slope * ends).astype(int), 0, height - 1)
    there = mask[rows, ends]
    return np.asarray(there[:, :margin].any(axis=1) & there[:, margin:].any(axis=1))


def _vertical_run_lengths(mask: Mask) -> npt.NDArray[np.intp]:
    """Return for each pixel of ink (h, w) the length of its vertical run of ink."""
    height = mask.shape[0]
    rows = np.arange(height)[:, None]
    last_gap = np.maximum.accumulate(np.where(mask, -1, rows), axis=0)
    next_gap = np.minimum.accumulate(np.where(mask, height, rows)[::-1], axis=0)[::-1]
    return np.where(mask, next_gap - last_gap - 1, 0)
