"""What all figures have in common: no toolbar, no background, unobtrusive axes."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from typing import Any, Literal

import holoviews as hv
import numpy as np
import numpy.typing as npt
from bokeh.models import NoOverlap

from playground.views.theme import Theme

FONT = "system-ui, -apple-system, 'Segoe UI', Roboto, sans-serif"

FIGURE_OPTIONS: dict[str, Any] = {
    "responsive": True,
    "toolbar": None,
    "default_tools": [],
    "show_legend": False,
    "show_title": False,
    "padding": 0,
    "margin": 0,
}
"""HoloViews options for a whole figure; `compose` sets them."""

ELEMENT_OPTIONS: dict[str, Any] = {"default_tools": [], "apply_ranges": False, "normalize": False}
"""HoloViews options for each element of a figure, which would add tools of its own, and whose data
would be searched for the range of the axes, and of what is normalised: a third of the time that a
page takes to render. Each view sets its ranges itself."""

SMOOTH = "pg-smooth"
"""Tag of Image glyphs whose pictures are interpolated; see `serving/patches/bokeh_patches.js`."""

MARGINS = "pg-margins-"
"""Beginning of the tag of Image glyphs whose indices are `theme.margin_index` of so many classes.
The browser makes them finer before they get their colours; see the same file."""

OWN_STYLE = "pg-own-style"
"""Tag of figures that no style sheet colours; see `serving/patches/layout_patches.js`."""

EDGES = ("left", "bottom", "right", "top")
"""Columns of rectangles, in the order of their dimensions in HoloViews."""

TOOLTIP_HTML = (
    '<div style="margin: -5px; padding: 6px 9px; font: 13px {font}; line-height: 1.5;'
    ' color: var(--pg-ink); background: var(--pg-surface)">{body}</div>'
)
"""A hover tool's text; CSS variables give it the colours of the page's theme."""


def compose(*elements: hv.Element, **options: object) -> hv.Overlay:
    """Put elements into one figure without a toolbar, a legend or tools for gestures.

    Parameters
    ----------
    *elements
        From the lowest to the uppermost.
    **options
        More HoloViews options of the figure.
    """
    for element in elements:
        element.opts(**ELEMENT_OPTIONS)
    return hv.Overlay(elements).opts(**FIGURE_OPTIONS, normalize=False, **options)


def borders(left: int, right: int, top: int, bottom: int) -> dict[str, int]:
    """Backend options that keep at least these numbers of pixels free around the axes."""
    sides = {"left": left, "right": right, "top": top, "bottom": bottom}
    return {f"plot.min_border_{side}": width for side, width in sides.items()}


def labels_apart() -> dict[str, NoOverlap]:
    """Backend options that leave out labels along a figure where they would overlap."""
    return {"xaxis.major_label_policy": NoOverlap()}


def axis_range(axis: Literal["x", "y"], low: float, high: float) -> dict[str, float]:
    """Properties that set the range of an axis."""
    return {f"0.{axis}_range.start": float(low), f"0.{axis}_range.end": float(high)}


def rectangles(columns: Mapping[str, Any]) -> hv.Rectangles:
    """Declare outlines of rectangles from the columns `EDGES`."""
    sides = tuple(columns[side] for side in EDGES)
    return hv.Rectangles(sides).opts(fill_color=None, line_width=1)


def colour_column(indices: npt.ArrayLike) -> npt.NDArray[np.float32]:
    """Colour indices as float32; HoloViews would take a single integer for a shade of grey."""
    return np.asarray(indices, np.float32)


def font_property(element: int) -> dict[str, Any]:
    """Property that sets an element's font; HoloViews would take a list of fonts for a column."""
    return {f"{element}.glyph.text_font": {"value": FONT}}


def axis_properties(theme: Theme) -> dict[str, Any]:
    """Style of one axis in the colours of a theme, by attribute."""
    return {
        "axis_line_color": None,
        "axis_label_text_color": theme.muted,
        "axis_label_text_font": FONT,
        "axis_label_text_font_size": "13px",
        "axis_label_text_font_style": "normal",
        "axis_label_standoff": 4,
        "major_label_text_color": theme.muted,
        "major_label_text_font": FONT,
        "major_label_text_font_size": "13px",
        "major_tick_line_color": None,
        "minor_tick_line_color": None,
        "major_tick_out": 0,
        "minor_tick_out": 0,
    }


@lru_cache(maxsize=4)
def figure_properties(theme: Theme) -> Mapping[str, Any]:
    """Properties of a whole figure, by path; see `playground.views.live_view.Properties`."""
    axes = axis_properties(theme)
    backgrounds = ("background_fill_color", "border_fill_color", "outline_line_color")
    return {
        # Faster than WebGL, which waits for the graphics card to return each picture.
        "0.plot.output_backend": "canvas",
        "0.plot.tags": [OWN_STYLE],
        **{f"0.plot.{name}": None for name in backgrounds},
        "0.plot.xgrid.grid_line_color": None,
        "0.plot.ygrid.grid_line_color": None,
        **{
            f"0.{axis}.{name}": value for axis in ("xaxis", "yaxis") for name, value in axes.items()
        },
    }
