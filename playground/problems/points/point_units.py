"""The units of a table from which points were read: names of its columns, and their scaling."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Self

import numpy as np

from playground.problems.preprocessing import Scaler
from playground.problems.problem import AxisUnits

MAX_NAME_LENGTH = 1000
DIGITS = 6
"""Digits of a number, in units of its scale, that single precision keeps."""


@dataclass(frozen=True, slots=True, eq=False)
class PointUnits:
    """Names and scaling of the columns for x, y and the label.

    Attributes
    ----------
    names : (str, str, str)
    scaling : Scaler
        From the units of the three columns to coordinates and values; the identity for classes.
    """

    names: tuple[str, str, str]
    scaling: Scaler

    def texts(self, values: np.ndarray[Any, Any], column: int) -> list[str]:
        """Write coordinates or values (n,) in the units of a column, as exactly as they are."""
        offset, scale = float(self.scaling.offset[column]), float(self.scaling.scale[column])
        decimals = DIGITS - math.floor(math.log10(scale))
        return [
            f"{round(value * scale + offset, decimals):.15g}"
            for value in np.asarray(values, np.float64).tolist()
        ]

    @property
    def axes(self) -> tuple[AxisUnits, AxisUnits]:
        """Names and units of the two coordinates."""
        offset, scale = (each.tolist() for each in (self.scaling.offset, self.scaling.scale))
        return (
            AxisUnits(self.names[0], offset[0], scale[0]),
            AxisUnits(self.names[1], offset[1], scale[1]),
        )

    def as_json(self) -> dict[str, Any]:
        """Return what JSON can hold."""
        return {
            "names": [*self.names],
            "offset": self.scaling.offset.tolist(),
            "scale": self.scaling.scale.tolist(),
        }

    @classmethod
    def from_json(cls, given: object) -> Self | None:
        """Return units that `as_json` has written; None for anything else."""
        if not isinstance(given, Mapping):
            return None
        parts = [given.get(key) for key in ("names", "offset", "scale")]
        if not all(isinstance(each, list) and len(each) == 3 for each in parts):
            return None
        names, *numbers = (list(each) for each in parts if each is not None)
        if not (
            all(isinstance(name, str) and len(name) <= MAX_NAME_LENGTH for name in names)
            and all(type(number) in (int, float) for each in numbers for number in each)
        ):
            return None
        try:
            offset, scale = (np.array(each, np.float64) for each in numbers)
        except OverflowError:  # JSON has whole numbers of any size.
            return None
        if not (np.isfinite(offset).all() and np.isfinite(scale).all() and (scale > 0).all()):
            return None
        return cls((names[0], names[1], names[2]), Scaler(offset, scale))
