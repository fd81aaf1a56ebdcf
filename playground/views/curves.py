"""Loss and accuracy over the epochs: what is learned from (solid) and what is not (dashed)."""

from __future__ import annotations

from functools import partial
from typing import NotRequired, TypedDict, Unpack

import holoviews as hv
import numpy as np

from playground.views import ticks
from playground.views.figure import FONT, TOOLTIP, borders, compose, span, text_font
from playground.views.live import Columns, LiveView, Properties
from playground.views.quantities import (
    ACCURACY,
    LOSS,
    Placed,
    Quantity,
    epochs,
    heights,
    measured,
    scaled,
    words,
)
from playground.views.smoothing import smooth
from playground.views.theme import Theme

BY_EPOCH: dict[str, object] = {
    "backend_opts": borders(left=44, right=12, top=8, bottom=40),
    "show_grid": True,
    "xticks": ticks.FIXED,
    "yticks": ticks.FIXED,
    "xlabel": "epoch",
    "ylabel": "",
}
"""HoloViews options of a figure of curves over epochs; see `figure.compose`."""


class Choices(TypedDict):
    """The switches of a view of curves."""

    smoothing: float
    log: NotRequired[bool]


def loss_curves(frame: Placed, theme: Theme) -> LiveView:
    """Loss by epoch. Choices: `log` (bool) and `smoothing` (0 to below 1)."""
    return curve_view(LOSS, frame, theme, smoothing=0.0, log=False)


def accuracy_curves(frame: Placed, theme: Theme) -> LiveView:
    """Accuracy by epoch. Choice: `smoothing` (0 to below 1)."""
    return curve_view(ACCURACY, frame, theme, smoothing=0.0)


def curve_view(
    quantity: Quantity, frame: Placed, theme: Theme, **choices: Unpack[Choices]
) -> LiveView:
    """Curves of one quantity."""
    return LiveView(
        partial(draw, quantity),
        partial(columns, quantity),
        frame,
        theme,
        properties=partial(properties, quantity),
        **choices,
    )


def draw(quantity: Quantity, frame: Placed, theme: Theme, **choices: Unpack[Choices]) -> hv.Overlay:
    """Declare faint unsmoothed curves, test curve, training curve, newest values, a cursor."""
    faint_train, faint_test, test, train, newest, cursor = columns(
        quantity, frame, theme, **choices
    )
    names = ["value", "train", "test"]
    return compose(
        curve(faint_train).opts(line_width=1, alpha=0.3),
        curve(faint_test).opts(line_width=1, alpha=0.3),
        curve(test).opts(line_width=2, line_dash=[5, 3]),
        hv.Curve(tuple(train[name] for name in ("epoch", *names)), "epoch", names).opts(
            line_width=2, tools=["hover"], hover_mode="vline", hover_tooltips=tooltip(quantity)
        ),
        hv.Labels(tuple(newest.values()), ["epoch", "value"], ["text", "colour"]).opts(
            text_color="colour",
            text_align="right",
            text_baseline="middle",
            text_font_size="12px",
            text_font_style="bold",
        ),
        hv.Segments(tuple(cursor.values()), ["x0", "y0", "x1", "y1"]).opts(line_width=1.5),
        **BY_EPOCH,
    )


def curve(values: Columns) -> hv.Curve:
    """A plain line."""
    return hv.Curve((values["epoch"], values["value"]), "epoch", "value")


def tooltip(quantity: Quantity) -> str:
    """What the hover tool says at an epoch, before smoothing."""
    parts = (f"<b>{name}</b> @{name}{{{quantity.tooltip}}}" for name in ("train", "test"))
    return TOOLTIP.format(font=FONT, body="<br>".join(["epoch @epoch{0,0}", *parts]))


def columns(
    quantity: Quantity, frame: Placed, theme: Theme, **choices: Unpack[Choices]
) -> list[Columns]:
    """Columns of all curves, and of the newest values in words."""
    smoothing, log = choices["smoothing"], choices.get("log", False)
    epoch = frame.curves.epoch
    train, test = measured(quantity, frame)
    raw = [scaled(line, log) for line in (train, test)]
    lines = [scaled(smooth(line, smoothing), log) for line in (train, test)]
    none = {"epoch": epoch[:0], "value": raw[0][:0]}
    faint = [{"epoch": epoch, "value": line} if smoothing else none for line in raw]
    return [
        *faint,
        {"epoch": epoch, "value": lines[1]},
        {"epoch": epoch, "value": lines[0], "train": train, "test": test},
        newest(quantity, frame, theme, log),
        marker(quantity, frame, log),
    ]


def marker(quantity: Quantity, frame: Placed, log: bool) -> Columns:
    """Columns of a line where the frame stands, if the curves go on after it."""
    epoch, at = frame.curves.epoch, frame.reached
    low, high = heights(quantity, frame, log)
    # Curves are kept in single precision.
    past = len(epoch) > 0 and at < epoch[-1] - 1e-3
    line = np.array([[at, low, at, high]] if past else [], np.float32).reshape(-1, 4)
    return dict(zip(("x0", "y0", "x1", "y1"), line.T, strict=True))


def newest(quantity: Quantity, frame: Placed, theme: Theme, log: bool) -> Columns:
    """The last values in words, in the corner that the curves leave free."""
    low, high = heights(quantity, frame, log)
    scores = {"train": frame.train, "test": frame.test}
    values = {part: getattr(score, quantity.name) for part, score in scores.items()}
    places = (0.92, 0.76) if quantity.falls else (0.24, 0.08)
    return {
        "epoch": [epochs(frame)[1]] * 2,
        "value": [low + place * (high - low) for place in places],
        "text": [words(part, value, quantity) for part, value in values.items()],
        "text_color": [theme.ink, theme.accent],
    }


def properties(
    quantity: Quantity, frame: Placed, theme: Theme, **choices: Unpack[Choices]
) -> Properties:
    """Ranges, ticks and colours."""
    log = choices.get("log", False)
    across, up = epochs(frame), heights(quantity, frame, log)
    written = ticks.logarithmic(*up) if log else ticks.linear(*up)
    if not quantity.falls:
        written = {place: f"{place:.0%}" for place in written}
    colours = {0: theme.ink, 1: theme.accent, 2: theme.accent, 3: theme.ink, 5: theme.muted}
    return {
        **span("x", *across),
        **span("y", *up),
        **ticks.axis("xaxis", ticks.linear(*across)),
        **ticks.axis("yaxis", written),
        **text_font(4),
        "0.plot.ygrid.grid_line_color": theme.line,
        **{f"{place}.glyph.line_color": colour for place, colour in colours.items()},
    }
