"""Loss and accuracy over the epochs: values, axes, number formats, smoothing."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from itertools import accumulate
from typing import Protocol

import numpy as np
import numpy.typing as npt

from playground.number_text import format_loss, format_percent
from playground.training.core.frame_protocols import HasScores
from playground.views import ticks
from playground.views.figure import axis_range, borders
from playground.views.live_view import Properties
from playground.views.theme import Theme

Range = tuple[float, float]
Line = npt.NDArray[np.float64]


class HasProgress(HasScores, Protocol):
    """A frame that knows its position on the curves."""

    @property
    def epochs_done(self) -> float:
        """Epochs of training, with fractions; a checkpoint has fewer than the curves."""


@dataclass(frozen=True, slots=True)
class CurveMetric:
    """A quantity measured on training and test set, and how it is shown.

    Attributes
    ----------
    name : str
        "loss" or "accuracy", as in the names of the fields of `Curves` and `Score`.
    tooltip : str
        Format of a value in Bokeh.
    text : callable
        Returns a value as text.
    lower_is_better : bool
        Whether it falls as the network learns, so that the curves leave the upper right corner
        free.
    """

    name: str
    tooltip: str
    text: Callable[[float], str]
    lower_is_better: bool


LOSS = CurveMetric("loss", "0.0000", format_loss, lower_is_better=True)
ACCURACY = CurveMetric("accuracy", "0.0 %", format_percent, lower_is_better=False)

MAX_EPOCH_LABELS = 4
"""Of the axis of epochs: two figures stand side by side, also on a phone."""
EPOCH_FIGURE_OPTIONS: dict[str, object] = {
    "backend_opts": borders(left=46, right=12, top=8, bottom=24),
    "show_grid": True,
    "xticks": ticks.PATCHED_TICKS,
    "yticks": ticks.PATCHED_TICKS,
    "xlabel": "",
    "ylabel": "",
}
"""HoloViews options of a figure of curves over epochs; see `figure.compose`."""


def epoch_figure_properties(
    metric: CurveMetric, frame: HasScores, theme: Theme, log: bool
) -> Properties:
    """Ranges, ticks and grid lines of a figure of curves over epochs."""
    across, up = epoch_range(frame), metric_range(metric, frame, log)
    tick_labels = ticks.logarithmic(*up) if log else ticks.linear(*up)
    if not metric.lower_is_better:
        tick_labels = {value: f"{value:.0%}" for value in tick_labels}
    return {
        **axis_range("x", *across),
        **axis_range("y", *up),
        **ticks.axis("xaxis", ticks.linear(*across, MAX_EPOCH_LABELS)),
        **ticks.axis("yaxis", tick_labels),
        "0.plot.ygrid.grid_line_color": theme.line,
    }


def metric_values(metric: CurveMetric, frame: HasScores) -> list[Line]:
    """Values on the training set and on the test set, each of shape (n,)."""
    return [getattr(frame.curves, f"{part}_{metric.name}") for part in ("train", "test")]


def axis_values(line: npt.ArrayLike, log: bool) -> Line:
    """Positions of values on the axis; NaN for values that have none."""
    values = np.array(line, np.float64)
    values[~(np.isfinite(values) & ((values > 0) | (not log)))] = np.nan
    return np.log10(values) if log else values


def score_text(part: str, value: float, metric: CurveMetric) -> str:
    """Format a value with its set, such as "train 0.0123"; empty for NaN."""
    return "" if np.isnan(value) else f"{part} {metric.text(value)}"


def epoch_range(frame: HasScores) -> Range:
    """Range of the horizontal axis."""
    epoch = frame.curves.epoch
    return (float(epoch[0]), float(max(epoch[-1], epoch[0] + 1))) if len(epoch) else (0.0, 1.0)


def metric_range(metric: CurveMetric, frame: HasScores, log: bool) -> Range:
    """Range of the vertical axis: all values of the curves, with a margin."""
    line = axis_values(np.concatenate(metric_values(metric, frame)), log)
    line = line[np.isfinite(line)]
    low, high = (line.min(), line.max()) if len(line) else (0.0, 1.0)
    if log:
        margin = max(0.05, 0.08 * (high - low))
        return float(low - margin), float(high + margin)
    if metric.lower_is_better:
        return 0.0, float(high) * 1.05 or 1.0
    low = max(0.0, np.floor(low * 10 - 0.5) / 10)
    return float(low), float(1 + 0.04 * (1 - low))


def smooth(values: npt.ArrayLike, weight: float) -> npt.NDArray[np.float64]:
    """Debiased exponential moving average: the first values are not biased towards 0.

    Values that are not finite are returned unchanged and do not enter the average.

    Parameters
    ----------
    values : array of shape (n,)
    weight : float
        Share of the average that is kept at each value, from 0 (no smoothing) to below 1.

    Returns
    -------
    float64 array of shape (n,)

    Notes
    -----
    As in TensorBoard's scalar charts; the correction is that of Adam: Kingma and Ba (2015),
    "Adam: a method for stochastic optimization", section 3.
    """
    smoothed = np.array(values, np.float64)
    finite = np.isfinite(smoothed)
    shares = (smoothed[finite] * (1 - weight)).tolist()
    sums = np.fromiter(accumulate(shares, lambda total, share: total * weight + share), np.float64)
    smoothed[finite] = sums / (1 - weight ** np.arange(1, len(sums) + 1))
    return smoothed
