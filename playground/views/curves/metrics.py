"""Loss and accuracy: their past, their place on an axis, and how they are written."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

import numpy as np
import numpy.typing as npt

from playground.training.core.metrics import Curves, Score

Range = tuple[float, float]
Line = npt.NDArray[np.float64]


class HasScores(Protocol):
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


class HasProgress(HasScores, Protocol):
    """A frame that knows where on its curves it stands."""

    @property
    def epochs_done(self) -> float:
        """Epochs so far, parts included: less than the curves', if this is of the past."""


@dataclass(frozen=True, slots=True)
class Metric:
    """Something measured on both sets of samples, and how it is shown.

    Attributes
    ----------
    name : str
        "loss" or "accuracy": what the fields of `Curves` and `Score` end with.
    tooltip : str
        Bokeh's format of a value.
    text : str
        Python's format of a value.
    lower_is_better : bool
        Whether it gets smaller as the network learns: the upper right corner stays free.
    """

    name: str
    tooltip: str
    text: str
    lower_is_better: bool


LOSS = Metric("loss", "0.0000", "#.3g", lower_is_better=True)
ACCURACY = Metric("accuracy", "0.0 %", ".1%", lower_is_better=False)


def metric_values(metric: Metric, frame: HasScores) -> list[Line]:
    """Values of the training and of the test samples, each of shape (n,)."""
    return [getattr(frame.curves, f"{part}_{metric.name}") for part in ("train", "test")]


def axis_values(line: npt.ArrayLike, log: bool) -> Line:
    """Heights of values on the axis; NaN where there is none."""
    metric_range = np.array(line, np.float64)
    metric_range[~(np.isfinite(metric_range) & ((metric_range > 0) | (not log)))] = np.nan
    return np.log10(metric_range) if log else metric_range


def value_text(part: str, value: float, metric: Metric) -> str:
    """Such as "train 0.0123"; nothing where there is no value."""
    return "" if np.isnan(value) else f"{part} {value:{metric.text}}"


def epoch_range(frame: HasScores) -> Range:
    """What the horizontal axis shows."""
    epoch = frame.curves.epoch
    return (float(epoch[0]), float(max(epoch[-1], epoch[0] + 1))) if len(epoch) else (0.0, 1.0)


def metric_range(metric: Metric, frame: HasScores, log: bool) -> Range:
    """What the vertical axis shows: all of the curves, and a little room."""
    line = axis_values(np.concatenate(metric_values(metric, frame)), log)
    line = line[np.isfinite(line)]
    low, high = (line.min(), line.max()) if len(line) else (0.0, 1.0)
    if log:
        room = max(0.05, 0.08 * (high - low))
        return float(low - room), float(high + room)
    if metric.lower_is_better:
        return 0.0, float(high) * 1.05 or 1.0
    low = max(0.0, np.floor(low * 10 - 0.5) / 10)
    return float(low), float(1 + 0.04 * (1 - low))
