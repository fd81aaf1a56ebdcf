"""The editable set of points, which can change while a network is trained on it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import numpy as np
import numpy.typing as npt

from playground.errors import InputError
from playground.problems.points.point_snapshot import PointSnapshot, empty_snapshot, even_split_keys
from playground.problems.points.point_units import PointUnits
from playground.problems.points.position_checks import check_labels, check_positions
from playground.problems.problem import Floats

MAX_POINTS = 10_000

Indices = npt.NDArray[np.int64]


class PointSet:
    """An editable set of points in the plane.

    Each change replaces the snapshot by another object, so that other threads can read during an
    edit. Positions outside the plane are moved to its edge.

    Parameters
    ----------
    points : PointSnapshot, optional
        The initial points; no points and two classes if left out.
    remark : str, optional
        A sentence about the origin of the points, for display.
    units : PointUnits, optional
        Of the table from which the points were read.
    """

    def __init__(
        self,
        points: PointSnapshot | None = None,
        remark: str | None = None,
        units: PointUnits | None = None,
    ) -> None:
        self.remark, self.units = remark, units
        self._points = empty_snapshot() if points is None else points
        self._next_split_key = len(self._points)

    def __len__(self) -> int:
        return len(self._points)

    @property
    def x(self) -> Floats:
        """Positions, shape (n, 2), each coordinate from -6 to 6."""
        return self._points.x

    @property
    def y(self) -> npt.NDArray[np.int64] | Floats:
        """Class numbers (int64) or values from -1 to 1 (float32), shape (n,)."""
        return self._points.y

    @property
    def split_key(self) -> npt.NDArray[np.float64]:
        """Numbers that assign points to train or test, shape (n,); see `PointSnapshot`."""
        return self._points.split_key

    @property
    def names(self) -> tuple[str, ...]:
        """The names of the classes, two or more; empty in regression."""
        return self._points.names

    @property
    def regression(self) -> bool:
        """Whether the points have values rather than classes."""
        return self._points.regression

    def snapshot(self) -> PointSnapshot:
        """Return the current points; the same object while nothing changes."""
        return self._points

    def replace_all(self, points: PointSnapshot) -> None:
        """Replace all points by those of a snapshot."""
        self._next_split_key = len(points)
        self._points = points

    def clear(self, *, regression: bool | None = None) -> None:
        """Remove all points; if `regression` is None, the kind of the labels stays the same."""
        self.replace_all(
            empty_snapshot(regression=self.regression if regression is None else regression)
        )

    def add(self, position: npt.ArrayLike, label: npt.ArrayLike) -> None:
        """Add one point, or several.

        Parameters
        ----------
        position : array-like of shape (2,) or (n, 2)
            Position or positions.
        label : number or array-like of shape (n,)
            Class number 0 to 11, or value from -1 to 1 in regression. A new class number adds
            names for classes up to it.

        Raises
        ------
        InputError
            If a position is not two finite numbers, a label is not allowed, or the set would
            exceed 10,000 points. No point is added then.
        """
        old = self._points
        x = check_positions(position)
        if len(old) + len(x) > MAX_POINTS:
            raise InputError(
                f"There are {len(old)} points; with {len(x)} more they would be "
                f"{len(old) + len(x)}, and {MAX_POINTS} is the most allowed."
            )
        y = check_labels(label, old.regression).astype(old.y.dtype)
        self._points = PointSnapshot(
            np.concatenate([old.x, x]),
            np.concatenate([old.y, np.broadcast_to(y, len(x))]),
            np.concatenate([old.split_key, even_split_keys(self._next_split_key, len(x))]),
            _extend_names(old.names, y),
        )
        self._next_split_key += len(x)

    def move(self, index: int, position: npt.ArrayLike) -> None:
        """Move one point; InputError if the point does not exist or the position is invalid."""
        self._check_indices(np.array([index]))
        x = self._points.x.copy()
        x[index] = check_positions(position)
        self._points = replace(self._points, x=x)

    def remove(self, indices: int | Sequence[int] | Indices) -> None:
        """Remove one point or several; InputError if one of them does not exist."""
        indices = np.atleast_1d(np.asarray(indices, np.int64))
        self._check_indices(indices)
        old = self._points
        kept = np.delete(np.arange(len(old)), indices)
        self._points = PointSnapshot(old.x[kept], old.y[kept], old.split_key[kept], old.names)

    def nearest(self, position: npt.ArrayLike, within: float) -> int | None:
        """Return the index of the point nearest to a position; None if over `within` away."""
        distances = self._distances(position)
        if not (distances <= within).any():
            return None
        return int(np.argmin(distances))

    def within(self, position: npt.ArrayLike, radius: float) -> Indices:
        """Return the indices of all points at most `radius` away from a position."""
        return np.flatnonzero(self._distances(position) <= radius)

    def _distances(self, position: npt.ArrayLike) -> npt.NDArray[np.float64]:
        offsets = self._points.x - np.asarray(position, np.float64)
        return np.hypot(offsets[:, 0], offsets[:, 1])

    def _check_indices(self, indices: Indices) -> None:
        missing = indices[(indices < 0) | (indices >= len(self))]
        if len(missing):
            raise InputError(f"There is no point {missing[0]}; there are {len(self)}, from 0 on.")


def _extend_names(names: tuple[str, ...], labels: npt.NDArray[Any]) -> tuple[str, ...]:
    """Return the class names, extended by names for new labels; () in regression."""
    if not names:
        return ()
    for number in range(len(names), int(labels.max(initial=0)) + 1):
        names += (f"class {number}" if str(number) in names else str(number),)
    return names
