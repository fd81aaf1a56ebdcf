"""The sheet to draw on: Bokeh's tool, undo, brush and theme."""

from __future__ import annotations

import pytest
from bokeh import events
from bokeh.models import FreehandDrawTool

from playground.ink.drawing import Drawing
from playground.pages.digits.canvas.canvas_view import PIXELS_PER_BRUSH_STEP, canvas
from playground.pages.digits.canvas.pen_keys import PenKeys
from playground.views.live_view import element_plots
from playground.views.theme import DARK, LIGHT
from tests.support.data.drawings import BAR, STEM, draw
from tests.support.patching import render

# Panel 1.9.4 would have widgets called by their label, which its own `from_param` does not do yet.
pytestmark = pytest.mark.filterwarnings("ignore:Widget.name is deprecated")


def fail_on_message(sentence: str) -> None:
    raise AssertionError(sentence)


def sheet(drawing: Drawing, on_refused=fail_on_message):
    """Return a rendered canvas: the view, the figure, its source."""
    view = canvas(drawing, LIGHT, on_refused)
    plot = render(view)
    return view, plot.state, element_plots(plot)[0].handles["source"]


def move(figure, kind, x, y) -> None:
    figure._trigger_event(kind(figure, x=x, y=y))


def test_the_freehand_tool_draws_on_the_unit_square_y_downwards() -> None:
    _view, figure, source = sheet(Drawing())
    (tool,) = figure.tools
    assert isinstance(tool, FreehandDrawTool)
    assert tool.renderers[0].data_source is source
    assert figure.toolbar.active_drag is tool
    assert (figure.x_range.start, figure.x_range.end) == (0, 1)
    assert (figure.y_range.start, figure.y_range.end) == (1, 0)


def test_points_reach_the_drawing_while_the_pen_moves_and_do_not_come_back() -> None:
    drawing = Drawing()
    _view, figure, source = sheet(drawing)
    move(figure, events.PanStart, 0.1, 0.2)
    move(figure, events.Pan, 0.3, 0.4)
    assert [line.tolist() for line in drawing.lines] == [[[0.1, 0.2], [0.3, 0.4]]]
    assert source.data["xs"] == []


def test_a_pen_that_leaves_the_sheet_draws_on_when_it_returns() -> None:
    drawing = Drawing()
    _view, figure, _source = sheet(drawing)
    move(figure, events.PanStart, 0.1, 0.2)
    move(figure, events.Pan, None, None)
    move(figure, events.Pan, 0.3, 0.4)
    assert drawing.lines[0].tolist() == [[0.1, 0.2], [0.3, 0.4]]


def test_a_stroke_ends_where_the_pen_is_lifted() -> None:
    drawing = Drawing()
    _view, figure, _source = sheet(drawing)
    move(figure, events.PanStart, 0.1, 0.2)
    move(figure, events.PanEnd, 0.5, 0.6)
    move(figure, events.Pan, 0.7, 0.7)
    assert [line.tolist() for line in drawing.lines] == [[[0.1, 0.2], [0.5, 0.6]]]


def test_undo_and_clear_show_on_the_sheet_wherever_it_is_rendered() -> None:
    drawing = Drawing()
    view, _figure, source = sheet(drawing)
    draw(drawing, STEM, BAR, STEM)
    drawing.undo()
    assert len(source.data["xs"]) == 2
    drawing.clear()
    assert len(source.data["xs"]) == 0
    drawing.undo()
    other = element_plots(render(view))[0].handles["source"]
    assert [line.tolist() for line in other.data["xs"]] == [STEM[0], BAR[0]]


def test_a_later_render_shows_what_was_drawn_in_the_browser() -> None:
    drawing = Drawing()
    view, figure, _source = sheet(drawing)
    move(figure, events.PanStart, 0.1, 0.2)
    move(figure, events.Pan, 0.3, 0.4)
    other = element_plots(render(view))[0].handles["source"]
    assert [line.tolist() for line in other.data["xs"]] == [[0.1, 0.3]]


def test_brush_and_theme_show_in_the_ink() -> None:
    drawing = Drawing()
    view = canvas(drawing, LIGHT, fail_on_message)
    plot = render(view)
    glyph = element_plots(plot)[0].handles["glyph"]
    drawing.brush = 5
    view.restyle(DARK)
    assert (glyph.line_width, glyph.line_color) == (5 * PIXELS_PER_BRUSH_STEP, DARK.ink)


def test_keys_draw_strokes_that_all_canvases_show() -> None:
    drawing = Drawing()
    _view, _figure, source = sheet(drawing)
    pen = PenKeys(drawing, fail_on_message)
    for message in (["down", 0.2, 0.5], ["to", 0.3, 0.5], "up", ["down", 0.6, 0.5]):
        assert pen.receive(message)
    assert [line[:, 0].tolist() for line in drawing.lines] == [[0.2, 0.201, 0.3], [0.6, 0.601]]
    assert [len(xs) for xs in source.data["xs"]] == [3, 2]
    drawing.undo()
    assert pen.receive(["to", 0.7, 0.5])  # the stroke is gone: another one begins
    assert [len(line) for line in drawing.lines] == [3, 1]
    for junk in (
        "down",
        ["down", 0.2],
        ["to", 2, 0.5],
        ["to", float("nan"), 0.5],
        ["to", "0", 0.5],
    ):
        assert not pen.receive(junk)
    assert len(drawing.lines) == 2
    refused: list[str] = []
    full = Drawing()
    full.lines = tuple([drawing.lines[0]] * 200)
    assert PenKeys(full, refused.append).receive(["down", 0.5, 0.5])
    assert "no room for more" in refused[0]
