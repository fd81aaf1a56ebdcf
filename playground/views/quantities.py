"""Loss and accuracy: their past, their place on an axis, and how they are written."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

import numpy as np
import numpy.typing as npt

from playground.training.frame import Curves, Score

Range = tuple[float, float]
Line = npt.NDArray[np.float64]


class Scored(Protocol):
    """A frame of anything that is scored while it learns."""

    @property
    def curves(self) -> Curves:
        """The past."""

    @property
    def train(self) -> Score:
        """Now, on what is learned from."""

    @property
    def test(self) -> Score:
        """Now, on what is not."""


class Placed(Scored, Protocol):
    """A frame that knows where on its curves it stands."""

    @property
    def reached(self) -> float:
        """Epochs so far, parts included: less than the curves', if this is of the past."""


@dataclass(frozen=True, slots=True)
class Quantity:
    """Something measured on both sets of samples, and how it is shown.

    Attributes
    ----------
    name : str
        "loss" or "accuracy": what the fields of `Curves` and `Score` end with.
    tooltip : str
        Bokeh's format of a value.
    text : str
        Python's format of a value.
    falls : bool
        Whether it gets smaller as the network learns: the upper right corner stays free.
    """

    name: str
    tooltip: str
    text: str
    falls: bool


LOSS = Quantity("loss", "0.0000", "#.3g", falls=True)
ACCURACY = Quantity("accuracy", "0.0 %", ".1%", falls=False)


def measured(quantity: Quantity, frame: Scored) -> list[Line]:
    """Values of the training and of the test samples, each of shape (n,)."""
    return [getattr(frame.curves, f"{part}_{quantity.name}") for part in ("train", "test")]


def scaled(line: npt.ArrayLike, log: bool) -> Line:
    """Heights of values on the axis; NaN where there is none."""
    heights = np.array(line, np.float64)
    heights[~(np.isfinite(heights) & ((heights > 0) | (not log)))] = np.nan
    return np.log10(heights) if log else heights


def words(part: str, value: float, quantity: Quantity) -> str:
    """Such as "train 0.0123"; nothing where there is no value."""
    return "" if np.isnan(value) else f"{part} {value:{quantity.text}}"


def epochs(frame: Scored) -> Range:
    """What the horizontal axis shows."""
    epoch = frame.curves.epoch
    return (float(epoch[0]), float(max(epoch[-1], epoch[0] + 1))) if len(epoch) else (0.0, 1.0)


def heights(quantity: Quantity, frame: Scored, log: bool) -> Range:
    """What the vertical axis shows: all of the curves, and a little room."""
    line = scaled(np.concatenate(measured(quantity, frame)), log)
    line = line[np.isfinite(line)]
    low, high = (line.min(), line.max()) if len(line) else (0.0, 1.0)
    if log:
        room = max(0.05, 0.08 * (high - low))
        return float(low - room), float(high + room)
    if quantity.falls:
        return 0.0, float(high) * 1.05 or 1.0
    low = max(0.0, np.floor(low * 10 - 0.5) / 10)
    return float(low), float(1 + 0.04 * (1 - low))
