"""Loss or accuracy of several runs in one figure: a colour for each, test samples dashed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields

import holoviews as hv
import numpy as np

from playground.training.core.metrics import Curves, Score
from playground.views import ticks
from playground.views.curves.metric_curves import EPOCH_FIGURE_OPTIONS
from playground.views.curves.metrics import (
    ACCURACY,
    LOSS,
    Metric,
    axis_values,
    epoch_range,
    metric_range,
    metric_values,
)
from playground.views.figure import FONT, TOOLTIP_HTML, axis_range, compose
from playground.views.live_view import Columns, LiveView, Properties
from playground.views.theme import LIGHT, Theme

MAX_RUNS = len(LIGHT.classes)
"""Runs that can be told apart by colour."""
QUANTITIES = {"Loss": LOSS, "Accuracy": ACCURACY}
VALUES = ["value", "measured", "run"]
NO_SCORE = Score(np.nan, np.nan)


@dataclass(frozen=True, slots=True, eq=False)
class LabelledCurves:
    """One run to be compared with others."""

    name: str
    curves: Curves


RunsByColour = Mapping[int, LabelledCurves]
"""Runs by the number of their colour, 0 to below `MAX_RUNS`."""


@dataclass(frozen=True, slots=True, eq=False)
class PooledCurves:
    """The curves of several runs as those of one, for the axes to have room for all."""

    curves: Curves
    epoch: float = 0.0
    train: Score = NO_SCORE
    test: Score = NO_SCORE


def run_curves(runs: RunsByColour, theme: Theme) -> LiveView:
    """Curves of several runs. Choices: `quantity` (a name in `QUANTITIES`) and `log` (bool)."""
    return LiveView(draw, columns, runs, theme, properties=properties, quantity="Loss", log=False)


def draw(runs: RunsByColour, theme: Theme, quantity: str, log: bool) -> hv.Overlay:
    """Declare two curves for each colour, the test samples' below the training samples'."""
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
    return compose(
        *curves,
        **EPOCH_FIGURE_OPTIONS,
    )


def tooltip() -> str:
    """What the hover tool says of a place on a curve."""
    parts = ("<b>@run</b>", "epoch @epoch{0,0.[00]}", "@measured{0.0000}")
    return TOOLTIP_HTML.format(font=FONT, body="<br>".join(parts))


def columns(runs: RunsByColour, theme: Theme, quantity: str, log: bool) -> list[Columns]:
    """Columns of the test and the training samples' curve for each colour."""
    kind, no_curves = QUANTITIES[quantity], LabelledCurves("", pool({}).curves)
    shown = [runs.get(number, no_curves) for number in range(MAX_RUNS)]
    return [column for run in shown for column in _test_and_train_columns(kind, run, log)]


def properties(runs: RunsByColour, theme: Theme, quantity: str, log: bool) -> Properties:
    """Ranges, ticks and colours."""
    kind, all_runs = QUANTITIES[quantity], pool(runs)
    log = log and kind.lower_is_better
    across, up = epoch_range(all_runs), metric_range(kind, all_runs, log)
    tick_labels = ticks.logarithmic(*up) if log else ticks.linear(*up)
    if not kind.lower_is_better:
        tick_labels = {place: f"{place:.0%}" for place in tick_labels}
    return {
        **axis_range("x", *across),
        **axis_range("y", *up),
        **ticks.axis("xaxis", ticks.linear(*across)),
        **ticks.axis("yaxis", tick_labels),
        "0.plot.ygrid.grid_line_color": theme.line,
        **{
            f"{element}.glyph.line_color": theme.classes[element // 2]
            for element in range(2 * MAX_RUNS)
        },
    }


def pool(runs: RunsByColour) -> PooledCurves:
    """All rows of all runs, by epoch."""
    rows = [
        np.stack([getattr(run.curves, each.name) for each in fields(Curves)])
        for run in runs.values()
    ]
    columns = np.concatenate([np.empty((len(fields(Curves)), 0), np.float32), *rows], axis=1)
    return PooledCurves(Curves(*columns[:, np.argsort(columns[0], kind="stable")]))


def _test_and_train_columns(quantity: Metric, run: LabelledCurves, log: bool) -> list[Columns]:
    train, test = metric_values(quantity, PooledCurves(run.curves))
    name = np.full(len(run.curves.epoch), run.name)
    return [
        {
            "epoch": run.curves.epoch,
            "value": axis_values(line, log and quantity.lower_is_better),
            "measured": line,
            "run": name,
        }
        for line in (test, train)
    ]
