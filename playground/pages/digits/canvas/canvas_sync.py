"""What goes between a sheet in the browser and the drawing in Python, however late it comes."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

import numpy as np
import param
from bokeh import events
from bokeh.models import ColumnDataSource, CustomJS, FreehandDrawTool
from holoviews.plotting.plot import Plot

from playground.errors import InputError
from playground.ink.drawing import Drawing, Polylines
from playground.ink.stroke_merging import merge_strokes
from playground.ink.strokes import Stroke, parse_strokes
from playground.pages.digits.canvas.freehand_patches import ACKNOWLEDGE_JS, DOT_JS, SETUP_JS
from playground.serving.update_batching import hold_updates
from playground.views.live_view import LiveView


class CanvasSync:
    """Tells a drawing what the pen does on a sheet, and the sheet what else befalls the drawing.

    The sheet in the browser is ahead of Python while somebody draws, so it is written to only
    when the drawing has changed in another way. What is written is numbered, in the tags of the
    sheet's data source, and the browser answers with the number, in those of the tool: until then
    it may tell of strokes that are gone, and what it tells of will be overwritten.

    Parameters
    ----------
    drawing : Drawing
    view : LiveView
        Its choices `from_browser` and `revision` are set here.
    on_refused : callable
        Told in a sentence why something drawn can't be kept.
    """

    def __init__(self, drawing: Drawing, view: LiveView, on_refused: Callable[[str], None]) -> None:
        self._drawing, self._view, self._on_refused = drawing, view, on_refused
        self._applying = self._in_stroke = self._writing = False
        self._removed: Polylines = ()
        self._revision = 0
        drawing.param.watch(self._on_lines, "lines")
        view.on_render(self._attach)

    def _attach(self, plot: Plot) -> None:
        figure, handles = plot.state, next(iter(plot.subplots.values())).handles
        source = handles["source"]
        tool = FreehandDrawTool(renderers=[handles["glyph_renderer"]], tags=source.tags)
        figure.add_tools(tool)
        figure.toolbar.active_drag = tool
        ends = {"source": source, "tool": tool}
        figure.js_on_event(events.MouseEnter, CustomJS(args=ends, code=SETUP_JS))
        for tap in (events.Tap, events.DoubleTap):
            figure.js_on_event(tap, CustomJS(args=ends, code=DOT_JS))
        source.js_on_change("tags", CustomJS(args=ends, code=ACKNOWLEDGE_JS))
        figure.on_event(events.PanStart, self._on_press)
        figure.on_event(events.Pan, self._on_move)
        figure.on_event(events.PanEnd, self._on_release)
        source.on_change("data", partial(self._on_strokes, source, tool))
        tool.on_change("tags", self._on_acknowledged)

    # From the browser ----------------------------------------------------------------------------

    def _on_press(self, event: Any) -> None:  # noqa: ANN401 (Bokeh's events have no common type)
        self._in_stroke = _inside(event)
        if self._in_stroke:
            self._apply(self._drawing.begin, event.x, event.y)

    def _on_move(self, event: Any) -> None:  # noqa: ANN401
        if self._in_stroke and _inside(event):
            self._apply(self._drawing.extend, event.x, event.y)

    def _on_release(self, _event: object) -> None:
        self._in_stroke = False

    def _on_strokes(
        self,
        source: ColumnDataSource,
        tool: FreehandDrawTool,
        _name: str,
        _old: object,
        new: dict[str, Any],
    ) -> None:
        """What the browser says when a stroke is finished."""
        if self._writing:
            return
        with hold_updates():
            try:
                received = parse_strokes(
                    list(zip(new.get("xs", ()), new.get("ys", ()), strict=False))
                )
                self._merge(tuple(received))
            except InputError as error:
                self._on_refused(str(error))
                self._send()
            else:
                if tool.tags != source.tags or not _same_lines(received, self._drawing.lines):
                    self._send()

    def _merge(self, received: Polylines) -> None:
        lines = merge_strokes(self._drawing.lines, received, self._removed)
        strokes: list[Stroke] = [(line[:, 0], line[:, 1]) for line in lines]
        self._apply(self._drawing.set_strokes, strokes)

    def _on_acknowledged(self, _name: str, _old: object, new: list[int]) -> None:
        """The browser has what was written."""
        if new == [self._revision]:
            self._removed = ()

    def _apply(self, change: Callable[..., None], *arguments: object) -> None:
        self._applying = True
        try:
            change(*arguments)
        finally:
            self._applying = False

    # To the browser ------------------------------------------------------------------------------

    def _on_lines(self, event: param.parameterized.Event) -> None:
        """Have the sheet show the drawing, unless that is where it comes from."""
        if self._applying:
            self._view.push(event.new)
            return
        self._in_stroke = False
        self._removed = tuple(
            line
            for line in (*self._removed, *event.old)
            if all(line is not each for each in event.new)
        )
        self._send()

    def _send(self) -> None:
        self._revision += 1
        self._writing = True
        try:
            self._view.push(self._drawing.lines, from_browser=False, revision=self._revision)
        finally:
            self._writing = False
        # A new theme or another brush is no reason to write once more.
        self._view.set(from_browser=True)


def _inside(event: Any) -> bool:  # noqa: ANN401
    return all(place is not None and 0 <= place <= 1 for place in (event.x, event.y))


def _same_lines(one: Polylines | list[Any], other: Polylines) -> bool:
    return len(one) == len(other) and all(map(np.array_equal, one, other))
