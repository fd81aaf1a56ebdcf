"""Loss or accuracy of several runs in one figure: one colour a run, test set dashed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields

import holoviews as hv
import numpy as np

from playground.training.core.metrics import NO_SCORE, Curves, Score
from playground.views.curves.curve_metrics import (
    ACCURACY,
    EPOCH_FIGURE_OPTIONS,
    LOSS,
    CurveMetric,
    axis_values,
    epoch_figure_properties,
    metric_values,
)
from playground.views.figure import FONT, TOOLTIP_HTML, compose
from playground.views.live_view import Columns, LiveView, Properties
from playground.views.theme import LIGHT, Theme

MAX_RUNS = len(LIGHT.classes)
"""Number of runs that have different colours."""
QUANTITIES = {"Loss": LOSS, "Accuracy": ACCURACY}
VALUES = ["value", "measured", "run"]


@dataclass(frozen=True, slots=True, eq=False)
class LabelledCurves:
    """Name and curves of a run."""

    name: str
    curves: Curves


RunsByColour = Mapping[int, LabelledCurves]
"""Runs by the index of their colour, from 0 to below `MAX_RUNS`."""


@dataclass(frozen=True, slots=True, eq=False)
class PooledCurves:
    """The curves of several runs in one, from which the ranges of the axes follow."""

    curves: Curves
    epoch: float = 0.0
    train: Score = NO_SCORE
    test: Score = NO_SCORE


def run_curves(runs: RunsByColour, theme: Theme) -> LiveView:
    """Curves of several runs. Choices: `quantity` (a name in `QUANTITIES`) and `log` (bool)."""
    return LiveView(
        draw,
        columns,
        runs,
        theme,
        properties=properties,
        alt="Learning curves of the compared runs",
        quantity="Loss",
        log=False,
    )


def draw(runs: RunsByColour, theme: Theme, quantity: str, log: bool) -> hv.Overlay:
    """Declare two curves for each colour, the test set's below the training set's."""
    lines = columns(runs, theme, quantity, log)
    curves = [
        hv.Curve(tuple(line.values()), "epoch", VALUES).opts(
            line_width=2,
            line_dash="solid" if number % 2 else [5, 3],
            tools=["hover"],
            hover_tooltips=tooltip(),
        )
        for number, line in enumerate(lines)
    ]
    return compose(*curves, **EPOCH_FIGURE_OPTIONS)


def tooltip() -> str:
    """Text of the hover tool for a point of a curve."""
    parts = ("<b>@run</b>", "epoch @epoch{0,0.[00]}", "@measured{0.0000}")
    return TOOLTIP_HTML.format(font=FONT, body="<br>".join(parts))


def columns(runs: RunsByColour, theme: Theme, quantity: str, log: bool) -> list[Columns]:
    """Columns of the test set's and of the training set's curve for each colour."""
    metric, no_curves = QUANTITIES[quantity], LabelledCurves("", pool({}).curves)
    shown = [runs.get(number, no_curves) for number in range(MAX_RUNS)]
    return [column for run in shown for column in _test_and_train_columns(metric, run, log)]


def properties(runs: RunsByColour, theme: Theme, quantity: str, log: bool) -> Properties:
    """Ranges, ticks and colours."""
    metric = QUANTITIES[quantity]
    log = log and metric.lower_is_better
    return {
        **epoch_figure_properties(metric, pool(runs), theme, log),
        **{
            f"{element}.glyph.line_color": theme.classes[element // 2]
            for element in range(2 * MAX_RUNS)
        },
    }


def pool(runs: RunsByColour) -> PooledCurves:
    """Merge the curves of all runs, sorted by epoch."""
    rows = [
        np.stack([getattr(run.curves, each.name) for each in fields(Curves)])
        for run in runs.values()
    ]
    columns = np.concatenate([np.empty((len(fields(Curves)), 0), np.float32), *rows], axis=1)
    return PooledCurves(Curves(*columns[:, np.argsort(columns[0], kind="stable")]))


def _test_and_train_columns(metric: CurveMetric, run: LabelledCurves, log: bool) -> list[Columns]:
    train, test = metric_values(metric, PooledCurves(run.curves))
    name = np.full(len(run.curves.epoch), run.name)
    return [
        {
            "epoch": run.curves.epoch,
            "value": axis_values(line, log and metric.lower_is_better),
            "measured": line,
            "run": name,
        }
        for line in (test, train)
    ]
