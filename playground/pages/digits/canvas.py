"""The canvas: ink that is there at once in the browser, and point by point in Python."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import holoviews as hv
from bokeh import events
from bokeh.models import CustomJS, FreehandDrawTool
from holoviews.plotting.plot import Plot

from playground.errors import InputError
from playground.ink.drawing import Drawing, Lines
from playground.views.figure import OPTIONS, borders, span
from playground.views.live import Columns, LiveView, Properties
from playground.views.theme import Theme

THICKNESS = 5
"""Pixels on the screen for each step of the brush."""

# Bokeh takes a pen that rests for a moment for a press, and what follows draws nothing; it takes
# the first five pixels for a tap, and a second finger (or the heel of a hand) for the pen. It
# reports that the pointer has come before the pointer is down. And where nothing has been painted
# since the page's styles came, it still believes the figure to be as large as without them.
READY = """
const view = Bokeh.index.find_one(cb_obj.origin)
if (view.frame.bbox.width != view.bbox.width) view.compute_layout()
const bus = view.canvas_view.ui_event_bus
if (!bus.draws) {
  bus.draws = true
  const pen = bus.ui_gestures
  pen._start_timeout = () => {}
  pen._within_threshold = (pointer) => {
    const {dx, dy} = pen._movement(pointer)
    return dx ** 2 + dy ** 2 <= 2
  }
  for (const kind of ["pointerdown", "pointermove", "pointerup"]) {
    view.el.addEventListener(kind, (event) => event.isPrimary || event.stopPropagation(), true)
  }
}
"""

# The tool that draws knows no dots, and browsers paint no line without length.
DOT = """
if (cb_obj.x != null && cb_obj.y != null) {
  const {data} = source
  data.xs = [...data.xs, [cb_obj.x, cb_obj.x + 0.001]]
  data.ys = [...data.ys, [cb_obj.y, cb_obj.y]]
  source.change.emit()
  source.setv({data}, {check_eq: false})
}
"""


def canvas(drawing: Drawing, theme: Theme, said: Callable[[str], None]) -> LiveView:
    """A sheet to draw on with mouse, pen or finger.

    Parameters
    ----------
    drawing : Drawing
        Follows the pen while it moves; what changes it otherwise shows on the sheet.
    theme : Theme
    said : callable
        Told in a sentence why something drawn can't be kept.
    """
    view = LiveView(
        draw,
        columns,
        drawing.lines,
        theme,
        properties=properties,
        brush=drawing.brush,
        drawn=False,
    )
    hand = _Hand(drawing, view, said)
    view.on_render(hand.attach)
    drawing.param.watch(lambda event: view.set(brush=event.new), "brush")
    drawing.param.watch(hand.show, "lines")
    return view


def draw(lines: Lines, theme: Theme, brush: int, drawn: bool) -> hv.Overlay:
    """Declare the sheet; the unit square fills it, y downwards."""
    ink = hv.Path(list(lines)).opts(default_tools=[])
    options = {**OPTIONS, "xaxis": None, "yaxis": None, "backend_opts": borders(0, 0, 0, 0)}
    return hv.Overlay([ink]).opts(**options)


def columns(lines: Lines, theme: Theme, brush: int, drawn: bool) -> list[Columns | None]:
    """Columns of the strokes; none if they were drawn in the browser, which may be ahead."""
    if drawn:
        return [None]
    return [{"xs": [line[:, 0] for line in lines], "ys": [line[:, 1] for line in lines]}]


def properties(lines: Lines, theme: Theme, brush: int, drawn: bool) -> Properties:
    """Ink and paper."""
    pen = {
        "line_color": theme.ink,
        "line_width": brush * THICKNESS,
        "line_cap": "round",
        "line_join": "round",
    }
    return {
        **span("x", 0, 1),
        **span("y", 1, 0),
        **{f"0.glyph.{name}": value for name, value in pen.items()},
        "0.glyph_renderer.nonselection_glyph": None,
        "0.plot.html_attributes": {
            "role": "img",
            "aria-label": "Canvas: draw a digit here with mouse, pen or finger",
        },
    }


class _Hand:
    """Tells a drawing what the pen does on a sheet, and the sheet what else befalls the drawing.

    The sheet in the browser is ahead of Python while somebody draws, so it is written to only
    when the drawing has changed in another way.
    """

    def __init__(self, drawing: Drawing, view: LiveView, said: Callable[[str], None]) -> None:
        self._drawing, self._view, self._said = drawing, view, said
        self._follows = self._under_way = False

    def attach(self, plot: Plot) -> None:
        figure, handles = plot.state, next(iter(plot.subplots.values())).handles
        source = handles["source"]
        tool = FreehandDrawTool(renderers=[handles["glyph_renderer"]])
        figure.add_tools(tool)
        figure.toolbar.active_drag = tool
        figure.js_on_event(events.MouseEnter, CustomJS(code=READY))
        for tap in (events.Tap, events.DoubleTap):
            figure.js_on_event(tap, CustomJS(args={"source": source}, code=DOT))
        figure.on_event(events.PanStart, self._press)
        figure.on_event(events.Pan, self._move)
        figure.on_event(events.PanEnd, self._lift)
        source.on_change("data", self._take)

    def show(self, _event: object) -> None:
        """Have the sheet show the drawing, unless that is where it comes from."""
        self._under_way = self._under_way and self._follows
        self._view.push(self._drawing.lines, drawn=self._follows)

    def _press(self, event: Any) -> None:  # noqa: ANN401 (Bokeh's events have no common type)
        self._under_way = event.x is not None and event.y is not None
        if self._under_way:
            self._follow(self._drawing.begin, event.x, event.y)

    def _move(self, event: Any) -> None:  # noqa: ANN401
        if self._under_way and event.x is not None and event.y is not None:
            self._follow(self._drawing.extend, event.x, event.y)

    def _lift(self, _event: object) -> None:
        self._under_way = False

    def _take(self, _name: str, _old: object, new: dict[str, Any]) -> None:
        """What the browser says when a stroke is finished."""
        try:
            strokes = list(zip(new.get("xs", ()), new.get("ys", ()), strict=False))
            self._follow(self._drawing.take, strokes)
        except InputError as error:
            self._said(str(error))
            self._view.push(self._drawing.lines, drawn=False)

    def _follow(self, change: Callable[..., None], *arguments: object) -> None:
        self._follows = True
        try:
            change(*arguments)
        finally:
            self._follows = False
