"""What runs of a sweep are compared by."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from playground.errors import InputError
from playground.number_text import format_percent
from playground.problems.problem import Floats
from playground.training.populations.scores import SCORES
from playground.training.sweeps.frame import SweepFrame

LAST, BEST = MOMENTS = ("last", "best")
"""At the epoch that is shown, or the best of all epochs until then that the curves hold."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Metric:
    """A number by which runs are compared.

    Attributes
    ----------
    score : str or None
        The one of `SCORES` that it is.
    lower_is_better : bool
    is_log : bool
        Whether equal factors, and not equal differences, matter.
    text : callable
        Writes a value.
    """

    score: str | None
    lower_is_better: bool
    is_log: bool
    text: Callable[[float], str]

    @property
    def row(self) -> int | None:
        """The row of it in `PopulationFrame.scores`."""
        return None if self.score is None else SCORES.index(self.score)


def _loss_text(value: float) -> str:
    """A loss in few digits, since it stands in small cells."""
    return f"{value:.3f}" if 0.0005 <= value < 10 else f"{value:.2g}"


def _share_text(value: float) -> str:
    return format_percent(value, 0)


def _count_text(value: float) -> str:
    return f"{value:.0f}"


def _loss(score: str) -> Metric:
    return Metric(score=score, lower_is_better=True, is_log=True, text=_loss_text)


def _accuracy(score: str) -> Metric:
    return Metric(score=score, lower_is_better=False, is_log=False, text=_share_text)


METRICS: dict[str, Metric] = {
    "test loss": _loss("test_loss"),
    "training loss": _loss("train_loss"),
    "test accuracy": _accuracy("test_accuracy"),
    "training accuracy": _accuracy("train_accuracy"),
    "epochs to learn": Metric(score=None, lower_is_better=True, is_log=False, text=_count_text),
}
"""All metrics, by name."""


@dataclass(frozen=True, slots=True, eq=False)
class SettingValues:
    """A metric of all runs of each setting, over the seeds that it is trained from.

    Attributes
    ----------
    median : array of shape (settings,)
        Runs without a value count as the worst; NaN where the median is such a one.
    low, high : array of shape (settings,)
        The smallest and the largest value there is; NaN where there is none.
    missing : int64 array of shape (settings,)
        Number of runs without a value.
    """

    median: Floats
    low: Floats
    high: Floats
    missing: npt.NDArray[np.int64]


def metrics_of(frame: SweepFrame) -> tuple[str, ...]:
    """Return the names of those metrics that there are: of values no accuracy, tests if any."""
    runs = frame.runs
    missing = {
        *(() if runs.classes else ("training accuracy", "test accuracy")),
        *(() if len(runs.samples.test) else ("test loss", "test accuracy")),
    }
    return tuple(name for name in METRICS if name not in missing)


def values_of_settings(frame: SweepFrame, metric: str, moment: str = LAST) -> SettingValues:
    """Return the median of each setting, and its spread; see `metric_values`."""
    settings = len(frame.sweep) // frame.sweep.seeds_per_setting
    setting = np.arange(len(frame.sweep)) % settings
    return grouped_values(metric_values(frame, metric, moment), setting, settings, metric)


def grouped_values(
    values: Floats, group: npt.NDArray[np.int64], groups: int, metric: str
) -> SettingValues:
    """Return the median of the values of each group, and their spread.

    Parameters
    ----------
    values : array of shape (runs,)
        NaN where there is none.
    group : int64 array of shape (runs,)
        The number of the group of each, below `groups`.
    groups : int
    metric : str
        A name of `METRICS`.
    """
    counts = np.bincount(group, minlength=groups)
    order = np.argsort(group, kind="stable")
    place = np.arange(len(values)) - np.repeat(np.cumsum(counts) - counts, counts)
    table = np.full((max(int(counts.max(initial=0)), 1), groups), np.nan, np.float32)
    table[place, group[order]] = values[order]
    exists = np.arange(len(table))[:, None] < counts
    worst = np.float32(np.inf if METRICS[metric].lower_is_better else -np.inf)
    ranked = np.sort(np.where(exists & np.isnan(table), worst, table), axis=0)  # NaN last
    middles = (np.maximum(counts - 1, 0) // 2, np.minimum(counts // 2, len(table) - 1))
    lower, upper = (np.take_along_axis(ranked, each[None], 0)[0] for each in middles)
    median = (lower + upper) / 2
    return SettingValues(
        np.where(np.isfinite(median), median, np.float32(np.nan)),
        np.fmin.reduce(table, axis=0),
        np.fmax.reduce(table, axis=0),
        (exists & np.isnan(table)).sum(0),
    )


def metric_values(frame: SweepFrame, metric: str, moment: str = LAST) -> Floats:
    """Return a metric of each run, NaN where it has none: such as those that have diverged.

    Parameters
    ----------
    frame : SweepFrame
    metric : str
        A name of `METRICS`.
    moment : str
        One of `MOMENTS`; the epochs to learn are the same at both.

    Raises
    ------
    InputError
        If there is no such metric or moment.
    """
    if metric not in METRICS or moment not in MOMENTS:
        raise InputError(
            f"There is no metric {metric!r} at the moment {moment!r}: metrics are "
            f"{', '.join(METRICS)}; moments are {', '.join(MOMENTS)}."
        )
    chosen, runs = METRICS[metric], frame.runs
    if chosen.row is None:
        values = runs.learned_epoch.astype(np.float32)
        return np.where(values >= 0, values, np.float32(np.nan))
    if moment == LAST:
        values = runs.scores[chosen.row]
    else:
        pick = np.fmin if chosen.lower_is_better else np.fmax
        until = runs.curves[runs.curve_epochs <= runs.epoch, chosen.row]
        # The newest scores may be of an epoch under way, which the curves do not hold yet.
        values = pick.reduce(np.vstack([until, runs.scores[chosen.row]]), axis=0)
    return np.where(runs.diverged, np.float32(np.nan), values)
