"""The test accuracy of each class as bars."""

from __future__ import annotations

import holoviews as hv
import numpy as np

from playground.number_text import format_percent
from playground.training.images import ImageFrame
from playground.views import ticks
from playground.views.figure import axis_range, borders, compose, rectangles
from playground.views.images.layout.pixel_figure import labels, text_style
from playground.views.live_view import Columns, LiveView, Properties
from playground.views.theme import Theme

BAR_THICKNESS = 0.66
"""Share of a class's row that its bar fills."""
NUMBERS_X, X_END = 1.03, 1.34
"""Left ends of the numbers, and the end of the axis."""


def class_accuracy(frame: ImageFrame, theme: Theme) -> LiveView:
    """Return a view of the test accuracy of each class, the first class on top."""
    return LiveView(
        draw,
        columns,
        frame,
        theme,
        properties=properties,
        alt="Test accuracy of each class",
    )


def draw(frame: ImageFrame, theme: Theme) -> hv.Overlay:
    """Declare a background, an accuracy bar and a number for each class."""
    background_bars, bars, numbers = columns(frame, theme)
    return compose(
        rectangles(background_bars).opts(line_color=None),
        rectangles(bars).opts(line_color=None),
        labels(numbers, text_align="left", text_baseline="middle"),
        backend_opts=borders(left=22, right=12, top=8, bottom=40),
        xticks=ticks.PATCHED_TICKS,
        yticks=ticks.PATCHED_TICKS,
        xlabel="accuracy",
        ylabel="",
    )


def columns(frame: ImageFrame, theme: Theme) -> list[Columns]:
    """Return the columns of backgrounds, bars and numbers."""
    share = frame.class_accuracy
    middle = len(share) - 0.5 - np.arange(len(share), dtype=np.float32)
    edges = {
        "bottom": middle - BAR_THICKNESS / 2,
        "top": middle + BAR_THICKNESS / 2,
        "left": np.zeros_like(share),
    }
    return [
        {**edges, "right": np.ones_like(share)},
        {**edges, "right": np.nan_to_num(share)},
        {
            "x": np.full_like(share, NUMBERS_X),
            "y": middle,
            "text": ["" if np.isnan(each) else format_percent(each) for each in share],
        },
    ]


def properties(frame: ImageFrame, theme: Theme) -> Properties:
    """Return ranges, class names and colours."""
    k = len(frame.classes)
    names = {k - 0.5 - row: name for row, name in enumerate(frame.classes)}
    return {
        **axis_range("x", 0, X_END),
        **axis_range("y", 0, max(k, 1)),
        **ticks.axis("xaxis", {0.0: "0%", 0.5: "50%", 1.0: "100%"}),
        **ticks.axis("yaxis", names),
        "0.glyph.fill_color": theme.line,
        "1.glyph.fill_color": theme.classes[1],
        **text_style(2, theme.ink),
    }
