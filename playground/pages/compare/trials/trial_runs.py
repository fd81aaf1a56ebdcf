"""The trials of a sweep as runs that views compare."""

from __future__ import annotations

import itertools
from dataclasses import dataclass
from functools import cached_property
from html import escape
from typing import Any

import numpy as np
import numpy.typing as npt

from playground.pages.compare.table.runs_table import Cell
from playground.pages.compare.trials.trial_columns import (
    NO_METRIC,
    metric_of,
    rows_of,
    setting_column,
)
from playground.pages.compare.trials.trial_sentences import trial_html
from playground.problems.problem import Floats
from playground.training.sweeps.reading import spread
from playground.trials.plan import rungs
from playground.trials.progress import SweepProgress
from playground.trials.space import Dimension, Listed
from playground.trials.trial import Trial
from playground.views.populations.compared_runs import Cells, RunCurves
from playground.views.populations.places import Places
from playground.views.populations.run_columns import RunColumn
from playground.views.ticks import TickLabels

AXES = 2
"""Settings of the heatmap."""
PARTS = 6
"""Into so many a range of numbers is divided on the heatmap."""


@dataclass(frozen=True, eq=False)
class TrialRuns:
    """The trials of a sweep; see `ComparedRuns`.

    Attributes
    ----------
    progress : SweepProgress
    axes : tuple of str
        The names of one or two settings, those of the heatmap.
    """

    progress: SweepProgress
    axes: tuple[str, ...]

    def __len__(self) -> int:
        return len(self.progress.trials)

    def prepare(self) -> TrialRuns:
        """Compute what takes longest, so that it is there: called in a worker thread."""
        for each in ("settings", "failed", "descriptions", "cells", "_curves", "rows"):
            getattr(self, each)
        return self

    @cached_property
    def rows(self) -> list[list[Cell]]:
        """The rows of their table."""
        return rows_of(self.progress)

    @cached_property
    def settings(self) -> tuple[RunColumn, ...]:
        """The settings that vary."""
        trials = self.progress.trials
        return tuple(setting_column(each, trials) for each in self.progress.plan.space)

    @cached_property
    def failed(self) -> npt.NDArray[np.bool_]:
        """Those that have diverged or failed."""
        return np.array([each.status in NO_METRIC for each in self.progress.trials], bool)

    @property
    def failed_name(self) -> str:
        """What those are called."""
        return "diverged or failed"

    @property
    def missing_name(self) -> str:
        """What those without a metric are called, some of which have only begun."""
        return "without a value"

    @cached_property
    def descriptions(self) -> npt.NDArray[np.object_]:
        """What each is, as below the choice of sweeps."""
        words = [trial_html(self.progress, each) for each in self.progress.trials]
        return np.array(words, object)

    def values(self, metric: str, moment: str) -> Floats:
        """Return a metric of each as it is now, at whatever moment: trials keep no other values."""
        found = [metric_of(each, metric) for each in self.progress.trials]
        return np.array(found, np.float32)

    def curves(self, metric: str) -> RunCurves:
        """Return the metric that the trials of this sweep report, whatever is asked for."""
        return self._curves

    @cached_property
    def _curves(self) -> RunCurves:
        progress = self.progress
        points = [self._points(each) for each in progress.trials]
        table = np.full((2, max(map(len, points), default=0), len(points)), np.nan, np.float32)
        for run, each in enumerate(points):
            table[:, : len(each), run] = np.array(each, np.float32).reshape(-1, 2).T
        return RunCurves(progress.plan.metric, table[0], table[1])

    def _points(self, trial: Trial) -> list[tuple[float, float]]:
        """Return the epochs of a trial's reports with the metric, and that of now."""
        points = [*zip(map(float, rungs(trial.epochs)), trial.reports, strict=False)]
        now = self.progress.metric(trial)
        if now == now and (not points or points[-1][0] < trial.epoch):
            points.append((trial.epoch, now))
        return points

    @cached_property
    def cells(self) -> Cells:
        """One for each pair of values, or of parts of ranges, of two settings."""
        plan, trials = self.progress.plan, self.progress.trials
        spaces = {each.name: each for each in plan.space}
        parts = [_parts(spaces[name]) for name in self.axes]
        across, up = parts[0], parts[1] if len(parts) > 1 else _Parts(("",), {}, None)
        columns, rows = (
            np.array([each.place(trial) for trial in trials], np.int64) for each in (across, up)
        )
        row, column = np.divmod(np.arange(len(up) * len(across)), len(across))
        places = Places(
            len(up), len(across), row, column,
            self.axes[0], self.axes[1] if len(parts) > 1 else "", across.labels, up.labels,
        )  # fmt: skip
        names = tuple(
            "<br>".join(
                f"<b>{escape(name)} {escape(text)}</b>"
                for name, text in zip(self.axes, (x, y), strict=False)
            )
            for y, x in itertools.product(up.texts, across.texts)
        )
        return Cells(places, rows * len(across) + columns, names, "trials")


@dataclass(frozen=True, slots=True)
class _Parts:
    """The values of a setting, or the parts of its range.

    Attributes
    ----------
    texts : tuple of str
        What each is called.
    labels : mapping of float to str
        Along an axis on which each takes one unit.
    dimension : Dimension or None
    edges : tuple of float
        Of the parts of a range.
    """

    texts: tuple[str, ...]
    labels: TickLabels
    dimension: Dimension | None
    edges: tuple[float, ...] = ()

    def __len__(self) -> int:
        return len(self.texts)

    def place(self, trial: Trial) -> int:
        """Return the number of the part that a trial is in."""
        if self.dimension is None:
            return 0
        value: Any = trial.values[self.dimension.name]
        if isinstance(self.dimension, Listed):
            return self.dimension.values.index(value)
        return int(np.searchsorted(self.edges[1:-1], value, side="right"))


def _parts(dimension: Dimension) -> _Parts:
    if isinstance(dimension, Listed):
        texts = tuple(each or "none" for each in dimension.texts)
        return _Parts(texts, {place + 0.5: text for place, text in enumerate(texts)}, dimension)
    low, high = dimension.low, dimension.high
    if dimension.count <= PARTS:  # Whole numbers, of which there is one in each part.
        numbers = [*range(int(low), int(high) + 1)]
        labels = {place + 0.5: str(number) for place, number in enumerate(numbers)}
        edges = (*(number - 0.5 for number in numbers), high + 0.5)
        return _Parts(tuple(map(str, numbers)), labels, dimension, edges)
    edges = spread(low, high, PARTS + 1, is_log=dimension.is_log, is_whole=False)
    words = [f"{each:.3g}" for each in edges]
    texts = tuple(f"{one} to {other}" for one, other in itertools.pairwise(words))
    return _Parts(texts, dict(enumerate(words)), dimension, tuple(map(float, edges)))
