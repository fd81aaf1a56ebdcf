"""The canvas: ink that is there at once in the browser, and point by point in Python."""

from __future__ import annotations

from collections.abc import Callable

import holoviews as hv

from playground.ink.drawing import Drawing, Polylines
from playground.pages.digits.canvas.canvas_sync import CanvasSync
from playground.views.figure import FIGURE_OPTIONS, axis_range, borders
from playground.views.live_view import Columns, LiveView, Properties
from playground.views.theme import Theme

PIXELS_PER_BRUSH_STEP = 5
"""Pixels on the screen for each step of the brush."""


def canvas(drawing: Drawing, theme: Theme, on_refused: Callable[[str], None]) -> LiveView:
    """A sheet to draw on with mouse, pen or finger.

    Parameters
    ----------
    drawing : Drawing
        Follows the pen while it moves; what changes it otherwise shows on the sheet.
    theme : Theme
    on_refused : callable
        Told in a sentence why something drawn can't be kept.
    """
    view = LiveView(
        draw,
        columns,
        drawing.lines,
        theme,
        properties=properties,
        brush=drawing.brush,
        from_browser=True,
        revision=0,
    )
    CanvasSync(drawing, view, on_refused)
    drawing.param.watch(lambda event: view.set(brush=event.new), "brush")
    return view


def draw(
    lines: Polylines, theme: Theme, brush: int, from_browser: bool, revision: int
) -> hv.Overlay:
    """Declare the sheet; the unit square fills it, y downwards."""
    ink = hv.Path(list(lines)).opts(default_tools=[])
    options = {**FIGURE_OPTIONS, "xaxis": None, "yaxis": None, "backend_opts": borders(0, 0, 0, 0)}
    return hv.Overlay([ink]).opts(**options)


def columns(
    lines: Polylines, theme: Theme, brush: int, from_browser: bool, revision: int
) -> list[Columns | None]:
    """Columns of the strokes; none if they were drawn in the browser, which may be ahead."""
    if from_browser:
        return [None]
    return [{"xs": [line[:, 0] for line in lines], "ys": [line[:, 1] for line in lines]}]


def properties(
    lines: Polylines, theme: Theme, brush: int, from_browser: bool, revision: int
) -> Properties:
    """Ink and paper."""
    pen = {
        "line_color": theme.ink,
        "line_width": brush * PIXELS_PER_BRUSH_STEP,
        "line_cap": "round",
        "line_join": "round",
    }
    return {
        **axis_range("x", 0, 1),
        **axis_range("y", 1, 0),
        **{f"0.glyph.{name}": value for name, value in pen.items()},
        "0.glyph_renderer.nonselection_glyph": None,
        "0.source.tags": [revision],
        "0.plot.html_attributes": {
            "role": "img",
            "aria-label": "Canvas: draw a digit here with mouse, pen or finger",
        },
    }
