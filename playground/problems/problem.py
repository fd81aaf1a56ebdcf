"""The base class of problems, with their samples, split and plane."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import param
import torch

from playground.problems.array_types import Floats as Floats  # for the modules of all layers
from playground.problems.preprocessing import UNCHANGED, Preprocessing

FeatureMap = Mapping[str, Callable[[torch.Tensor], torch.Tensor]]


@dataclass(frozen=True, slots=True, eq=False)
class Samples:
    """Inputs and their targets.

    Attributes
    ----------
    x : array of shape (n, inputs), float32
        One row for each sample.
    y : array of shape (n,)
        Class numbers (int64) in classification, values (float32) in regression.
    """

    x: Floats
    y: npt.NDArray[np.int64] | Floats

    def __len__(self) -> int:
        return len(self.x)

    def __getitem__(self, rows: npt.NDArray[np.bool_] | npt.NDArray[np.int64] | slice) -> Samples:
        return Samples(self.x[rows], self.y[rows])


@dataclass(frozen=True, slots=True, eq=False)
class Split:
    """Training samples and test samples."""

    train: Samples
    test: Samples


@dataclass(frozen=True, slots=True)
class AxisUnits:
    """What an axis is called, and its units: a coordinate times `scale`, plus `offset`."""

    name: str
    offset: float
    scale: float


@dataclass(frozen=True, slots=True)
class Plane:
    """The plane of two inputs over which a boundary is drawn; other inputs are constant.

    Attributes
    ----------
    axes : (int, int)
        Indices of the inputs on the horizontal and the vertical axis.
    low, high : float
        The range of both axes.
    pins : tuple of float, one for each input
        The values of all inputs; those of the two axes are ignored.
    thickness : float
        A sample is drawn if it is at most so far from the plane along every other input.
    offset, scale : tuple of float, one for each input
        An input is its coordinate times `scale` plus `offset`; empty where it is the coordinate.
        Inputs of very different size can so be drawn over one plane.
    units : tuple of AxisUnits, one for each input
        For places that are shown in other units than those of the inputs; empty elsewhere.
    """

    axes: tuple[int, int]
    low: float
    high: float
    pins: tuple[float, ...]
    thickness: float = 0.5
    offset: tuple[float, ...] = ()
    scale: tuple[float, ...] = ()
    units: tuple[AxisUnits, ...] = ()

    def grid(self, side: int) -> Floats:
        """Return the centres of `side` x `side` cells, row by row from the lowest upwards.

        Returns
        -------
        array of shape (side * side, inputs), float32
        """
        return self.points(*np.meshgrid(self.ticks(side), self.ticks(side)))

    def ticks(self, side: int) -> Floats:
        """Return the centres of the cells along one axis, shape (side,)."""
        half = (self.high - self.low) / (2 * side)
        return np.linspace(self.low + half, self.high - half, side, dtype=np.float32)

    def points(self, across: npt.ArrayLike, up: npt.ArrayLike) -> Floats:
        """Return full rows of inputs for positions in the plane, shape (n, inputs)."""
        across, up = np.ravel(across), np.ravel(up)
        rows = np.tile(np.asarray(self.pins, np.float32), (len(across), 1))
        rows[:, self.axes[0]] = across
        rows[:, self.axes[1]] = up
        if not self.scale:
            return rows
        inputs = rows * np.asarray(self.scale) + np.asarray(self.offset)
        return np.asarray(inputs, np.float32)

    def coordinates(self, x: Floats) -> Floats:
        """Return the coordinates of inputs (n, inputs): the inverse of `points`."""
        if not self.scale:
            return x
        places = (x - np.asarray(self.offset)) / np.asarray(self.scale)
        return np.asarray(places, np.float32)


class Problem(param.Parameterized):
    """The base class of problems. Subclasses declare their settings as parameters.

    A change of any parameter can change the data: a trainer compares `samples()` and the
    properties below with their previous values.
    """

    @property
    def inputs(self) -> tuple[str, ...]:
        """The names of the inputs, one for each column of `Samples.x`."""
        raise NotImplementedError

    @property
    def classes(self) -> tuple[str, ...]:
        """The names of the classes, two or more; empty in regression."""
        raise NotImplementedError

    @property
    def plane(self) -> Plane:
        """The plane over which the decision boundary is drawn."""
        raise NotImplementedError

    @property
    def features(self) -> FeatureMap:
        """The features that a network can take, as functions (n, inputs) -> (n,) by name."""
        raise NotImplementedError

    @property
    def remark(self) -> str | None:
        """A sentence about a fault of the data, for display, or None."""
        return None

    @property
    def preprocessing(self) -> Preprocessing:
        """The way from the units of the user to those of `samples`, and back."""
        return UNCHANGED

    def samples(self) -> Split:
        """Return the current samples; the same object while nothing changes."""
        raise NotImplementedError
