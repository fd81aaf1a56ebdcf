"""What every problem has in common: inputs, outputs, and the samples to learn from."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import param
import torch

Floats = npt.NDArray[np.float32]
FeatureMap = Mapping[str, Callable[[torch.Tensor], torch.Tensor]]


@dataclass(frozen=True, slots=True, eq=False)
class Samples:
    """Inputs and what they should be answered with.

    Attributes
    ----------
    x : array of shape (n, inputs), float32
        One row a sample.
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
    """The samples a network learns from, and those it is only examined with."""

    train: Samples
    test: Samples


@dataclass(frozen=True, slots=True)
class Plane:
    """The two inputs that a boundary is drawn over, and where the other inputs are held.

    Attributes
    ----------
    axes : (int, int)
        Which inputs run along the horizontal and the vertical axis.
    low, high : float
        Both axes show the range from `low` to `high`.
    pins : tuple of float, one for each input
        The values of all inputs; those of the two axes are ignored.
    thickness : float
        A sample belongs to the plane if it is at most so far from it along any other input.
    """

    axes: tuple[int, int]
    low: float
    high: float
    pins: tuple[float, ...]
    thickness: float = 0.5

    def grid(self, side: int) -> Floats:
        """Points at the centres of `side` x `side` cells, row by row from the lowest upwards.

        Returns
        -------
        array of shape (side * side, inputs), float32
        """
        return self.points(*np.meshgrid(self.ticks(side), self.ticks(side)))

    def ticks(self, side: int) -> Floats:
        """Cell centres along one axis, shape (side,)."""
        half = (self.high - self.low) / (2 * side)
        return np.linspace(self.low + half, self.high - half, side, dtype=np.float32)

    def points(self, across: npt.ArrayLike, up: npt.ArrayLike) -> Floats:
        """Full input rows for positions in the plane, shape (n, inputs)."""
        across, up = np.ravel(across), np.ravel(up)
        rows = np.tile(np.asarray(self.pins, np.float32), (len(across), 1))
        rows[:, self.axes[0]] = across
        rows[:, self.axes[1]] = up
        return rows


class Problem(param.Parameterized):
    """Something to learn. Subclasses declare what can be chosen about it as parameters.

    A change of any parameter is a change of the data: whoever trains on it compares
    `samples()` and the properties below with what they last saw.
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
        """Where the decision boundary is drawn."""
        raise NotImplementedError

    @property
    def features(self) -> FeatureMap:
        """What a network may be given: name to a function (n, inputs) -> (n,)."""
        raise NotImplementedError

    @property
    def remark(self) -> str | None:
        """What is odd about the problem, in a sentence for people, if anything is."""
        return None

    def encode_inputs(self, x: npt.ArrayLike) -> Floats:
        """Bring rows of inputs (n, inputs), as people have them, to what `samples` holds."""
        return np.asarray(x, np.float32)

    def decode_outputs(self, answers: Floats) -> Floats:
        """Bring values (n, 1), or probabilities, to what people have."""
        return answers

    def samples(self) -> Split:
        """The samples as they are now; the very same object for as long as nothing changes."""
        raise NotImplementedError
