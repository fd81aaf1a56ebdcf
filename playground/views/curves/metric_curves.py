"""Loss and accuracy of one run over the epochs: training set solid, test set dashed."""

from __future__ import annotations

from functools import partial
from typing import NotRequired, TypedDict, Unpack

import holoviews as hv
import numpy as np

from playground.views.curves.curve_metrics import (
    ACCURACY,
    EPOCH_FIGURE_OPTIONS,
    LOSS,
    CurveMetric,
    HasProgress,
    axis_values,
    epoch_figure_properties,
    epoch_range,
    metric_range,
    metric_values,
    score_text,
    smooth,
)
from playground.views.figure import FONT, TOOLTIP_HTML, compose, font_property
from playground.views.live_view import Columns, LiveView, Properties
from playground.views.theme import Theme


class CurveChoices(TypedDict):
    """Options of a view of curves."""

    smoothing: float
    log: NotRequired[bool]


def loss_curves(frame: HasProgress, theme: Theme) -> LiveView:
    """Loss by epoch. Choices: `log` (bool) and `smoothing` (0 to below 1)."""
    return curve_view(LOSS, frame, theme, smoothing=0.0, log=False)


def accuracy_curves(frame: HasProgress, theme: Theme) -> LiveView:
    """Accuracy by epoch. Choice: `smoothing` (0 to below 1)."""
    return curve_view(ACCURACY, frame, theme, smoothing=0.0)


def curve_view(
    metric: CurveMetric, frame: HasProgress, theme: Theme, **choices: Unpack[CurveChoices]
) -> LiveView:
    """Curves of one metric."""
    return LiveView(
        partial(draw, metric),
        partial(columns, metric),
        frame,
        theme,
        properties=partial(properties, metric),
        alt=f"{metric.name.capitalize()} by epoch, of training and of test data",
        **choices,
    )


def draw(
    metric: CurveMetric, frame: HasProgress, theme: Theme, **choices: Unpack[CurveChoices]
) -> hv.Overlay:
    """Declare faint unsmoothed curves, test curve, training curve, latest values, a marker."""
    faint_train, faint_test, test, train, latest, marker = columns(metric, frame, theme, **choices)
    names = ["value", "train", "test"]
    return compose(
        curve(faint_train).opts(line_width=1, alpha=0.3),
        curve(faint_test).opts(line_width=1, alpha=0.3),
        curve(test).opts(line_width=2, line_dash=[5, 3]),
        hv.Curve(tuple(train[name] for name in ("epoch", *names)), "epoch", names).opts(
            line_width=2, tools=["hover"], hover_mode="vline", hover_tooltips=tooltip(metric)
        ),
        hv.Labels(tuple(latest.values()), ["epoch", "value"], ["text", "colour", "baseline"]).opts(
            text_color="colour",
            text_align="right",
            text_baseline="baseline",
            text_font_size="13px",
            text_font_style="bold",
        ),
        hv.Segments(tuple(marker.values()), ["x0", "y0", "x1", "y1"]).opts(line_width=1.5),
        **EPOCH_FIGURE_OPTIONS,
    )


def curve(values: Columns) -> hv.Curve:
    """Declare a curve without a hover tool."""
    return hv.Curve((values["epoch"], values["value"]), "epoch", "value")


def tooltip(metric: CurveMetric) -> str:
    """Text of the hover tool: the epoch and the values before smoothing."""
    parts = (f"<b>{name}</b> @{name}{{{metric.tooltip}}}" for name in ("train", "test"))
    return TOOLTIP_HTML.format(font=FONT, body="<br>".join(["epoch @epoch{0,0}", *parts]))


def columns(
    metric: CurveMetric, frame: HasProgress, theme: Theme, **choices: Unpack[CurveChoices]
) -> list[Columns]:
    """Columns of all curves, of the latest values and of the marker."""
    smoothing, log = choices["smoothing"], choices.get("log", False)
    epoch = frame.curves.epoch
    train, test = metric_values(metric, frame)
    raw = [axis_values(line, log) for line in (train, test)]
    lines = (
        [axis_values(smooth(line, smoothing), log) for line in (train, test)] if smoothing else raw
    )
    none = {"epoch": epoch[:0], "value": raw[0][:0]}
    faint = [{"epoch": epoch, "value": line} if smoothing else none for line in raw]
    return [
        *faint,
        {"epoch": epoch, "value": lines[1]},
        {"epoch": epoch, "value": lines[0], "train": train, "test": test},
        latest_values(metric, frame, theme, log),
        progress_marker(metric, frame, log),
    ]


def progress_marker(metric: CurveMetric, frame: HasProgress, log: bool) -> Columns:
    """Columns of a vertical line at the frame's epoch, if the curves go on after it."""
    epoch, at = frame.curves.epoch, frame.epochs_done
    # Epochs of the curves are float32, so they may differ a little from the frame's.
    is_checkpoint = len(epoch) > 0 and at < epoch[-1] - 1e-3
    ends = []
    if is_checkpoint:
        low, high = metric_range(metric, frame, log)
        ends = [at, low, at, high]
    line = np.array(ends, np.float32).reshape(-1, 4)
    return dict(zip(("x0", "y0", "x1", "y1"), line.T, strict=True))


def latest_values(metric: CurveMetric, frame: HasProgress, theme: Theme, log: bool) -> Columns:
    """Columns of the latest values as text, in the corner that the curves leave free."""
    low, high = metric_range(metric, frame, log)
    scores = {"train": frame.train, "test": frame.test}
    values = {part: getattr(score, metric.name) for part, score in scores.items()}
    height = 0.78 if metric.lower_is_better else 0.22
    return {
        "epoch": [epoch_range(frame)[1]] * 2,
        "value": [low + height * (high - low)] * 2,
        "text": [score_text(part, value, metric) for part, value in values.items()],
        "text_color": [theme.ink, theme.muted],
        "text_baseline": ["bottom", "top"],  # apart, however low the figure is
    }


def properties(
    metric: CurveMetric, frame: HasProgress, theme: Theme, **choices: Unpack[CurveChoices]
) -> Properties:
    """Ranges, ticks and colours."""
    colours = {0: theme.ink, 1: theme.muted, 2: theme.muted, 3: theme.ink, 5: theme.muted}
    return {
        **epoch_figure_properties(metric, frame, theme, choices.get("log", False)),
        **font_property(4),
        "4.glyph.background_fill_color": theme.surface,
        **{f"{element}.glyph.line_color": colour for element, colour in colours.items()},
    }
