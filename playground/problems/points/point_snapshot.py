"""Immutable snapshots of points in the plane."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from playground.problems.problem import Floats, Samples, Split

GOLDEN_FRACTION = (5**0.5 - 1) / 2


@dataclass(frozen=True, slots=True, eq=False)
class PointSnapshot:
    """An immutable set of points; every edit makes a new snapshot.

    Attributes
    ----------
    x : array of shape (n, 2), float32
        Positions, each coordinate from -6 to 6.
    y : array of shape (n,)
        Class numbers (int64), or values from -1 to 1 (float32) in regression.
    split_key : array of shape (n,), float64
        In [0, 1). A point is a training point if its key is less than the train ratio, and a
        test point otherwise, unless that would be too many or too few.
    names : tuple of str
        The names of the classes; empty in regression.
    """

    x: Floats
    y: npt.NDArray[np.int64] | Floats
    split_key: npt.NDArray[np.float64]
    names: tuple[str, ...]

    def __len__(self) -> int:
        return len(self.x)

    @property
    def regression(self) -> bool:
        """Whether `y` are values rather than classes."""
        return not self.names

    @property
    def samples(self) -> Samples:
        """All points, of the training and the test set."""
        return Samples(self.x, self.y)

    def split(self, train_ratio: float) -> Split:
        """Split the points into training and test set; see `split_key`.

        There are `train_ratio` times as many training points as points; of points that were
        painted, to within two, so that each stays in its set while others are painted.
        """
        is_train = self.split_key < train_ratio
        count = round(train_ratio * len(self))
        # Where points were removed, keys are no longer even.
        if abs(int(is_train.sum()) - count) > 2:
            is_train[:] = False
            is_train[np.argsort(self.split_key, kind="stable")[:count]] = True
        return Split(train=self.samples[is_train], test=self.samples[~is_train])


def default_class_names(classes: int) -> tuple[str, ...]:
    """Return default names of classes: "0", "1" and so on."""
    return tuple(map(str, range(classes)))


def even_split_keys(first: int, count: int) -> npt.NDArray[np.float64]:
    """Return numbers of the golden-ratio sequence in [0, 1), from `first` on.

    Every run of the sequence is spread evenly (three-distance theorem), so that every run of
    points is split in nearly the train ratio.
    """
    return (np.arange(first, first + count) * GOLDEN_FRACTION % 1).astype(np.float64)


def stratified_split_keys(labels: npt.NDArray[Any]) -> npt.NDArray[np.float64]:
    """Return keys by which any ratio splits the points exactly, and each class nearly so.

    Parameters
    ----------
    labels : array of shape (n,)
        Classes, or values, of which high and low ones are then spread over both sets.
    """
    keys = np.empty(len(labels))
    keys[np.argsort(labels, kind="stable")] = exact_split_keys(len(labels))
    return keys


def exact_split_keys(count: int) -> npt.NDArray[np.float64]:
    """Return `even_split_keys` moved a little, so that any ratio splits them exactly."""
    ranks = np.argsort(np.argsort(even_split_keys(0, count)))
    return (ranks + 0.5) / max(1, count)


def empty_snapshot(*, regression: bool = False) -> PointSnapshot:
    """Return a snapshot without points, with two classes or for regression."""
    y = np.zeros(0, np.float32) if regression else np.zeros(0, np.int64)
    names = () if regression else default_class_names(2)
    return PointSnapshot(np.zeros((0, 2), np.float32), y, np.zeros(0), names)
