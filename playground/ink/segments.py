"""Straight segments of ink: the form of drawings from which they are rendered."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray


@dataclass(frozen=True)
class Segments:
    """
    The straight segments of one or more drawings.

    Attributes
    ----------
    starts, ends : float array (m, 2)
        Ends of each segment, (x, y), y downwards; equal if the segment is a dot.
    drawing_index : int array (m,)
        The drawing of each segment, ascending, every drawing present.
    """

    starts: NDArray[np.floating]
    ends: NDArray[np.floating]
    drawing_index: NDArray[np.intp]

    @classmethod
    def of(cls, lines: Sequence[NDArray[np.float64]]) -> Segments:
        """Return one drawing's polylines, each (n, 2) with n ≥ 1, as segments."""
        starts = [line[:-1] if len(line) > 1 else line for line in lines]
        ends = [line[1:] if len(line) > 1 else line for line in lines]
        count = sum(map(len, starts))
        return cls(np.concatenate(starts), np.concatenate(ends), np.zeros(count, np.intp))

    @property
    def first(self) -> NDArray[np.intp]:
        """The index of each drawing's first segment, (drawings,)."""
        return np.flatnonzero(np.diff(self.drawing_index, prepend=-1))

    @property
    def box(self) -> tuple[NDArray[np.floating], NDArray[np.floating]]:
        """The least and greatest (x, y) of each drawing, two arrays (drawings, 2)."""
        low = np.minimum.reduceat(np.minimum(self.starts, self.ends), self.first)
        high = np.maximum.reduceat(np.maximum(self.starts, self.ends), self.first)
        return low, high

    def transform(self, scale: NDArray[np.floating], shift: NDArray[np.floating]) -> Segments:
        """
        Return the segments scaled, then shifted.

        Parameters
        ----------
        scale : float array (drawings, 1)
        shift : float array (drawings, 2)
        """
        scale, shift = scale[self.drawing_index], shift[self.drawing_index]
        return Segments(self.starts * scale + shift, self.ends * scale + shift, self.drawing_index)

    def subdivide(self, longest: float) -> Segments:
        """Return the same ink in segments no longer than `longest`."""
        way = self.ends - self.starts
        parts = np.maximum(1, np.ceil(np.hypot(way[:, 0], way[:, 1]) / longest)).astype(np.intp)
        which = np.repeat(np.arange(len(parts)), parts)
        part = np.arange(len(which)) - np.repeat(np.cumsum(parts) - parts, parts)
        step = (way / parts[:, None])[which]
        starts = self.starts[which] + step * part[:, None]
        return Segments(starts, starts + step, self.drawing_index[which])
