"""Dot plots of many runs: every run's metric against the value of one setting."""

from __future__ import annotations

from dataclasses import dataclass

import holoviews as hv
import numpy as np

from playground.problems.array_types import Doubles
from playground.training.sweeps import METRICS
from playground.views import ticks
from playground.views.figure import (
    FONT,
    TOOLTIP_HTML,
    axis_range,
    borders,
    compose,
    font_property,
    labels_apart,
)
from playground.views.live_view import Columns, LiveView, Properties
from playground.views.populations.compared_runs import ComparedRuns, Selected, chosen_runs
from playground.views.populations.parallel_coordinates import Scale
from playground.views.populations.run_columns import RunColumn
from playground.views.populations.sweep_heatmap import scaled_values
from playground.views.theme import Theme

BIN = 0.16
"""Height of the bin of runs without a metric, as a share of the range of the others."""
MARGIN = 0.04
"""Beside a range of numbers, as a share of it."""
SPREAD = 0.62
"""Width over which the runs of one value are spread, as a share of the way to the next value."""


def sweep_dots(runs: ComparedRuns, theme: Theme, axis: int) -> LiveView:
    """A dot for each run by its value of one setting; those without a metric in a bin above.

    Runs of the same value stand side by side, in their order. Choices: `metric`, `moment`,
    `selected`, and `axis`, the number of the setting.
    """
    return LiveView(
        draw,
        columns,
        runs,
        theme,
        properties=properties,
        alt=lambda runs, _theme, **choices: (
            f"Dot plot: {choices['metric']} of each run by "
            + setting_of(runs, choices["axis"]).name
        ),
        metric=next(iter(METRICS)),
        moment="last",
        selected=(),
        axis=axis,
    )


@dataclass(frozen=True, slots=True)
class Dots:
    """The position of the dot of each run, and the metric that it stands for.

    Attributes
    ----------
    x, y : array of shape (runs,)
    low, high : float
        The range of the metrics on the vertical axis, below the bin.
    values : array of shape (runs,)
        The metrics themselves; NaN where there are none.
    """

    x: Doubles
    y: Doubles
    low: float
    high: float
    values: Doubles

    @property
    def top(self) -> float:
        """The upper end of the vertical axis, above the bin."""
        return self.high + BIN * (self.high - self.low)


def dots_of(runs: ComparedRuns, metric: str, moment: str, axis: int) -> Dots:
    """Return where the dots of runs are."""
    values = runs.values(metric, moment)
    scaled = scaled_values(values, metric)
    known = scaled[np.isfinite(scaled)]
    low, high = (float(known.min()), float(known.max())) if len(known) else (0.0, 1.0)
    if METRICS[metric].row in (2, 3):
        low, high = 0.0, 1.0
    margin = 0.06 * (high - low) or 0.5
    low, high = low - margin, high + margin
    y = np.where(np.isfinite(scaled), scaled, high + BIN / 2 * (high - low)).astype(np.float64)
    return Dots(x_positions(runs, axis), y, low, high, values.astype(np.float64))


def setting_of(runs: ComparedRuns, axis: int) -> RunColumn:
    """Return a setting that varies; the last where there are fewer."""
    return runs.settings[min(axis, len(runs.settings) - 1)]


def x_positions(runs: ComparedRuns, axis: int) -> Doubles:
    """Place runs by their values, those of the same value side by side in their order."""
    column = setting_of(runs, axis)
    scale = Scale.of(column)
    placed = scale.placed(column.values)
    spots, value, counts = np.unique(placed, return_inverse=True, return_counts=True)
    order = np.argsort(value, kind="stable")
    among = np.empty(len(value))
    among[order] = np.arange(len(value)) - np.repeat(np.cumsum(counts) - counts, counts)
    most = int(counts.max(initial=1))
    alone = scale.high - scale.low if not column.labels and len(spots) == 1 else None
    shift = (among - (counts[value] - 1) / 2) / most * SPREAD * (alone or _step(spots))
    positions: Doubles = placed + shift
    return positions


def _step(spots: Doubles) -> float:
    """The smallest distance of two positions."""
    gaps = np.diff(np.sort(spots))
    return float(gaps.min()) if len(gaps) else 1.0


def nearest_run(
    runs: ComparedRuns, metric: str, moment: str, axis: int, x: float, y: float
) -> int | None:
    """Return the run whose dot is nearest to a position; None if none is near."""
    dots = dots_of(runs, metric, moment, axis)
    low, high = _x_range(runs, axis)
    across, up = (dots.x - x) / (high - low), (dots.y - y) / (dots.top - dots.low)
    distance = np.hypot(across, up)
    return int(distance.argmin()) if len(distance) and distance.min() < 0.06 else None


