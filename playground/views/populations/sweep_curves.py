"""The learning curves of all runs in one figure."""

from __future__ import annotations

import holoviews as hv
import numpy as np
import numpy.typing as npt

from playground.problems.problem import Floats
from playground.training.sweeps import METRICS
from playground.views import ticks
from playground.views.figure import axis_range, borders, compose, labels_apart
from playground.views.live_view import Columns, LiveView, Properties
from playground.views.populations.compared_runs import (
    ComparedRuns,
    RunCurves,
    Selected,
    chosen_runs,
)
from playground.views.populations.sweep_heatmap import scaled_values
from playground.views.theme import Theme

MAX_NUMBERS = 16_384
"""Numbers that all curves together have at most: of long ones every second, third … point."""
MIN_POINTS = 32
"""Points that each curve has at least, if there are so many epochs."""


def sweep_curves(runs: ComparedRuns, theme: Theme) -> LiveView:
    """A metric of each run by epoch: the selected in front, dashed where training diverged.

    Choices: `metric`, a name of `METRICS` other than the epochs to learn, and `selected`.
    """
    return LiveView(
        draw,
        columns,
        runs,
        theme,
        properties=properties,
        alt=lambda _runs, _theme, **choices: (
            f"{choices['metric'].capitalize()} of each network by epoch"
        ),
        metric=next(iter(METRICS)),
        selected=(),
    )


def draw(runs: ComparedRuns, theme: Theme, metric: str, selected: Selected) -> hv.Overlay:
    """Declare the curves of those that diverged, of the others, and of the selected."""
    diverged, others, chosen = (
        hv.Curve((each["epoch"], each["value"]), "epoch", "value")
        for each in columns(runs, theme, metric, selected)
    )
    return compose(
        diverged.opts(line_width=1, line_dash=[4, 3], alpha=0.7),
        others.opts(line_width=1, alpha=0.35),
        chosen.opts(line_width=3),
        xticks=ticks.PATCHED_TICKS,
        yticks=ticks.PATCHED_TICKS,
        xlabel="epoch",
        ylabel=metric,
        backend_opts={**borders(left=8, right=12, top=4, bottom=8), **labels_apart()},
    )


def columns(runs: ComparedRuns, theme: Theme, metric: str, selected: Selected) -> list[Columns]:
    """Columns of the three kinds of curves, with a gap after each curve."""
    curves = curves_of(runs, metric)
    chosen = np.zeros(len(runs), bool)
    chosen[chosen_runs(len(runs), selected)] = True
    gone = runs.failed
    return [
        _join_with_gaps(curves.epochs[:, kind], curves.values[:, kind])
        for kind in (gone & ~chosen, ~gone & ~chosen, chosen)
    ]


def curves_of(runs: ComparedRuns, metric: str) -> RunCurves:
    """Return the epochs of each run, and its metric at each of them, as placed on the axis."""
    found = runs.curves(metric)
    points = max(MIN_POINTS, MAX_NUMBERS // max(len(runs), 1))
    step = max(1, -(-len(found.epochs) // points))
    # From the end, so that the latest epoch is always there.
    kept = np.arange(len(found.epochs) - 1, -1, -step)[::-1]
    values = scaled_values(found.values[kept], found.metric)
    return RunCurves(found.metric, np.broadcast_to(found.epochs[kept], values.shape), values)


def _join_with_gaps(epochs: Floats, values: Floats) -> Columns:
    """Put curves one after the other, with a gap between them."""
    gap = np.full((1, values.shape[1]), np.nan)
    across, up = (np.vstack([each, gap]).T.ravel() for each in (epochs, values))
    return {"epoch": across.astype(np.float32), "value": up.astype(np.float32)}


def nearest_run(runs: ComparedRuns, metric: str, x: float, y: float) -> int | None:
    """Return the run whose curve is nearest to a position; None if none is near."""
    curves = curves_of(runs, metric)
    if not curves.values.size:
        return None
    low, high = value_range(curves.values)
    known = np.isfinite(curves.values)
    nearest = np.where(known, np.abs(curves.epochs - x), np.inf).argmin(0)
    at = np.take_along_axis(curves.values, nearest[None], 0)[0]
    distance = np.where(np.isfinite(at), np.abs(at - y), np.inf) / (high - low)
    return int(distance.argmin()) if distance.min() < 0.08 else None


def value_range(values: npt.NDArray[np.floating]) -> tuple[float, float]:
    """Return the range of the vertical axis."""
    known = values[np.isfinite(values)]
    if not len(known):
        return 0.0, 1.0
    # Ends of training that diverges would press all other curves together.
    low, high = float(known.min()), float(np.quantile(known, 0.995))
    margin = 0.05 * (high - low) or 0.5
    return low - margin, high + margin


def properties(runs: ComparedRuns, theme: Theme, metric: str, selected: Selected) -> Properties:
    """Ranges, ticks and colours."""
    curves = curves_of(runs, metric)
    last = max(float(np.nanmax(curves.epochs, initial=0.0)), 1.0)
    low, high = value_range(curves.values)
    scale = ticks.logarithmic if METRICS[curves.metric].is_log else ticks.linear
    return {
        **axis_range("x", 0, last),
        **axis_range("y", low, high),
        **ticks.axis("xaxis", ticks.linear(0, last)),
        **ticks.axis("yaxis", scale(low, high)),
        "0.yaxis.axis_label": curves.metric,
        "0.glyph.line_color": theme.classes[4],
        "1.glyph.line_color": theme.muted,
        "2.glyph.line_color": theme.ink,
    }
