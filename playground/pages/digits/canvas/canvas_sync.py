"""Messages between the canvas in the browser and the drawing in Python, however slow they are."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any
from weakref import WeakSet

import param
from bokeh import events
from bokeh.models import ColumnDataSource, CustomJS, FreehandDrawTool
from holoviews.plotting.plot import Plot

from playground.errors import InputError
from playground.ink.drawing import Drawing, Point, Polylines
from playground.ink.strokes import Polyline
from playground.serving.browser.browser_component import report_junk
from playground.serving.browser.update_batching import hold_updates
from playground.views.gestures import place_of
from playground.views.live_view import LiveView

FREEHAND_JS = Path(__file__).with_name("freehand.js").read_text()
DOT_LENGTH = 0.001
"""Length of the line that a tap draws, in widths of the canvas."""
MAX_COUNT = 2**53
"""The largest number of strokes that JavaScript can count."""
EDGE = 1e-9
"""Rounding error of a point on the edge, as in freehand.js."""


class CanvasSync:
    """Keeps a drawing and the canvases that show it the same.

    Each point of a stroke comes from the browser once, as an event of the pointer, while the stroke
    is drawn. Python writes to the browser only when the drawing changes in another way (undo,
    clear): all strokes, and how many strokes of that browser are among them or have been removed.
    Strokes that the browser drew after those are added to what was written by freehand.js. So
    nothing that is drawn gets lost, and nothing that was cleared comes back.

    Parameters
    ----------
    drawing : Drawing
    view : LiveView
        Each of its renderings becomes a canvas.
    on_refused : callable
        Called with a sentence that says why a stroke can't be kept.
    """

    def __init__(self, drawing: Drawing, view: LiveView, on_refused: Callable[[str], None]) -> None:
        self._drawing, self._view, self._on_refused = drawing, view, on_refused
        self._canvases: WeakSet[_RenderedCanvas] = WeakSet()
        self._is_drawing = False
        drawing.param.watch(self._on_lines, "lines")
        view.on_render(self._attach)

    def draw(self, line: Polyline | None, points: Sequence[Point]) -> Polyline | None:
        """Add points to the stroke under way, as the browser has done already.

        Parameters
        ----------
        line : float64 array (n, 2) or None
            The stroke so far; None begins one. If it was removed meanwhile, it comes back.
        points : sequence of (x, y)

        Returns
        -------
        float64 array (n + len(points), 2) or None
            The stroke as it is in the drawing now, None if the drawing has no room for it.
        """
        self._is_drawing = True
        try:
            if line is None:
                self._drawing.begin(*points)
            elif self._drawing.lines and self._drawing.lines[-1] is line:
                self._drawing.extend(*points)
            else:
                self._drawing.begin(*line, *points)
        except InputError as error:
            refusal = str(error)
        else:
            return self._drawing.lines[-1]
        finally:
            self._is_drawing = False
        self._on_refused(refusal)
        self.write()
        return None

    def write(self) -> None:
        """Have all canvases show the drawing."""
        with hold_updates():
            for canvas in self._canvases:
                canvas.write(self._drawing.lines)
            self._view.push(self._drawing.lines)

    def _attach(self, plot: Plot) -> None:
        self._canvases.add(_RenderedCanvas(plot, self))

    def _on_lines(self, event: param.parameterized.Event) -> None:
        if self._is_drawing:
            self._view.push(event.new)
        else:
            self.write()


class _RenderedCanvas:
    """One canvas in a browser; lives as long as its figure, whose events it receives."""

    def __init__(self, plot: Plot, sync: CanvasSync) -> None:
        self._sync = sync
        self._line: Polyline | None = None
        self._finished = self._begun = 0
        figure, handles = plot.state, next(iter(plot.subplots.values())).handles
        self._source: ColumnDataSource = handles["source"]
        # The tool would send all strokes when one ends; their points have come by then.
        self._source.update(syncable=False, tags=[0])
        self._tool = FreehandDrawTool(renderers=[handles["glyph_renderer"]])
        figure.add_tools(self._tool)
        figure.toolbar.active_drag = self._tool
        args = {"source": self._source, "tool": self._tool, "dotLength": DOT_LENGTH}
        figure.js_on_event(events.MouseEnter, CustomJS(args=args, code=FREEHAND_JS))
        self._tool.on_change("tags", self._on_stroke_counted)
        figure.on_event(events.PanStart, self._on_press)
        figure.on_event(events.Pan, self._on_move)
        figure.on_event(events.PanEnd, self._on_release)
        figure.on_event(events.Tap, self._on_tap)
        figure.on_event(events.DoubleTap, self._on_tap)

    def write(self, lines: Polylines) -> None:
        """Show strokes, except the one under way, which the browser has further than Python."""
        known = [line for line in lines if line is not self._line]
        self._source.tags = [self._finished]
        # Assigned, data that equals what was written last would not be sent.
        self._source.data.update(
            xs=[line[:, 0] for line in known], ys=[line[:, 1] for line in known]
        )

    def _on_stroke_counted(self, _name: str, _old: object, new: object) -> None:
        """Count strokes that were begun; remove what got lost, as when the connection broke off."""
        match new:
            case [int(begun)] if 0 <= begun <= MAX_COUNT:
                self._begun = begun
            case _:
                report_junk("The canvas", new)
                return
        if self._begun - 1 > self._finished:
            self._finished, self._line = self._begun - 1, None
            self._sync.write()

    def _on_press(self, event: Any) -> None:  # noqa: ANN401 (Bokeh's events have no common type)
        self._line = self._sync.draw(None, points) if (points := _points(event)) else None

    def _on_move(self, event: Any) -> None:  # noqa: ANN401
        if self._line is not None and (points := _points(event)):
            self._line = self._sync.draw(self._line, points)

    def _on_release(self, event: Any) -> None:  # noqa: ANN401
        line, self._line, self._finished = self._line, None, self._begun
        if line is None:  # refused, and by now the browser draws no longer
            self._sync.write()
        else:
            self._sync.draw(line, _points(event))

    def _on_tap(self, event: Any) -> None:  # noqa: ANN401
        self._finished = self._begun
        for x, y in _points(event):
            self._sync.draw(None, [(x, y), (x + DOT_LENGTH, y)])


def _points(event: Any) -> list[Point]:  # noqa: ANN401
    """Return the point of an event, none if it lies beside the canvas or is no point."""
    place = place_of(event)
    if place is None or not all(-EDGE <= each <= 1 + EDGE for each in place):
        return []
    return [place]
