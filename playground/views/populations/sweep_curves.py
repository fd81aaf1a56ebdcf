"""The learning curves of a sweep, of all runs in one figure."""

from __future__ import annotations

import holoviews as hv
import numpy as np
import numpy.typing as npt

from playground.problems.problem import Floats
from playground.training.sweeps import METRICS, SweepFrame
from playground.views import ticks
from playground.views.figure import axis_range, borders, compose
from playground.views.live_view import Columns, LiveView, Properties
from playground.views.populations.sweep_heatmap import scaled_values
from playground.views.populations.sweep_wall import Selected, chosen_runs
from playground.views.theme import Theme

MAX_NUMBERS = 16_384
"""Numbers that all curves together have at most: of long ones every second, third … point."""
MIN_POINTS = 32
"""Points that each curve has at least, if there are so many epochs."""


def sweep_curves(frame: SweepFrame, theme: Theme) -> LiveView:
    """A metric of each run by epoch: the selected in front, dashed where training diverged.

    Choices: `metric`, a name of `METRICS` other than the epochs to learn, and `selected`.
    """
    return LiveView(
        draw,
        columns,
        frame,
        theme,
        properties=properties,
        alt=lambda _frame, _theme, **choices: (
            f"{choices['metric'].capitalize()} of each network by epoch"
        ),
        metric=next(iter(METRICS)),
        selected=(),
    )


def draw(frame: SweepFrame, theme: Theme, metric: str, selected: Selected) -> hv.Overlay:
    """Declare the curves of those that diverged, of the others, and of the selected."""
    diverged, others, chosen = (
        hv.Curve((each["epoch"], each["value"]), "epoch", "value")
        for each in columns(frame, theme, metric, selected)
    )
    return compose(
        diverged.opts(line_width=1, line_dash=[4, 3], alpha=0.7),
        others.opts(line_width=1, alpha=0.35),
        chosen.opts(line_width=3),
        xticks=ticks.PATCHED_TICKS,
        yticks=ticks.PATCHED_TICKS,
        xlabel="epoch",
        ylabel=metric,
        backend_opts=borders(left=8, right=12, top=4, bottom=8),
    )


def columns(frame: SweepFrame, theme: Theme, metric: str, selected: Selected) -> list[Columns]:
    """Columns of the three kinds of curves, with a gap after each curve."""
    epochs, values = curve_values(frame, metric)
    chosen = np.zeros(len(frame.sweep), bool)
    chosen[chosen_runs(frame, selected)] = True
    gone = frame.runs.diverged
    # What follows on a divergence is no training any more.
    until = np.where(gone, frame.runs.diverged_epoch, np.inf)
    values = np.where(epochs[:, None] > until, np.float32(np.nan), values)
    return [
        _join_with_gaps(epochs, values[:, kind])
        for kind in (gone & ~chosen, ~gone & ~chosen, chosen)
    ]


def curve_values(frame: SweepFrame, metric: str) -> tuple[Floats, Floats]:
    """Return epochs, and each run's metric at each of them, as placed on the axis."""
    runs, shown = frame.runs, drawn_metric(metric)
    points = max(MIN_POINTS, MAX_NUMBERS // len(frame.sweep))
    step = -(-len(runs.curve_epochs) // points)
    # From the end, so that the latest epoch is always there.
    kept = np.arange(len(runs.curve_epochs) - 1, -1, -step)[::-1]
    values = runs.curves[kept][:, METRICS[shown].row]
    return runs.curve_epochs[kept], scaled_values(values, shown)


def drawn_metric(metric: str) -> str:
    """Return the metric that is drawn by epoch: the test loss for the epochs to learn."""
    return "test loss" if METRICS[metric].row is None else metric


def _join_with_gaps(epochs: Floats, values: Floats) -> Columns:
    """Put curves one after the other, with a gap between them."""
    count = values.shape[1]
    across = np.tile(np.append(epochs, np.float32(np.nan)), count)
    up = np.vstack([values, np.full((1, count), np.nan)]).T.ravel()
    return {"epoch": across.astype(np.float32), "value": up.astype(np.float32)}


def nearest_run(frame: SweepFrame, metric: str, x: float, y: float) -> int | None:
    """Return the run whose curve is nearest to a position; None if none is near."""
    epochs, values = curve_values(frame, metric)
    if not len(epochs):
        return None
    low, high = value_range(values)
    at = values[int(np.abs(epochs - x).argmin())]
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


def properties(frame: SweepFrame, theme: Theme, metric: str, selected: Selected) -> Properties:
    """Ranges, ticks and colours."""
    epochs, values = curve_values(frame, metric)
    last = max(float(epochs[-1]) if len(epochs) else 0.0, 1.0)
    low, high = value_range(values)
    shown = drawn_metric(metric)
    scale = ticks.logarithmic if METRICS[shown].is_log else ticks.linear
    return {
        **axis_range("x", 0, last),
        **axis_range("y", low, high),
        **ticks.axis("xaxis", ticks.linear(0, last)),
        **ticks.axis("yaxis", scale(low, high)),
        "0.yaxis.axis_label": shown,
        "0.glyph.line_color": theme.classes[4],
        "1.glyph.line_color": theme.muted,
        "2.glyph.line_color": theme.ink,
    }
