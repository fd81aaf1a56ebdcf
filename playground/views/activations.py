"""Statistics of the activations of each layer, with counts of saturated and dead units."""

from __future__ import annotations

import holoviews as hv
import numpy as np

from playground.problems.problem import Floats
from playground.training.dense.frame import Frame
from playground.views import ticks
from playground.views.figure import axis_range, colour_column, font_property
from playground.views.layer_figure import layer_axis, layer_figure, layer_positions
from playground.views.live_view import Columns, LiveView, Properties
from playground.views.theme import STEPS, Theme, diverging_palette, value_index

COUNT_LABELS = {"saturated": 0.94, "dead": 0.85}
"""Rows of labels above the layers: what is counted, and its height as a share of the figure's."""
HEADROOM = 0.25
"""Share of the figure's height that is left free for these labels."""
MAX_ACTIVATION = 1e6
"""Larger activations are drawn as large as this one."""
MAX_LARGE_DOTS = 8
"""With more units in a layer, all dots are small."""


def activation_statistics(frame: Frame, theme: Theme) -> LiveView:
    """Mean (dot) ± standard deviation (line) of each unit's activation, layer by layer.

    Labels above each layer give its share of saturated activations and its number of dead units.
    """
    return LiveView(
        draw,
        columns,
        frame,
        theme,
        properties=properties,
        alt="Mean and spread of each unit's activation, by layer",
    )


def draw(frame: Frame, theme: Theme) -> hv.Overlay:
    """Declare a line and a dot for each unit, and two labels for each layer."""
    lines, dots, labels = columns(frame, theme)
    return layer_figure(
        hv.Segments(tuple(lines.values()), list(lines)).opts(line_width=2, alpha=0.6),
        hv.Points(tuple(dots.values()), ["x", "mean"], "colour").opts(
            color="colour",
            cmap=diverging_palette(theme),
            clim=(0, STEPS - 1),
            size=7,
            line_width=1,
        ),
        hv.Labels(tuple(labels.values()), ["x", "mean"], "text").opts(
            text_font_size="13px", text_baseline="middle"
        ),
        quantity="activation",
        left=76,
        gridstyle={"ygrid_ticker": [0.0]},  # no grid lines at the labels
    )


def columns(frame: Frame, theme: Theme) -> list[Columns]:
    """Columns of lines, dots and labels."""
    mean, deviation = statistics(frame)
    limit = max(1.0, float(np.abs(mean).max()))
    position = unit_positions(frame)
    return [
        {"x": position, "low": mean - deviation, "x1": position, "high": mean + deviation},
        {"x": position, "mean": mean, "color": colour_column(value_index(mean, limit))},
        count_labels(frame),
    ]


def statistics(frame: Frame) -> tuple[Floats, Floats]:
    """Mean and standard deviation of all units, layer by layer, each of shape (units,)."""
    mean = np.concatenate([layer.mean for layer in frame.layers])
    deviation = np.concatenate([layer.deviation for layer in frame.layers])
    return clip_finite(mean), clip_finite(deviation)


def clip_finite(values: Floats) -> Floats:
    """Replace NaN by 0 and limit magnitudes, so that a diverged network can be drawn."""
    return np.clip(np.nan_to_num(values), -MAX_ACTIVATION, MAX_ACTIVATION)


def count_labels(frame: Frame) -> Columns:
    """Columns of the labels: each row of `COUNT_LABELS`, one label a layer."""
    saturated = [f"{layer.saturated:.0%}" for layer in frame.layers]
    dead = [str(layer.dead) for layer in frame.layers]
    heights = np.repeat(list(count_label_heights(frame)), len(frame.layers))
    return {
        "x": np.tile(layer_positions(frame), len(COUNT_LABELS)),
        "mean": heights,
        "text": [*saturated, *dead],
    }


def count_label_heights(frame: Frame) -> ticks.TickLabels:
    """Names of the rows of labels, by their height on the axis."""
    low, high = value_range(frame)
    return {low + share * (high - low): name for name, share in COUNT_LABELS.items()}


def value_range(frame: Frame) -> tuple[float, float]:
    """Range of the axis: all lines, 0, and room for the labels above."""
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


def unit_positions(frame: Frame) -> Floats:
    """Horizontal position of each unit: spread around its layer's; float32 of shape (units,)."""
    shares = [np.arange(1, len(layer.mean) + 1) / (len(layer.mean) + 1) for layer in frame.layers]
    positions = [
        position + 0.8 * (share - 0.5)
        for position, share in zip(layer_positions(frame), shares, strict=True)
    ]
    return np.concatenate(positions).astype(np.float32)
