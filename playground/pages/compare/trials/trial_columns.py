"""The trials of a sweep as rows of a table, and as columns of numbers."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np

from playground.pages.compare.table.runs_table import Cell
from playground.trials.choices import TRIAL_METRICS
from playground.trials.progress import SweepProgress
from playground.trials.space import Dimension, Listed
from playground.trials.trial import Trial, value_text
from playground.views.populations.run_columns import RunColumn, RunColumns

LOG_FACTOR = 100.0
"""How many times as large as the smallest the largest of listed numbers is, from which on an axis
is logarithmic."""
NO_METRIC = ("diverged", "failed")
"""Trials whose scores are not compared: they are of weights before it went wrong."""


def headings(progress: SweepProgress) -> list[str]:
    """Return the headings of a table of trials."""
    return [
        "trial",
        *(each.name for each in progress.plan.space),
        "result",
        "epoch",
        *TRIAL_METRICS,
    ]


def rows_of(progress: SweepProgress) -> list[list[Cell]]:
    """Return the cells of all trials, in the order of `SweepProgress.trials`."""
    names = [each.name for each in progress.plan.space]
    return [
        [
            trial.number,
            *(_cell(trial.values[name]) for name in names),
            trial.status,
            _number(trial.epoch),
            *(_number(metric_of(trial, name)) for name in TRIAL_METRICS),
        ]
        for trial in progress.trials
    ]


def words_count(progress: SweepProgress) -> int:
    """Return how many of the first columns a filter's words are looked for in."""
    return len(progress.plan.space) + 2


def columns_of_trials(progress: SweepProgress) -> RunColumns:
    """Return the settings that vary, and all metrics that any trial has."""
    trials = progress.trials
    settings = [setting_column(each, trials) for each in progress.plan.space]
    metrics = []
    for name, (_which, part) in TRIAL_METRICS.items():
        values = np.array([metric_of(each, name) for each in trials], np.float64)
        if np.isfinite(values).any():
            bounds = (0.0, 1.0) if part == "accuracy" else None
            metrics.append(RunColumn(name, values, {}, is_log=part == "loss", bounds=bounds))
    epochs = RunColumn("epoch", np.array([each.epoch for each in trials], np.float64), {})
    failed = np.array([each.status in NO_METRIC for each in trials], bool)
    return RunColumns((*settings, epochs, *metrics), failed)


def metric_of(trial: Trial, name: str) -> float:
    """Return a metric of a trial as it is now; NaN where it has none."""
    which, part = TRIAL_METRICS[name]
    return math.nan if trial.status in NO_METRIC else float(getattr(trial.scores[which], part))


def setting_column(dimension: Dimension, trials: Sequence[Trial]) -> RunColumn:
    """Return the values of a setting that varies, as the column of an axis."""
    name = dimension.name
    if not isinstance(dimension, Listed):
        values = np.array([float(each.values[name]) for each in trials], np.float64)
        bounds = (dimension.low, dimension.high)
        return RunColumn(name, values, {}, is_log=dimension.is_log, bounds=bounds)
    if all(_is_number(each) for each in dimension.values):
        values = np.array([float(each.values[name]) for each in trials], np.float64)
        numbers = [float(each) for each in dimension.values]
        labels = dict(zip(numbers, dimension.texts, strict=True))
        is_log = min(numbers) > 0 and max(numbers) >= LOG_FACTOR * min(numbers)
        return RunColumn(name, values, labels, is_log=is_log, bounds=(min(numbers), max(numbers)))
    places = np.array([dimension.values.index(each.values[name]) for each in trials], np.float64)
    labels = {float(place): text or "none" for place, text in enumerate(dimension.texts)}
    last = len(dimension.values) - 1.0
    return RunColumn(name, places, labels, are_words=True, bounds=(0.0, last))


def _is_number(value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def _cell(value: object) -> Cell:
    return float(f"{value:.4g}") if _is_number(value) else value_text(value)


def _number(value: float) -> Cell:
    return None if math.isnan(value) else float(f"{value:.4g}")
