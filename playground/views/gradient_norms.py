"""How strongly training pulls at each layer: the length of its gradient."""

from __future__ import annotations

import holoviews as hv
import numpy as np

from playground.problems.problem import Floats
from playground.training.dense.frame import Frame
from playground.views import ticks
from playground.views.figure import axis_range, borders, compose
from playground.views.live_view import Columns, LiveView, Properties
from playground.views.theme import Theme

MIN_NORM = 1e-8
"""A shorter gradient is drawn as this long."""


def gradient_norms(frame: Frame, theme: Theme) -> LiveView:
    """The length of each layer's gradient on a logarithmic axis."""
    return LiveView(draw, columns, frame, theme, properties=properties)


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
    place, norms = layer_positions(frame), log_norms(frame)
    bottom = np.full_like(norms, norm_range(frame)[0])
    return [
        {"x": place, "bottom": bottom, "x1": place, "norm": norms},
        {"x": place, "norm": norms},
    ]


def log_norms(frame: Frame) -> Floats:
    """Logarithms to base ten of all layers' gradients' lengths, shape (layers,)."""
    norms = np.array([layer.gradient_norm for layer in frame.layers], np.float32)
    return np.log10(np.clip(np.nan_to_num(norms), MIN_NORM, 1 / MIN_NORM))


def norm_range(frame: Frame) -> tuple[float, float]:
    """Whole decades around all norms, two at least."""
    norms = log_norms(frame)
    high = float(np.ceil(norms.max() + 0.05))
    return min(float(np.floor(norms.min() - 0.05)), high - 2), high


def properties(frame: Frame, theme: Theme) -> Properties:
    """Ranges, ticks and colours of the norms."""
    low, high = norm_range(frame)
    colours = dict.fromkeys(("0.glyph.line_color", "1.glyph.fill_color"), theme.accent)
    tick_labels = ticks.axis("yaxis", ticks.logarithmic(low, high))
    return {**layer_axis(frame, theme), **axis_range("y", low, high), **tick_labels, **colours}


def layer_positions(frame: Frame) -> Floats:
    """Where each layer stands across: 1, 2 and so on."""
    return np.arange(1, len(frame.layers) + 1, dtype=np.float32)


def layer_figure(
    *elements: hv.Element, quantity: str, left: int = 48, **options: object
) -> hv.Overlay:
    """Put elements into a figure with layers across."""
    return compose(
        *elements,
        backend_opts=borders(left=left, right=12, top=8, bottom=40),
        show_grid=True,
        xticks=ticks.PATCHED_TICKS,
        yticks=ticks.PATCHED_TICKS,
        xlabel="layer",
        ylabel=quantity,
        **options,
    )


def layer_axis(frame: Frame, theme: Theme) -> Properties:
    """Properties of the axis of layers, and of the lines across."""
    count = len(frame.layers)
    names = {float(place): str(place) for place in range(1, count)} | {float(count): "output"}
    return {
        **axis_range("x", 0.5, count + 0.5),
        **ticks.axis("xaxis", names),
        "0.plot.ygrid.grid_line_color": theme.line,
    }