def _x_range(runs: ComparedRuns, axis: int) -> tuple[float, float]:
    column = setting_of(runs, axis)
    scale = Scale.of(column)
    if not column.labels:  # Any number of a range; several runs may have the one at its end.
        margin = MARGIN * (scale.high - scale.low) or 0.5
        places = x_positions(runs, axis)
        low, high = places.min(initial=scale.low), places.max(initial=scale.high)
        return float(low) - margin, float(high) + margin
    spots = scale.placed(np.array([*column.labels]))
    margin = 0.55 * _step(spots)
    return float(spots.min()) - margin, float(spots.max()) + margin


def draw(
    runs: ComparedRuns, theme: Theme, metric: str, moment: str, selected: Selected, axis: int
) -> hv.Overlay:
    """Declare the line below the bin, its name, the dots, and the selected ones."""
    line, words, dots, chosen = columns(runs, theme, metric, moment, selected, axis)
    return compose(
        hv.Segments(tuple(line.values()), list(line)).opts(line_width=1),
        hv.Labels(tuple(words.values()), ["x", "y"], "text").opts(
            text_align="left", text_baseline="bottom", text_font_size="11px"
        ),
        hv.Points((dots["x"], dots["y"], dots["words"]), ["x", "y"], "words").opts(
            size=7,
            line_color=None,
            fill_alpha=0.65,
            tools=["hover"],
            hover_tooltips=TOOLTIP_HTML.format(font=FONT, body="@words{safe}"),
        ),
        hv.Points((chosen["x"], chosen["y"]), ["x", "y"]).opts(
            size=13, fill_alpha=0, line_width=2.5
        ),
        xticks=ticks.PATCHED_TICKS,
        yticks=ticks.PATCHED_TICKS,
        xlabel=setting_of(runs, axis).name,
        ylabel=metric,
        backend_opts={**borders(left=8, right=8, top=4, bottom=8), **labels_apart()},
    )


def columns(
    runs: ComparedRuns, theme: Theme, metric: str, moment: str, selected: Selected, axis: int
) -> list[Columns]:
    """Columns of the line, its name, the dots and the selected ones."""
    dots = dots_of(runs, metric, moment, axis)
    low, high = _x_range(runs, axis)
    missing = np.isnan(dots.values).any()
    line = [[low, dots.high, high, dots.high]] if missing else []
    name = "not learned" if METRICS[metric].row is None else runs.missing_name
    chosen = chosen_runs(len(runs), selected)
    ends = np.array(line, np.float64).reshape(-1, 4)
    return [
        dict(zip(("x0", "y0", "x1", "y1"), ends.T, strict=True)),
        {
            "x": [low] if missing else [],
            "y": [dots.high] if missing else [],
            "text": [f" {name}"] if missing else [],
        },
        {"x": dots.x, "y": dots.y, "words": runs.descriptions},
        {"x": dots.x[chosen], "y": dots.y[chosen]},
    ]


def properties(
    runs: ComparedRuns, theme: Theme, metric: str, moment: str, selected: Selected, axis: int
) -> Properties:
    """Ranges, ticks and colours."""
    dots, chosen = dots_of(runs, metric, moment, axis), setting_of(runs, axis)
    low, high = _x_range(runs, axis)
    scale = ticks.logarithmic if METRICS[metric].is_log else ticks.linear
    across = Scale.of(chosen)
    labels = {float(across.placed(np.array(value))): text for value, text in chosen.labels.items()}
    if not labels or (sum(map(len, labels.values())) > MAX_LETTERS and not chosen.are_words):
        labels = dict((ticks.logarithmic if across.is_log else ticks.linear)(low, high))
    return {
        **axis_range("x", low, high),
        **axis_range("y", dots.low, dots.top),
        **ticks.axis("xaxis", labels),
        **ticks.axis("yaxis", scale(dots.low, dots.high)),
        "0.xaxis.axis_label": chosen.name,
        "0.yaxis.axis_label": f"{metric}, {moment}",
        "0.glyph.line_color": theme.line,
        **font_property(1),
        "1.glyph.text_color": theme.muted,
        "2.glyph.fill_color": theme.classes[2] if theme.name == "dark" else theme.muted,
        "3.glyph.line_color": theme.ink,
    }


MAX_LETTERS = 16
"""Letters of all values up to which each is labelled; otherwise round numbers are."""
