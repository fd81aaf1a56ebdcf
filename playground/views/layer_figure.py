"""A figure with the layers of a network side by side, for statistics of each layer."""

from __future__ import annotations

import holoviews as hv
import numpy as np

from playground.problems.problem import Floats
from playground.training.dense.frame import Frame
from playground.views import ticks
from playground.views.figure import axis_range, borders, compose
from playground.views.live_view import Properties
from playground.views.theme import Theme


def layer_figure(
    *elements: hv.Element, quantity: str, left: int = 48, **options: object
) -> hv.Overlay:
    """Put elements into a figure with the layers along the horizontal axis.

    Parameters
    ----------
    *elements
        From the lowest to the uppermost.
    quantity : str
        Label of the vertical axis.
    left : int
        Pixels left of the axes.
    **options
        More HoloViews options of the figure.
    """
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


def layer_positions(frame: Frame) -> Floats:
    """Horizontal position of each layer: 1, 2 and so on; float32 of shape (layers,)."""
    return np.arange(1, len(frame.layers) + 1, dtype=np.float32)


def layer_axis(frame: Frame, theme: Theme) -> Properties:
    """Properties of the horizontal axis, and of the horizontal grid lines."""
    count = len(frame.layers)
    names = {float(place): str(place) for place in range(1, count)} | {float(count): "output"}
    return {
        **axis_range("x", 0.5, count + 0.5),
        **ticks.axis("xaxis", names),
        "0.plot.ygrid.grid_line_color": theme.line,
    }
