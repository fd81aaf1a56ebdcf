"""What each layer's units answer, and how many of them no longer learn."""

from __future__ import annotations

import holoviews as hv
import numpy as np

from playground.problems.problem import Floats
from playground.training.dense.frame import Frame
from playground.views import ticks
from playground.views.figure import axis_range, colour_column, font_property
from playground.views.gradient_norms import layer_axis, layer_figure, layer_positions
from playground.views.live_view import Columns, LiveView, Properties
from playground.views.theme import STEPS, Theme, diverging_palette, value_index

COUNT_LABELS = {"saturated": 0.94, "dead": 0.85}
"""What is counted above each layer, and how high up the figure."""
HEADROOM = 0.25
"""Share of the figure's height that belongs to the remarks."""
MAX_ACTIVATION = 1e6
"""Larger activations are drawn as this large."""
MAX_LARGE_DOTS = 8
"""Units of a layer beyond which dots are small."""


def activation_statistics(frame: Frame, theme: Theme) -> LiveView:
    """Mean (dot) ± deviation (line) of each unit's activation, layer by layer.

    Above each layer stand its share of saturated activations and its number of dead units.
    """
    return LiveView(draw, columns, frame, theme, properties=properties)


def draw(frame: Frame, theme: Theme) -> hv.Overlay:
    """Declare a line and a dot for each unit, and remarks for each layer."""
    lines, dots, words = columns(frame, theme)
    return layer_figure(
        hv.Segments(tuple(lines.values()), list(lines)).opts(line_width=2, alpha=0.6),
        hv.Points(tuple(dots.values()), ["x", "mean"], "colour").opts(
            color="colour",
            cmap=diverging_palette(theme),
            clim=(0, STEPS - 1),
            size=7,
            line_width=1,
        ),
        hv.Labels(tuple(words.values()), ["x", "mean"], "text").opts(
            text_font_size="11px", text_baseline="middle"
        ),
        quantity="activation",
        left=76,
        gridstyle={"ygrid_ticker": [0.0]},  # its own, so that remarks have no lines
    )


def columns(frame: Frame, theme: Theme) -> list[Columns]:
    """Columns of lines, dots and remarks."""
    mean, deviation = statistics(frame)
    limit = max(1.0, float(np.abs(mean).max()))
    place = unit_places(frame)
    return [
        {"x": place, "low": mean - deviation, "x1": place, "high": mean + deviation},
        {"x": place, "mean": mean, "color": colour_column(value_index(mean, limit))},
        count_labels(frame),
    ]


def statistics(frame: Frame) -> tuple[Floats, Floats]:
    """Mean and deviation of all units of all layers in one row each."""
    mean = np.concatenate([layer.mean for layer in frame.layers])
    deviation = np.concatenate([layer.deviation for layer in frame.layers])
    return clip_finite(mean), clip_finite(deviation)


def clip_finite(values: Floats) -> Floats:
    """Values that can be drawn, whatever became of the network."""
    return np.clip(np.nan_to_num(values), -MAX_ACTIVATION, MAX_ACTIVATION)


def count_labels(frame: Frame) -> Columns:
    """What is counted, for each layer, with its place in the figure."""
    saturated = [f"{layer.saturated:.0%}" for layer in frame.layers]
    dead = [str(layer.dead) for layer in frame.layers]
    rows = np.repeat(list(count_label_heights(frame)), len(frame.layers))
    return {
        "x": np.tile(layer_positions(frame), len(COUNT_LABELS)),
        "mean": rows,
        "text": [*saturated, *dead],
    }


def count_label_heights(frame: Frame) -> ticks.TickLabels:
    """Names of the rows of remarks by their height on the axis."""
    low, high = value_range(frame)
    return {low + share * (high - low): name for name, share in COUNT_LABELS.items()}


def value_range(frame: Frame) -> tuple[float, float]:
    """All lines, and room for the words above; 0 is always seen."""
    mean, deviation = statistics(frame)
    low = min(float((mean - deviation).min()), -0.1)
    high = max(float((mean + deviation).max()), 0.1)
    room = 0.05 * (high - low)
    return low - room, high + room + HEADROOM / (1 - HEADROOM) * (high - low + 2 * room)


def properties(frame: Frame, theme: Theme) -> Properties:
    """Ranges, ticks and colours of the activations."""
    low, high = value_range(frame)
    free = high - HEADROOM * (high - low)
    values = ticks.linear(low, free)
    small_dots = max(len(layer.mean) for layer in frame.layers) > MAX_LARGE_DOTS
    return {
        **layer_axis(frame, theme),
        **axis_range("y", low, high),
        **ticks.axis("yaxis", {**values, **count_label_heights(frame)}),
        "0.plot.ygrid.ticker.ticks": list(values),
        **font_property(2),
        "0.glyph.line_color": theme.muted,
        "0.glyph.line_width": 1 if small_dots else 2,
        "1.glyph.size": 4 if small_dots else 7,
        "1.color_color_mapper.palette": diverging_palette(theme),
        "1.glyph.line_color": theme.muted,
        "2.glyph.text_color": theme.muted,
    }


def unit_places(frame: Frame) -> Floats:
    """Where each unit stands across: side by side around its layer's place."""
    shares = [np.arange(1, len(layer.mean) + 1) / (len(layer.mean) + 1) for layer in frame.layers]
    sides = [
        place + 0.8 * (share - 0.5)
        for place, share in zip(layer_positions(frame), shares, strict=True)
    ]
    return np.concatenate(sides).astype(np.float32)
