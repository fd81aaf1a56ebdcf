"""Removes ruled and squared lines: straight thin lines from side to side of an image."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

__all__ = ["remove_ruled_lines"]

MIN_SIDE = 100  # pixels: smaller pictures have no ruled lines beside a digit
MAX_INK_SHARE = 0.3  # share of a picture: with more, these are no lines on paper
MAX_SLOPE, SLOPES = 0.1, 81  # the offset between two slopes is a pixel or two at the far side
MIN_COVERED = 0.7  # share of the width that the ink of a line covers
MAX_THICKNESS = 0.02  # of the height
EDGE_MARGIN = 0.02  # of the width: greatest distance of a line's ends from the sides

Mask = npt.NDArray[np.bool_]


def remove_ruled_lines(mask: Mask) -> Mask:
    """Remove ruled lines from a mask of ink (h, w), except where strokes cross them."""
    if min(mask.shape) < MIN_SIDE or mask.mean() > MAX_INK_SHARE:
        return mask
    return np.asarray(_remove_near_level_lines(_remove_near_level_lines(mask).T).T)


def _remove_near_level_lines(mask: Mask) -> Mask:
    if not mask.any():
        return mask
    height, width = mask.shape
    slope, at = _find_ruled_lines(mask)
    if not len(at):
        return mask
    max_thickness = max(2, round(MAX_THICKNESS * height))
    columns = np.arange(width)
    on_line = np.zeros_like(mask)
    for offset in at:
        rows = np.round(offset + slope * columns).astype(int)
        for shift in range(-max_thickness, max_thickness + 1):
            inside = (rows + shift >= 0) & (rows + shift < height)
            on_line[(rows + shift)[inside], columns[inside]] = True
    return np.asarray(mask & ~(on_line & (_vertical_run_lengths(mask) <= max_thickness)))


def _find_ruled_lines(mask: Mask) -> tuple[float, npt.NDArray[np.intp]]:
    """Return the most common slope of lines, and their rows at the left side."""
    rows, columns = np.nonzero(mask)
    best: tuple[float, npt.NDArray[np.intp]] = (0.0, np.empty(0, np.intp))
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
