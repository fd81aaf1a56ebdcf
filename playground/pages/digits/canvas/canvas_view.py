"""The canvas: Bokeh paints ink while it is drawn, and Python receives it point by point."""

from __future__ import annotations

from collections.abc import Callable

import holoviews as hv

from playground.ink.drawing import Drawing, Polylines
from playground.pages.digits.canvas.canvas_sync import CanvasSync
from playground.views.figure import FIGURE_OPTIONS, axis_range, borders
from playground.views.live_view import LiveView, Properties
from playground.views.theme import Theme

PIXELS_PER_BRUSH_STEP = 5
"""Width of the line on the screen, for each step of the brush."""


def canvas(drawing: Drawing, theme: Theme, on_refused: Callable[[str], None]) -> LiveView:
    """Return a canvas to draw on with mouse, pen or finger.

    Parameters
    ----------
    drawing : Drawing
        Follows the pen while it moves; the canvas shows all other changes of it.
    theme : Theme
    on_refused : callable
        Called with a sentence that says why a stroke can't be kept.
    """
    view = LiveView(
        draw,
        columns,
        drawing.lines,
        theme,
        properties=properties,
        alt="Canvas: draw digits with a mouse, a pen or a finger, or open a picture instead",
        brush=drawing.brush,
    )
    CanvasSync(drawing, view, on_refused)
    drawing.param.watch(lambda event: view.set(brush=event.new), "brush")
    return view


def draw(lines: Polylines, theme: Theme, brush: int) -> hv.Overlay:
    """Declare the canvas; the unit square fills it, y downwards."""
    ink = hv.Path(list(lines)).opts(default_tools=[])
    options = {**FIGURE_OPTIONS, "xaxis": None, "yaxis": None, "backend_opts": borders(0, 0, 0, 0)}
    return hv.Overlay([ink]).opts(**options)


def columns(lines: Polylines, theme: Theme, brush: int) -> list[None]:
    """Leave the strokes alone: the browser may be ahead, so only `CanvasSync` writes them."""
    return [None]


def properties(lines: Polylines, theme: Theme, brush: int) -> Properties:
    """Compute the colours of ink and paper, and the width of the line."""
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
        "0.plot.html_attributes": {
            "role": "img",
            "aria-label": "Canvas: draw a digit here with mouse, pen or finger",
        },
    }
