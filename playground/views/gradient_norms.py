"""The gradient norm of each layer."""

from __future__ import annotations

import holoviews as hv
import numpy as np

from playground.problems.problem import Floats
from playground.training.dense.frame import Frame
from playground.views import ticks
from playground.views.figure import axis_range
from playground.views.layer_figure import layer_axis, layer_figure, layer_positions
from playground.views.live_view import Columns, LiveView, Properties
from playground.views.theme import Theme

MIN_NORM = 1e-8
"""Norms below are drawn as this one, norms above `1 / MIN_NORM` as that."""


def gradient_norms(frame: Frame, theme: Theme) -> LiveView:
    """Gradient norm (Euclidean, weights and biases) of each layer, on a logarithmic axis."""
    return LiveView(
        draw,
        columns,
        frame,
        theme,
        properties=properties,
        alt="Gradient norm of each layer",
    )


def draw(frame: Frame, theme: Theme) -> hv.Overlay:
    """Declare a stem and a dot for each layer."""
    stems, dots = columns(frame, theme)
    return layer_figure(
        hv.Segments(tuple(stems.values()), list(stems)).opts(line_width=3, alpha=0.35),
        hv.Points(tuple(dots.values()), list(dots)).opts(size=11, line_color=None),
        quantity="gradient norm",
    )


def columns(frame: Frame, theme: Theme) -> list[Columns]:
    """Columns of stems and dots."""
    position, norms = layer_positions(frame), log_norms(frame)
    bottom = np.full_like(norms, norm_range(frame)[0])
    return [
        {"x": position, "bottom": bottom, "x1": position, "norm": norms},
        {"x": position, "norm": norms},
    ]


def log_norms(frame: Frame) -> Floats:
    """Logarithms to base ten of the gradient norms, float32 of shape (layers,)."""
    norms = np.array([layer.gradient_norm for layer in frame.layers], np.float32)
    return np.log10(np.clip(np.nan_to_num(norms), MIN_NORM, 1 / MIN_NORM))


def norm_range(frame: Frame) -> tuple[float, float]:
    """Range of the axis: whole decades around all norms, at least two."""
    norms = log_norms(frame)
    high = float(np.ceil(norms.max() + 0.05))
    return min(float(np.floor(norms.min() - 0.05)), high - 2), high


def properties(frame: Frame, theme: Theme) -> Properties:
    """Ranges, ticks and colours of the norms."""
    low, high = norm_range(frame)
    colours = dict.fromkeys(("0.glyph.line_color", "1.glyph.fill_color"), theme.accent)
    tick_labels = ticks.axis("yaxis", ticks.logarithmic(low, high))
    return {**layer_axis(frame, theme), **axis_range("y", low, high), **tick_labels, **colours}
