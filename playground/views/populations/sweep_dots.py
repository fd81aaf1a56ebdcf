"""Dot plots of a sweep: every run's metric against the value of one setting."""

from __future__ import annotations

from dataclasses import dataclass

import holoviews as hv
import numpy as np
import numpy.typing as npt

from playground.training.sweeps import METRICS, SweepFrame, metric_values
from playground.training.sweeps.sweep import Axis
from playground.views import ticks
from playground.views.figure import FONT, TOOLTIP_HTML, axis_range, borders, compose, font_property
from playground.views.live_view import Columns, LiveView, Properties
from playground.views.populations.sweep_heatmap import scaled_values
from playground.views.populations.sweep_wall import Selected, chosen_runs, run_descriptions
from playground.views.theme import Theme

Doubles = npt.NDArray[np.float64]

BIN = 0.16
"""Height of the bin of runs without a metric, as a share of the range of the others."""
SPREAD = 0.62
"""Width over which the runs of one value are spread, as a share of the way to the next value."""


def sweep_dots(frame: SweepFrame, theme: Theme, axis: int) -> LiveView:
    """A dot for each run by its value on one axis; those without a metric in a bin above.

    Runs of the same value stand side by side, in the order of the others. Choices: `metric`,
    `moment`, `selected`, and `axis`, the number of the axis.
    """
    return LiveView(
        draw,
        columns,
        frame,
        theme,
        properties=properties,
        alt=lambda frame, _theme, **choices: (
            f"Dot plot: {choices['metric']} of each network by "
            + (axis_of(frame, choices["axis"]).variable.label)
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


def dots_of(frame: SweepFrame, metric: str, moment: str, axis: int) -> Dots:
    """Return where the dots of a frame are."""
    values = metric_values(frame, metric, moment)
    scaled = scaled_values(values, metric)
    known = scaled[np.isfinite(scaled)]
    low, high = (float(known.min()), float(known.max())) if len(known) else (0.0, 1.0)
    if METRICS[metric].row in (2, 3):
        low, high = 0.0, 1.0
    margin = 0.06 * (high - low) or 0.5
    low, high = low - margin, high + margin
    y = np.where(np.isfinite(scaled), scaled, high + BIN / 2 * (high - low)).astype(np.float64)
    return Dots(x_positions(frame, axis), y, low, high, values.astype(np.float64))


def axis_of(frame: SweepFrame, axis: int) -> Axis:
    """Return an axis of the sweep; the first where there is no second."""
    return frame.sweep.axes[min(axis, len(frame.sweep.axes) - 1)]


def value_positions(axis: Axis) -> Doubles:
    """Place the values of an axis: numbers by size, or by logarithm, names in their order."""
    variable = axis.variable
    if not variable.is_number:
        return np.arange(len(axis.values), dtype=np.float64)
    numbers = np.array([float(each) for each in axis.values])
    return np.log10(numbers) if variable.is_log and (numbers > 0).all() else numbers


def x_positions(frame: SweepFrame, axis: int) -> Doubles:
    """Place the runs of each value side by side, in the order of the other settings and seeds."""
    number = min(axis, len(frame.sweep.axes) - 1)
    spots = value_positions(frame.sweep.axes[number])
    if len(frame.sweep.axes) == 1:
        return spots
    counts = [len(each.values) for each in frame.sweep.axes]
    places = list(np.unravel_index(np.arange(len(frame.sweep)), counts, order="F"))
    place = places.pop(number)
    own = counts.pop(number)
    among = np.ravel_multi_index(places, counts, order="F")
    others = len(frame.sweep) // own
    shift = (among - (others - 1) / 2) / others * SPREAD * _step(spots)
    positions: Doubles = spots[place] + shift
    return positions


def _step(spots: Doubles) -> float:
    """The smallest distance of two positions."""
    gaps = np.diff(np.sort(spots))
    return float(gaps.min()) if len(gaps) else 1.0


def nearest_run(
    frame: SweepFrame, metric: str, moment: str, axis: int, x: float, y: float
) -> int | None:
    """Return the run whose dot is nearest to a position; None if none is near."""
    dots = dots_of(frame, metric, moment, axis)
    low, high = _x_range(frame, axis)
    across, up = (dots.x - x) / (high - low), (dots.y - y) / (dots.top - dots.low)
    distance = np.hypot(across, up)
    return int(distance.argmin()) if distance.min() < 0.06 else None


def _x_range(frame: SweepFrame, axis: int) -> tuple[float, float]:
    spots = value_positions(axis_of(frame, axis))
    margin = 0.55 * _step(spots)
    return float(spots.min()) - margin, float(spots.max()) + margin


def draw(
    frame: SweepFrame, theme: Theme, metric: str, moment: str, selected: Selected, axis: int
) -> hv.Overlay:
    """Declare the line below the bin, its name, the dots, and the selected ones."""
    line, words, dots, chosen = columns(frame, theme, metric, moment, selected, axis)
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
        xlabel=axis_of(frame, axis).variable.label,
        ylabel=metric,
        backend_opts=borders(left=8, right=8, top=4, bottom=8),
    )


def columns(
    frame: SweepFrame, theme: Theme, metric: str, moment: str, selected: Selected, axis: int
) -> list[Columns]:
    """Columns of the line, its name, the dots and the selected ones."""
    dots = dots_of(frame, metric, moment, axis)
    low, high = _x_range(frame, axis)
    missing = np.isnan(dots.values).any()
    line = [[low, dots.high, high, dots.high]] if missing else []
    name = "not learned" if METRICS[metric].row is None else "diverged"
    chosen = chosen_runs(frame, selected)
    ends = np.array(line, np.float64).reshape(-1, 4)
    return [
        dict(zip(("x0", "y0", "x1", "y1"), ends.T, strict=True)),
        {
            "x": [low] if missing else [],
            "y": [dots.high] if missing else [],
            "text": [f" {name}"] if missing else [],
        },
        {"x": dots.x, "y": dots.y, "words": run_descriptions(frame)},
        {"x": dots.x[chosen], "y": dots.y[chosen]},
    ]


def properties(
    frame: SweepFrame, theme: Theme, metric: str, moment: str, selected: Selected, axis: int
) -> Properties:
    """Ranges, ticks and colours."""
    dots, chosen = dots_of(frame, metric, moment, axis), axis_of(frame, axis)
    low, high = _x_range(frame, axis)
    scale = ticks.logarithmic if METRICS[metric].is_log else ticks.linear
    labels = {
        float(place): text
        for place, text in zip(value_positions(chosen), chosen.texts, strict=True)
    }
    if sum(map(len, chosen.texts)) > MAX_LETTERS and chosen.variable.is_number:
        is_log = chosen.variable.is_log and all(float(each) > 0 for each in chosen.values)
        labels = dict((ticks.logarithmic if is_log else ticks.linear)(low, high))
    return {
        **axis_range("x", low, high),
        **axis_range("y", dots.low, dots.top),
        **ticks.axis("xaxis", labels),
        **ticks.axis("yaxis", scale(dots.low, dots.high)),
        "0.xaxis.axis_label": chosen.variable.label,
        "0.yaxis.axis_label": f"{metric}, {moment}",
        "0.glyph.line_color": theme.line,
        **font_property(1),
        "1.glyph.text_color": theme.muted,
        "2.glyph.fill_color": theme.classes[2] if theme.name == "dark" else theme.muted,
        "3.glyph.line_color": theme.ink,
    }


MAX_LETTERS = 16
"""Letters of all values up to which each is labelled; otherwise round numbers are."""
