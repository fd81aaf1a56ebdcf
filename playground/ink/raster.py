"""Renders ink on a grid of pixels, by the distance to the path of the pen."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from playground.ink.segments import Segments

MAX_PIECE_LENGTH = 1.5  # px; the windows of longer pieces would be mostly empty
PIECES_AT_ONCE = 2_048  # stamped at once: as many as fit in the processor's cache


def batch_coverage(
    segments: Segments, widths: NDArray[np.floating], side: int, oversampling: int = 2
) -> NDArray[np.float32]:
    """
    Return how much of each pixel the ink of several drawings covers.

    Parameters
    ----------
    segments : Segments
        Of all drawings, in pixels, y downwards; pixel (0, 0) reaches from 0 to 1.
    widths : float array (drawings,)
        Widths of the round pens, in pixels.
    side : int
        Pixels along each side of a picture.
    oversampling : int
        Samples along each side of a pixel; between samples the edge of the ink is smoothed.

    Returns
    -------
    float32 array (drawings, side, side)
        0 where there is only paper, 1 where there is only ink.
    """
    subdivided = segments.subdivide(MAX_PIECE_LENGTH)
    longest = np.abs(subdivided.ends - subdivided.starts).max()
    window = int(np.ceil((widths.max() + longest) * oversampling)) + 2
    frame = side * oversampling + 2 * window
    ink = np.zeros(len(widths) * frame * frame, np.float32)
    pieces = _pieces_near_page(subdivided, widths / 2 + 1 / oversampling, side)
    radii = (widths * oversampling / 2)[pieces.drawing_index].astype(np.float32)
    starts = (pieces.starts * oversampling + window).astype(np.float32)
    ends = (pieces.ends * oversampling + window).astype(np.float32)
    for at in range(0, len(radii), PIECES_AT_ONCE):
        some = slice(at, at + PIECES_AT_ONCE)
        _stamp_pieces(
            ink, frame, starts[some], ends[some], radii[some], pieces.drawing_index[some], window
        )
    inner = ink.reshape(-1, frame, frame)[:, window:-window, window:-window]
    blocks = inner.reshape(len(widths), side, oversampling, side, oversampling)
    pixels: NDArray[np.float32] = blocks.mean(axis=(2, 4), dtype=np.float32)
    return pixels


def _pieces_near_page(pieces: Segments, reach: NDArray[np.floating], side: int) -> Segments:
    """Leave out the pieces from which no ink, `reach` (drawings,) pixels wide, gets on the page."""
    margin = reach[pieces.drawing_index][:, None]
    low, high = np.minimum(pieces.starts, pieces.ends), np.maximum(pieces.starts, pieces.ends)
    keep = ((high > -margin) & (low < side + margin)).all(axis=1)
    if keep.all():
        return pieces
    return Segments(pieces.starts[keep], pieces.ends[keep], pieces.drawing_index[keep])


def _stamp_pieces(
    ink: NDArray[np.float32],
    frame: int,
    starts: NDArray[np.float32],
    ends: NDArray[np.float32],
    radii: NDArray[np.float32],
    drawing_index: NDArray[np.intp],
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
    cells = (drawing_index * frame + column[:, 1])[:, None] + np.arange(window)
    index = (cells * frame + column[:, :1])[:, :, None] + np.arange(window)
    np.maximum.at(ink, index.ravel(), dx.ravel())
