"""Figures without axes whose coordinates are pixels, and elements for them."""

from __future__ import annotations

from functools import lru_cache
from typing import Any

import holoviews as hv

from playground.views.figure import FIGURE_OPTIONS, FONT, axis_range, borders
from playground.views.live_view import Columns, LiveView, Properties
from playground.views.size_tracking import Size, track_size
from playground.views.theme import STEPS, Theme, ramp

DEFAULT_SIZE: Size = (420, 300)
"""Size of a figure in pixels until the browser reports it."""
MIN_SIDE = 40
"""Least side in pixels; a collapsed figure reports less and is ignored."""


def follow_size(view: LiveView) -> LiveView:
    """Make a view's choice `size` follow its size in the browser."""
    view.on_render(track_size(lambda size: view.set(size=size), MIN_SIDE))
    return view


def without_axes(*elements: hv.Element) -> hv.Overlay:
    """Combine elements into one figure without axes."""
    return hv.Overlay(elements).opts(
        **FIGURE_OPTIONS, xaxis=None, yaxis=None, backend_opts=borders(0, 0, 0, 0)
    )


def pixel_axes(size: Size) -> Properties:
    """Return properties that make coordinates pixels from the lower left corner."""
    return {
        **axis_range("x", 0, size[0]),
        **axis_range("y", 0, size[1]),
        "0.plot.ygrid.grid_line_color": None,
    }


def labels(columns: Columns, **style: object) -> hv.Labels:
    """Return labels from columns `x`, `y` and `text`; see `text_style`."""
    texts = hv.Labels((columns["x"], columns["y"], columns["text"]), ["x", "y"], "text")
    return texts.opts(**({"text_font_size": "13px"} | style))


def text_style(element: int, colour: str, **style: object) -> dict[str, Any]:
    """Return properties of the text of one element."""
    style = {"text_font": {"value": FONT}, "text_color": colour, "text_line_height": 1.15, **style}
    return {f"{element}.glyph.{name}": value for name, value in style.items()}


@lru_cache(maxsize=4)
def ink(theme: Theme) -> list[str]:
    """Return 256 colours from paper to ink; index 0 is transparent. See `ink_indices`."""
    return ["#00000000", *ramp(theme.neutral, theme.ink, STEPS - 1)]
