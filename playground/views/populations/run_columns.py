"""What varies between runs and what came of it, as numbers in columns: one column for each axis."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
import numpy.typing as npt

from playground.problems.array_types import Doubles
from playground.training.sweeps import METRICS, Sweep, SweepFrame, metric_values
from playground.training.sweeps.sweep import Axis


@dataclass(frozen=True, slots=True, eq=False)
class RunColumn:
    """One number of each run.

    Attributes
    ----------
    name : str
        As it stands on the axis.
    values : float64 array of shape (runs,)
        NaN where a run has none.
    labels : mapping of float to str
        Values that are labelled, if there are few of them, in place of round numbers.
    are_words : bool
        Whether values stand for words, which are counted from 0 and stand in `labels`.
    is_log : bool
        Whether equal factors, and not equal differences, matter.
    bounds : pair of float, optional
        The ends of the axis, above 0 where `is_log`; by default the smallest and the largest value.
    """

    name: str
    values: Doubles
    labels: Mapping[float, str]
    are_words: bool = False
    is_log: bool = False
    bounds: tuple[float, float] | None = None


@dataclass(frozen=True, slots=True, eq=False)
class RunColumns:
    """All columns of some runs.

    Attributes
    ----------
    columns : tuple of RunColumn
    failed : bool array of shape (runs,)
        Those that have diverged, or failed otherwise.
    """

    columns: tuple[RunColumn, ...]
    failed: npt.NDArray[np.bool_]

    def __len__(self) -> int:
        return len(self.failed)


def columns_of_sweep(frame: SweepFrame, moment: str = "last") -> RunColumns:
    """Return the settings that vary, and all metrics that any run has.

    Parameters
    ----------
    frame : SweepFrame
    moment : str
        See `metric_values`.
    """
    settings = setting_columns(frame.sweep)
    metrics = []
    for name, metric in METRICS.items():
        values = metric_values(frame, name, moment).astype(np.float64)
        # How soon is known of no run at first, and is an axis all the same.
        if metric.row is None or np.isfinite(values).any():
            bounds = (0.0, 1.0) if name.endswith("accuracy") else None
            metrics.append(RunColumn(name, values, {}, is_log=metric.is_log, bounds=bounds))
    return RunColumns((*settings, *metrics), frame.runs.diverged)


@lru_cache(maxsize=32)
def setting_columns(sweep: Sweep) -> tuple[RunColumn, ...]:
    """Return a column for each axis of a sweep, which stay the same as it is trained."""
    places = np.array([sweep.places(run) for run in range(len(sweep))])
    return tuple(map(_setting_column, sweep.axes, places.T))


def _setting_column(axis: Axis, places: npt.NDArray[np.int64]) -> RunColumn:
    variable = axis.variable
    if variable.is_number:
        numbers = np.array([float(each) for each in axis.values])
    else:
        numbers = np.arange(len(axis.values), dtype=np.float64)
    labels = dict(zip(numbers.tolist(), axis.texts, strict=True))
    is_log = variable.is_log and bool((numbers > 0).all())
    return RunColumn(
        variable.label, numbers[places], labels, are_words=not variable.is_number, is_log=is_log
    )
