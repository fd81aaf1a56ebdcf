"""Conversion between rows in the units of the user and the inputs of a network."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Self

import numpy as np
import numpy.typing as npt

from playground.problems.array_types import Doubles, Floats
from playground.problems.input_columns import InputColumn

SINGLE_PRECISION_LOSS = 1e-5
"""What rounding to single precision may change at most, once scaled, for files to use it."""
MAX_DECIMALS = 9
MAX_WRITTEN_OUT = 1e15


@dataclass(frozen=True, slots=True, eq=False)
class Scaler:
    """A linear scaling of columns in double precision: (values - offset) / scale.

    Attributes
    ----------
    offset, scale : float64 arrays of shape (k,), or of shape (1,) for any number of columns
        `scale` is positive.
    """

    offset: Doubles
    scale: Doubles

    @classmethod
    def identity(cls) -> Self:
        """Return a scaler that leaves any number of columns unchanged."""
        return cls(np.zeros(1), np.ones(1))

    @classmethod
    def standard(cls, x: Doubles, kept: npt.NDArray[np.bool_] | None = None) -> Self:
        """Return a scaler of columns (n, k) to mean 0 and standard deviation 1; constants to 0.

        Columns that are `kept`, a boolean array of shape (k,), stay as they are.
        """
        # Differences from the first row are exact where numbers are large and nearly equal, and
        # those of a constant column are exactly 0.
        first = x[0]
        differences = x - first
        reach = _nonzero(np.abs(differences).max(axis=0))
        shares = differences / reach
        mean = first + reach * shares.mean(axis=0)
        deviation = _nonzero(reach * shares.std(axis=0))
        if kept is None:
            return cls(mean, deviation)
        return cls(np.where(kept, 0.0, mean), np.where(kept, 1.0, deviation))

    @classmethod
    def min_max(cls, y: npt.NDArray[Any]) -> Self:
        """Return a scaler of values (n,) to the range from -1 to 1; constants to 0."""
        half = (y.max() - y.min()) / 2
        return cls(np.array([y.min() + half]), _nonzero(np.array([half])))

    @property
    def is_identity(self) -> bool:
        """Whether values stay as they are."""
        return not self.offset.any() and bool((self.scale == 1).all())

    def transform(self, values: npt.NDArray[Any]) -> Doubles:
        """Scale values (..., k)."""
        scaled: Doubles = (np.asarray(values, np.float64) - self.offset) / self.scale
        return scaled

    def inverse_transform(self, values: npt.NDArray[Any]) -> Doubles:
        """Undo `transform` on scaled values (..., k)."""
        unscaled: Doubles = np.asarray(values, np.float64) * self.scale + self.offset
        return unscaled

    def inverse_transform_value(self, value: float, column: int = 0) -> float:
        """Undo `transform` on one value of a column."""
        place = column % len(self.scale)
        return float(value * self.scale[place] + self.offset[place])

    def format(self, value: float, column: int = 0) -> str:
        """Write a value in the units of the user, with three digits of the column's scale."""
        scale = float(self.scale[column % len(self.scale)])
        decimals = min(max(2 - math.floor(math.log10(scale)), 0), MAX_DECIMALS)
        return f"{value:,.{decimals}f}" if abs(value) < MAX_WRITTEN_OUT else f"{value:.6g}"

    def file_type(self, values: npt.NDArray[Any]) -> type[np.float32] | type[np.float64]:
        """Return the type of numbers in which a file takes or gives values like these (..., k).

        Single precision, unless rounding to it would change them by more than 0.00001 once
        scaled, as with seconds since 1970.
        """
        with np.errstate(over="ignore"):
            rounded = values.astype(np.float32).astype(np.float64)
            change = np.abs(rounded - values) / self.scale
        fits = self.is_identity or bool((change <= SINGLE_PRECISION_LOSS).all())
        return np.float32 if fits else np.float64


@dataclass(frozen=True, slots=True, eq=False)
class Preprocessing:
    """The scaling of a problem's inputs and targets, which every export carries.

    Attributes
    ----------
    inputs : Scaler
        Of rows (n, inputs).
    targets : Scaler
        Of values (n, 1); the identity where there are classes.
    input_type, value_type : float32 or float64
        The numbers in which files take inputs and give values.
    columns : tuple of InputColumn
        The columns that make the inputs; empty where each input is a column of numbers.
    fill : float64 array of shape (inputs,), or None
        What a missing input, NaN, is replaced by before it is scaled; None if none may be missing.
    """

    inputs: Scaler
    targets: Scaler
    input_type: type[np.float32] | type[np.float64] = np.float32
    value_type: type[np.float32] | type[np.float64] = np.float32
    columns: tuple[InputColumn, ...] = ()
    fill: Doubles | None = None

    def encode_inputs(self, rows: npt.NDArray[Any]) -> Floats:
        """Convert rows (n, inputs) from the units of the user to what the network is given."""
        filled = rows if self.fill is None else np.where(np.isnan(rows), self.fill, rows)
        return self.inputs.transform(filled).astype(np.float32)

    def decode_outputs(self, answers: npt.NDArray[Any]) -> npt.NDArray[Any]:
        """Convert values (n, 1) to the units of the user; probabilities stay unchanged."""
        return answers if self.targets.is_identity else self.targets.inverse_transform(answers)

    def as_json(self, inputs: Sequence[str]) -> dict[str, Any]:
        """Return what JSON can hold: the offsets and scales of the named inputs and of values.

        Where inputs may be missing, "missing" is what replaces them.
        """
        missing = {} if self.fill is None else {"missing": self.fill.tolist()}
        offset, scale = (
            np.broadcast_to(each, len(inputs)).tolist()
            for each in (self.inputs.offset, self.inputs.scale)
        )
        return {
            "inputs": {"names": [*inputs], "offset": offset, "scale": scale, **missing},
            "values": {
                "offset": float(self.targets.offset[0]),
                "scale": float(self.targets.scale[0]),
            },
        }

    @property
    def is_identity(self) -> bool:
        """Whether a network is given the inputs, and gives values, in the units of the user."""
        return self.inputs.is_identity and self.targets.is_identity and self.fill is None


UNCHANGED = Preprocessing(Scaler.identity(), Scaler.identity())
"""No preprocessing: inputs and values are as they are."""


def _nonzero(sizes: Doubles) -> Doubles:
    return np.where(sizes > 0, sizes, 1.0)
