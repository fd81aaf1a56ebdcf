"""Points of the plane as they were at one moment."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from playground.problems.problem import Floats, Samples, Split

GOLDEN_FRACTION = (5**0.5 - 1) / 2


@dataclass(frozen=True, slots=True, eq=False)
class PointSnapshot:
    """Points that never change; whoever edits makes a new snapshot.

    Attributes
    ----------
    x : array of shape (n, 2), float32
        Places, each coordinate from -6 to 6.
    y : array of shape (n,)
        Class numbers (int64), or values from -1 to 1 (float32) in regression.
    split_key : array of shape (n,), float64
        From 0 up to but not including 1. A point is learned from while the train ratio is
        greater than its share, and is a test point otherwise.
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
        """All the points, whichever part they belong to."""
        return Samples(self.x, self.y)

    def split(self, train_ratio: float) -> Split:
        """Part the points in those to learn from and those to be examined with."""
        is_train = self.split_key < train_ratio
        return Split(train=self.samples[is_train], test=self.samples[~is_train])


def default_class_names(classes: int) -> tuple[str, ...]:
    """Names for so many classes that have no better ones: "0", "1" and so on."""
    return tuple(map(str, range(classes)))


def even_split_keys(first: int, count: int) -> npt.NDArray[np.float64]:
    """Numbers `first` to `first + count` of the golden-ratio sequence in [0, 1).

    Any run of them is spread evenly (its three-distance property), so any run of points is
    parted in the train ratio, however short and wherever it begins.
    """
    return (np.arange(first, first + count) * GOLDEN_FRACTION % 1).astype(np.float64)


def empty_snapshot(*, regression: bool = False) -> PointSnapshot:
    """No points, two classes or none."""
    y = np.zeros(0, np.float32) if regression else np.zeros(0, np.int64)
    names = () if regression else default_class_names(2)
    return PointSnapshot(np.zeros((0, 2), np.float32), y, np.zeros(0), names)
