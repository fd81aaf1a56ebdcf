"""Loss and accuracy over the epochs: what is learned from (solid) and what is not (dashed)."""

from __future__ import annotations

from functools import partial
from typing import NotRequired, TypedDict, Unpack

import holoviews as hv
import numpy as np

from playground.views import ticks
from playground.views.curves.metrics import (
    ACCURACY,
    LOSS,
    HasProgress,
    Metric,
    axis_values,
    epoch_range,
    metric_range,
    metric_values,
    value_text,
)
from playground.views.curves.smoothing import smooth
from playground.views.figure import FONT, TOOLTIP_HTML, axis_range, borders, compose, font_property
from playground.views.live_view import Columns, LiveView, Properties
from playground.views.theme import Theme

EPOCH_FIGURE_OPTIONS: dict[str, object] = {
    "backend_opts": borders(left=44, right=12, top=8, bottom=40),
    "show_grid": True,
    "xticks": ticks.PATCHED_TICKS,
    "yticks": ticks.PATCHED_TICKS,
    "xlabel": "epoch",
    "ylabel": "",
}
"""HoloViews options of a figure of curves over epochs; see `figure.compose`."""


class CurveChoices(TypedDict):
    """The switches of a view of curves."""

    smoothing: float
    log: NotRequired[bool]


def loss_curves(frame: HasProgress, theme: Theme) -> LiveView:
    """Loss by epoch. Choices: `log` (bool) and `smoothing` (0 to below 1)."""
    return curve_view(LOSS, frame, theme, smoothing=0.0, log=False)


def accuracy_curves(frame: HasProgress, theme: Theme) -> LiveView:
    """Accuracy by epoch. Choice: `smoothing` (0 to below 1)."""
    return curve_view(ACCURACY, frame, theme, smoothing=0.0)


def curve_view(
    metric: Metric, frame: HasProgress, theme: Theme, **choices: Unpack[CurveChoices]
) -> LiveView:
    """Curves of one quantity."""
    return LiveView(
        partial(draw, metric),
        partial(columns, metric),
        frame,
        theme,
        properties=partial(properties, metric),
        **choices,
    )


def draw(
    metric: Metric, frame: HasProgress, theme: Theme, **choices: Unpack[CurveChoices]
) -> hv.Overlay:
    """Declare faint unsmoothed curves, test curve, training curve, newest values, a cursor."""
    faint_train, faint_test, test, train, latest_values, cursor = columns(
        metric, frame, theme, **choices
    )
    names = ["value", "train", "test"]
    return compose(
        curve(faint_train).opts(line_width=1, alpha=0.3),
        curve(faint_test).opts(line_width=1, alpha=0.3),
        curve(test).opts(line_width=2, line_dash=[5, 3]),
        hv.Curve(tuple(train[name] for name in ("epoch", *names)), "epoch", names).opts(
            line_width=2, tools=["hover"], hover_mode="vline", hover_tooltips=tooltip(metric)
        ),
        hv.Labels(tuple(latest_values.values()), ["epoch", "value"], ["text", "colour"]).opts(
            text_color="colour",
            text_align="right",
            text_baseline="middle",
            text_font_size="12px",
            text_font_style="bold",
        ),
        hv.Segments(tuple(cursor.values()), ["x0", "y0", "x1", "y1"]).opts(line_width=1.5),
        **EPOCH_FIGURE_OPTIONS,
    )


def curve(values: Columns) -> hv.Curve:
    """A plain line."""
    return hv.Curve((values["epoch"], values["value"]), "epoch", "value")


def tooltip(metric: Metric) -> str:
    """What the hover tool says at an epoch, before smoothing."""
    parts = (f"<b>{name}</b> @{name}{{{metric.tooltip}}}" for name in ("train", "test"))
    return TOOLTIP_HTML.format(font=FONT, body="<br>".join(["epoch @epoch{0,0}", *parts]))


def columns(
    metric: Metric, frame: HasProgress, theme: Theme, **choices: Unpack[CurveChoices]
) -> list[Columns]:
    """Columns of all curves, and of the newest values in words."""
    smoothing, log = choices["smoothing"], choices.get("log", False)
    epoch = frame.curves.epoch
    train, test = metric_values(metric, frame)
    raw = [axis_values(line, log) for line in (train, test)]
    lines = [axis_values(smooth(line, smoothing), log) for line in (train, test)]
    none = {"epoch": epoch[:0], "value": raw[0][:0]}
    faint = [{"epoch": epoch, "value": line} if smoothing else none for line in raw]
    return [
        *faint,
        {"epoch": epoch, "value": lines[1]},
        {"epoch": epoch, "value": lines[0], "train": train, "test": test},
        latest_values(metric, frame, theme, log),
        progress_marker(metric, frame, log),
    ]


def progress_marker(metric: Metric, frame: HasProgress, log: bool) -> Columns:
    """Columns of a line where the frame stands, if the curves go on after it."""
    epoch, at = frame.curves.epoch, frame.epochs_done
    low, high = metric_range(metric, frame, log)
    # Curves are kept in single precision.
    past = len(epoch) > 0 and at < epoch[-1] - 1e-3
    line = np.array([[at, low, at, high]] if past else [], np.float32).reshape(-1, 4)
    return dict(zip(("x0", "y0", "x1", "y1"), line.T, strict=True))


def latest_values(metric: Metric, frame: HasProgress, theme: Theme, log: bool) -> Columns:
    """The last values in words, in the corner that the curves leave free."""
    low, high = metric_range(metric, frame, log)
    scores = {"train": frame.train, "test": frame.test}
    values = {part: getattr(score, metric.name) for part, score in scores.items()}
    places = (0.92, 0.76) if metric.lower_is_better else (0.24, 0.08)
    return {
        "epoch": [epoch_range(frame)[1]] * 2,
        "value": [low + place * (high - low) for place in places],
        "text": [value_text(part, value, metric) for part, value in values.items()],
        "text_color": [theme.ink, theme.accent],
    }


def properties(
    metric: Metric, frame: HasProgress, theme: Theme, **choices: Unpack[CurveChoices]
) -> Properties:
    """Ranges, ticks and colours."""
    log = choices.get("log", False)
    across, up = epoch_range(frame), metric_range(metric, frame, log)
    tick_labels = ticks.logarithmic(*up) if log else ticks.linear(*up)
    if not metric.lower_is_better:
        tick_labels = {place: f"{place:.0%}" for place in tick_labels}
    colours = {0: theme.ink, 1: theme.accent, 2: theme.accent, 3: theme.ink, 5: theme.muted}
    return {
        **axis_range("x", *across),
        **axis_range("y", *up),
        **ticks.axis("xaxis", ticks.linear(*across)),
        **ticks.axis("yaxis", tick_labels),
        **font_property(4),
        "0.plot.ygrid.grid_line_color": theme.line,
        **{f"{place}.glyph.line_color": colour for place, colour in colours.items()},
    }
