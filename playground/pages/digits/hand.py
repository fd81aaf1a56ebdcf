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
from playground.ink.drawing import Drawing, Lines
from playground.ink.joining import joined
from playground.ink.strokes import Stroke, parsed
from playground.pages.digits.pen import ANSWER, DOT, READY
from playground.views.live import LiveView
from playground.views.together import together


class Hand:
    """Tells a drawing what the pen does on a sheet, and the sheet what else befalls the drawing.

    The sheet in the browser is ahead of Python while somebody draws, so it is written to only
    when the drawing has changed in another way. What is written is numbered, in the tags of the
    sheet's data source, and the browser answers with the number, in those of the tool: until then
    it may tell of strokes that are gone, and what it tells of will be overwritten.

    Parameters
    ----------
    drawing : Drawing
    view : LiveView
        Its choices `drawn` and `written` are set here.
    said : callable
        Told in a sentence why something drawn can't be kept.
    """

    def __init__(self, drawing: Drawing, view: LiveView, said: Callable[[str], None]) -> None:
        self._drawing, self._view, self._said = drawing, view, said
        self._follows = self._under_way = self._writes = False
        self._gone: Lines = ()
        self._written = 0
        drawing.param.watch(self._show, "lines")
        view.on_render(self._attach)

    def _attach(self, plot: Plot) -> None:
        figure, handles = plot.state, next(iter(plot.subplots.values())).handles
        source = handles["source"]
        tool = FreehandDrawTool(renderers=[handles["glyph_renderer"]], tags=source.tags)
        figure.add_tools(tool)
        figure.toolbar.active_drag = tool
        ends = {"source": source, "tool": tool}
        figure.js_on_event(events.MouseEnter, CustomJS(args=ends, code=READY))
        for tap in (events.Tap, events.DoubleTap):
            figure.js_on_event(tap, CustomJS(args=ends, code=DOT))
        source.js_on_change("tags", CustomJS(args=ends, code=ANSWER))
        figure.on_event(events.PanStart, self._press)
        figure.on_event(events.Pan, self._move)
        figure.on_event(events.PanEnd, self._lift)
        source.on_change("data", partial(self._take, source, tool))
        tool.on_change("tags", self._answered)

    # From the browser ----------------------------------------------------------------------------

    def _press(self, event: Any) -> None:  # noqa: ANN401 (Bokeh's events have no common type)
        self._under_way = _inside(event)
        if self._under_way:
            self._follow(self._drawing.begin, event.x, event.y)

    def _move(self, event: Any) -> None:  # noqa: ANN401
        if self._under_way and _inside(event):
            self._follow(self._drawing.extend, event.x, event.y)

    def _lift(self, _event: object) -> None:
        self._under_way = False

    def _take(
        self,
        source: ColumnDataSource,
        tool: FreehandDrawTool,
        _name: str,
        _old: object,
        new: dict[str, Any],
    ) -> None:
        """What the browser says when a stroke is finished."""
        if self._writes:
            return
        with together():
            try:
                told = parsed(list(zip(new.get("xs", ()), new.get("ys", ()), strict=False)))
                self._join(tuple(told))
            except InputError as error:
                self._said(str(error))
                self._write()
            else:
                if tool.tags != source.tags or not _equal(told, self._drawing.lines):
                    self._write()

    def _join(self, told: Lines) -> None:
        lines = joined(self._drawing.lines, told, self._gone)
        strokes: list[Stroke] = [(line[:, 0], line[:, 1]) for line in lines]
        self._follow(self._drawing.take, strokes)

    def _answered(self, _name: str, _old: object, new: list[int]) -> None:
        """The browser has what was written."""
        if new == [self._written]:
            self._gone = ()

    def _follow(self, change: Callable[..., None], *arguments: object) -> None:
        self._follows = True
        try:
            change(*arguments)
        finally:
            self._follows = False

    # To the browser ------------------------------------------------------------------------------

    def _show(self, event: param.parameterized.Event) -> None:
        """Have the sheet show the drawing, unless that is where it comes from."""
        if self._follows:
            self._view.push(event.new)
            return
        self._under_way = False
        self._gone = tuple(
            line
            for line in (*self._gone, *event.old)
            if all(line is not each for each in event.new)
        )
        self._write()

    def _write(self) -> None:
        self._written += 1
        self._writes = True
        try:
            self._view.push(self._drawing.lines, drawn=False, written=self._written)
        finally:
            self._writes = False
        # A new theme or another brush is no reason to write once more.
        self._view.set(drawn=True)


def _inside(event: Any) -> bool:  # noqa: ANN401
    return all(place is not None and 0 <= place <= 1 for place in (event.x, event.y))


def _equal(one: Lines | list[Any], other: Lines) -> bool:
    return len(one) == len(other) and all(map(np.array_equal, one, other))
