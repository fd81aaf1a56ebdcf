"""Ink on a grid of pixels, from the distance to the pen's path."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from playground.ink.segments import Segments

LONGEST = 1.5  # px; pieces longer than that would be stamped in mostly empty windows
PIECES = 2_048  # stamped at once: what keeps a window's numbers in the processor's cache


def coverage(
    lines: Sequence[NDArray[np.float64]], width: float, side: int, fine: int = 4
) -> NDArray[np.float32]:
    """
    Return how much of each pixel the ink of one drawing covers.

    Parameters
    ----------
    lines : sequence of float array (n, 2)
        Polylines in pixels, (x, y), y downwards; pixel (0, 0) reaches from 0 to 1.
    width : float
        Width of the round pen, in pixels.
    side : int
        Pixels along each side of the picture.
    fine : int
        Samples along each side of a pixel; between samples the edge of the ink is smoothed.

    Returns
    -------
    float32 array (side, side)
        0 where there is only paper, 1 where there is only ink.
    """
    segments = Segments.of(lines)
    ink: NDArray[np.float32] = stamped(segments, np.array([width]), side, fine)[0]
    return ink


def stamped(
    segments: Segments, widths: NDArray[np.floating], side: int, fine: int = 2
) -> NDArray[np.float32]:
    """
    Return the coverage of several drawings' pixels, as `coverage` does for one.

    Parameters
    ----------
    segments : Segments
        Of all drawings, in pixels.
    widths : float array (drawings,)
        Pen widths in pixels.
    side, fine : int
        As in `coverage`.

    Returns
    -------
    float32 array (drawings, side, side)
    """
    cut = segments.cut(LONGEST)
    longest = np.abs(cut.ends - cut.starts).max()
    window = int(np.ceil((widths.max() + longest) * fine)) + 2
    frame = side * fine + 2 * window
    ink = np.zeros(len(widths) * frame * frame, np.float32)
    pieces = _within(cut, window / fine, side)
    radii = (widths * fine / 2)[pieces.owner].astype(np.float32)
    starts = (pieces.starts * fine + window).astype(np.float32)
    ends = (pieces.ends * fine + window).astype(np.float32)
    for at in range(0, len(radii), PIECES):
        some = slice(at, at + PIECES)
        _stamp(ink, frame, starts[some], ends[some], radii[some], pieces.owner[some], window)
    inner = ink.reshape(-1, frame, frame)[:, window:-window, window:-window]
    blocks = inner.reshape(len(widths), side, fine, side, fine)
    pixels: NDArray[np.float32] = blocks.mean(axis=(2, 4), dtype=np.float32)
    return pixels


def _within(pieces: Segments, margin: float, side: int) -> Segments:
    """Leave out the pieces whose window would not touch the page."""
    low, high = pieces.starts.min(axis=1), pieces.starts.max(axis=1)
    keep = (low > LONGEST - margin) & (high < side - LONGEST + margin)
    if keep.all():
        return pieces
    return Segments(pieces.starts[keep], pieces.ends[keep], pieces.owner[keep])


def _stamp(
    ink: NDArray[np.float32],
    frame: int,
    starts: NDArray[np.float32],
    ends: NDArray[np.float32],
    radii: NDArray[np.float32],
    owner: NDArray[np.intp],
    window: int,
) -> None:
    """Raise the ink around each piece to what the piece covers, in units of samples."""
    corner = np.floor(np.minimum(starts, ends) - radii[:, None] - 0.5)
    at = corner[:, :, None] + np.arange(0.5, window, dtype=np.float32)  # (m, 2, window)
    off = at - starts[:, :, None]
    way = ends - starts
    length2 = np.maximum((way * way).sum(axis=1), 1e-12)[:, None]
    along = off * (way / length2)[:, :, None]
    share = along[:, 1, :, None] + along[:, 0, None, :]  # (m, window, window): rows, columns
    np.clip(share, 0, 1, out=share)
    dx = off[:, 0, None, :] - share * way[:, 0, None, None]
    dy = off[:, 1, :, None] - share * way[:, 1, None, None]
    dx *= dx
    dy *= dy
    dx += dy
    np.sqrt(dx, out=dx)
    np.subtract((radii + np.float32(0.5))[:, None, None], dx, out=dx)
    np.clip(dx, 0, 1, out=dx)
    column = corner.astype(np.intp)
    cells = (owner * frame + column[:, 1])[:, None] + np.arange(window)
    index = (cells * frame + column[:, :1])[:, :, None] + np.arange(window)
    np.maximum.at(ink, index.ravel(), dx.ravel())
