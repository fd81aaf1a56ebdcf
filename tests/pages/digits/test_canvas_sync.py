"""The canvas over a slow connection: nothing drawn is lost, nothing cleared comes back."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from bokeh import events
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, precondition, rule

from playground.ink.drawing import Drawing
from playground.pages.digits.canvas.canvas_sync import DOT_LENGTH
from playground.pages.digits.canvas.canvas_view import canvas
from playground.views.live_view import element_plots
from playground.views.theme import LIGHT
from tests.support.patching import render

Stroke = list[list[float]]


def fail_on_message(sentence: str) -> None:
    raise AssertionError(sentence)


class CanvasLink:
    """A canvas and a slow connection: each message waits until a test delivers it.

    The methods under "In the browser" do what Bokeh's tool and freehand.js do there.
    """

    def __init__(self) -> None:
        self.drawing = Drawing()
        self.view = canvas(self.drawing, LIGHT, fail_on_message)
        plot = render(self.view)
        self.figure, self.source = plot.state, element_plots(plot)[0].handles["source"]
        (self.tool,) = self.figure.tools
        self.to_python: deque[Callable[[], object]] = deque()
        self.to_browser: deque[tuple[list[Stroke], int]] = deque()
        self.source.on_change("data", self.write)
        self.browser_strokes: list[Stroke] = []
        self.count = 0
        self.under_way: Stroke | None = None

    def write(self, _name: str, _old: object, data: dict[str, Any]) -> None:
        """Send what Python has just written to the canvas."""
        columns = zip(data["xs"], data["ys"], strict=True)
        strokes = [np.column_stack(pair).tolist() for pair in columns]
        self.to_browser.append((strokes, self.source.tags[0]))

    # In the browser ------------------------------------------------------------------------------

    def begin(self, stroke: Stroke) -> None:
        self.browser_strokes.append(stroke)
        self.count += 1
        tags = [self.count]
        self.to_python.append(lambda: setattr(self.tool, "tags", tags))

    def event(self, kind: type[events.PointEvent], x: float, y: float) -> None:
        self.to_python.append(lambda: self.figure._trigger_event(kind(self.figure, x=x, y=y)))

    def press(self, x: float, y: float) -> None:
        self.under_way = [[x, y]]
        self.begin(self.under_way)
        self.event(events.PanStart, x, y)

    def move(self, x: float, y: float) -> None:
        self._draw(x, y)
        self.event(events.Pan, x, y)

    def lift(self, x: float, y: float) -> Stroke:
        self._draw(x, y)
        finished, self.under_way = self.under_way, None
        self.event(events.PanEnd, x, y)
        assert finished is not None
        return finished

    def dot(self, x: float, y: float) -> Stroke:
        self.begin([[x, y], [x + DOT_LENGTH, y]])
        self.event(events.Tap, x, y)
        return self.browser_strokes[-1]

    def _draw(self, x: float, y: float) -> None:
        assert self.browser_strokes[-1] is self.under_way
        if 0 <= x <= 1 and 0 <= y <= 1:
            self.browser_strokes[-1].append([x, y])

    # On the way -----------------------------------------------------------------------------------

    def deliver_to_python(self) -> None:
        self.to_python.popleft()()

    def deliver_to_browser(self) -> None:
        strokes, known = self.to_browser.popleft()
        missing = self.count - known
        self.browser_strokes = [*strokes, *self.browser_strokes[-missing:][:missing]]

    def lose_all_to_python(self) -> None:
        """Lose what is on the way, as when the connection breaks off."""
        self.to_python.clear()

    def deliver_all(self) -> None:
        """Deliver messages until none is left."""
        while self.to_python or self.to_browser:
            if self.to_python:
                self.deliver_to_python()
            if self.to_browser:
                self.deliver_to_browser()

    @property
    def python_strokes(self) -> list[Stroke]:
        return [line.tolist() for line in self.drawing.lines]


@pytest.fixture
def line() -> CanvasLink:
    return CanvasLink()


def draw(line: CanvasLink, *places: tuple[float, float]) -> Stroke:
    first, *between, last = places
    line.press(*first)
    for place in between:
        line.move(*place)
    return line.lift(*last)


def assert_both_hold(line: CanvasLink, *strokes: tuple[tuple[float, float], ...]) -> None:
    """Compare what Python and the browser hold with strokes."""
    expected = [[list(place) for place in each] for each in strokes]
    assert line.python_strokes == line.browser_strokes == expected


ONE = ((0.1, 0.1), (0.1, 0.5), (0.1, 0.9))
TWO = ((0.5, 0.1), (0.5, 0.5), (0.5, 0.9))


def test_what_is_drawn_before_the_sheet_is_cleared_stays_and_what_was_cleared_stays_away(line):
    draw(line, *ONE)
    line.deliver_all()
    line.drawing.clear()
    draw(line, *TWO)
    while line.to_python:
        line.deliver_to_python()
    assert line.python_strokes == [[list(place) for place in TWO]]
    line.deliver_all()
    assert_both_hold(line, TWO)


def test_a_sheet_that_is_cleared_under_the_pen_keeps_the_stroke(line):
    draw(line, *ONE)
    line.deliver_all()
    line.drawing.clear()
    line.press(*TWO[0])
    line.deliver_to_browser()
    assert line.browser_strokes == [[list(TWO[0])]]
    line.move(*TWO[1])
    line.lift(*TWO[2])
    line.deliver_all()
    assert_both_hold(line, TWO)


def test_clearing_that_reaches_python_after_the_pen_came_down_spares_the_stroke(line):
    draw(line, *ONE)
    line.deliver_all()
    line.press(*TWO[0])
    line.move(*TWO[1])
    line.deliver_to_python()
    line.drawing.clear()
    line.lift(*TWO[2])
    line.deliver_all()
    assert_both_hold(line, TWO)


def test_a_stroke_undone_under_the_pen_leaves_the_one_before(line):
    draw(line, *ONE)
    line.deliver_all()
    line.press(*TWO[0])
    line.deliver_all()
    line.drawing.undo()
    assert line.python_strokes == [[list(place) for place in ONE]]
    line.move(*TWO[1])
    line.lift(*TWO[2])
    line.deliver_all()
    assert_both_hold(line, ONE, TWO)


def test_a_stroke_that_ends_beside_the_sheet_is_known_as_it_is_seen(line):
    draw(line, (0.2, 0.2), (0.9, 0.2), (1.2, 0.2), (1.3, 0.2))
    line.deliver_all()
    assert line.python_strokes == line.browser_strokes == [[[0.2, 0.2], [0.9, 0.2]]]


def test_the_very_same_stroke_can_be_drawn_again_after_clearing(line):
    for _ in range(2):
        draw(line, *ONE)
        draw(line, *TWO)
        line.deliver_all()
        line.drawing.clear()
    draw(line, *ONE)
    draw(line, *TWO)
    line.deliver_all()
    assert_both_hold(line, ONE, TWO)


def test_what_is_on_its_way_to_the_sheet_does_not_overwrite_what_is_drawn_meanwhile(line):
    draw(line, *ONE)
    line.deliver_all()
    line.drawing.clear()
    line.drawing.undo()
    draw(line, *TWO)
    line.deliver_all()
    assert_both_hold(line, ONE, TWO)


def test_what_was_drawn_is_not_written_back_and_a_new_brush_writes_nothing(line):
    draw(line, *ONE)
    line.drawing.clear()
    line.deliver_all()
    draw(line, *TWO)
    while line.to_python:
        line.deliver_to_python()
    line.drawing.brush = 5
    assert not line.to_browser
    assert line.browser_strokes == line.python_strokes


def test_each_point_travels_once(line):
    draw(line, *ONE)
    sent = len(line.to_python)
    line.deliver_all()
    assert sent == 1 + len(ONE)
    assert not line.source.syncable


def test_a_stroke_without_a_move_that_was_cleared_under_the_pen_stays(line):
    line.press(*ONE[0])
    while line.to_python:
        line.deliver_to_python()
    line.drawing.clear()
    line.lift(2, 2)
    line.deliver_all()
    assert line.python_strokes == line.browser_strokes == [[list(ONE[0])]]


@pytest.mark.parametrize("delivered", [0, 3])
def test_what_got_lost_with_the_connection_leaves_the_canvas_with_the_next_stroke(line, delivered):
    draw(line, *ONE)
    line.deliver_all()
    draw(line, *TWO)
    for _ in range(delivered):
        line.deliver_to_python()
    line.lose_all_to_python()
    kept = line.python_strokes
    three = draw(line, (0.7, 0.7), (0.8, 0.8))
    line.deliver_all()
    assert line.python_strokes == line.browser_strokes == [*kept, three]


@pytest.mark.parametrize(("limit", "value", "kept"), [("MAX_POINTS", 5, 2), ("MAX_STROKES", 1, 1)])
def test_a_full_drawing_refuses_a_stroke_and_the_canvas_loses_it_again(
    monkeypatch, limit: str, value: int, kept: int
) -> None:
    monkeypatch.setattr(f"playground.ink.drawing.{limit}", value)
    said: list[str] = []
    monkeypatch.setattr("tests.pages.digits.test_canvas_sync.fail_on_message", said.append)
    line = CanvasLink()
    draw(line, *ONE)
    line.press(*TWO[0])
    line.move(*TWO[1])
    line.move(0.5, 0.6)
    line.move(0.5, 0.7)
    line.lift(*TWO[2])
    line.deliver_all()
    assert line.browser_strokes == line.python_strokes
    assert len(line.python_strokes) == kept
    assert len(said) == 1
    assert "no room" in said[0]
    line.dot(0.3, 0.3)
    line.deliver_all()
    assert line.browser_strokes == line.python_strokes
    line.drawing.clear()
    draw(line, *TWO)
    line.deliver_all()
    assert_both_hold(line, TWO)


@pytest.mark.parametrize("junk", [None, "no", float("nan"), [0.5], 1.1])
def test_points_that_are_none_are_ignored(line, junk) -> None:
    for kind in (events.PanStart, events.Pan, events.PanEnd, events.Tap):
        line.figure._trigger_event(kind(line.figure, x=junk, y=0.5))
    assert not line.drawing.lines


class DelayedMessages(RuleBasedStateMachine):
    """Messages with any delays: the result must be the same as without delays."""

    def __init__(self) -> None:
        super().__init__()
        self.line = CanvasLink()
        self.expected: list[Stroke] = []
        self.before: list[list[Stroke]] = []
        self.count = 0

    def place(self) -> tuple[float, float]:
        """Return a new point."""
        self.count += 1
        return 0.001 * self.count, 0.5

    def now(self, strokes: list[Stroke]) -> None:
        self.before.append(self.expected)
        self.expected = strokes

    @precondition(lambda self: self.line.under_way is None)
    @rule()
    def press(self) -> None:
        self.line.press(*self.place())

    @precondition(lambda self: self.line.under_way is not None)
    @rule(beside=st.booleans())
    def move(self, beside: bool) -> None:
        x, y = self.place()
        self.line.move(x, y + beside)

    @precondition(lambda self: self.line.under_way is not None)
    @rule(beside=st.booleans())
    def lift(self, beside: bool) -> None:
        x, y = self.place()
        self.now([*self.expected, self.line.lift(x, y + beside)])

    @precondition(lambda self: self.line.under_way is None)
    @rule()
    def dot(self) -> None:
        self.now([*self.expected, self.line.dot(*self.place())])

    @precondition(lambda self: self.line.under_way is None)
    @rule()
    def clear(self) -> None:
        self.line.to_python.append(self.line.drawing.clear)
        if self.expected:
            self.now([])

    @precondition(lambda self: self.line.under_way is None)
    @rule()
    def undo(self) -> None:
        self.line.to_python.append(self.line.drawing.undo)
        if self.before:
            self.expected = self.before.pop()

    @precondition(lambda self: self.line.to_python)
    @rule(count=st.integers(1, 4))
    def deliver_to_python(self, count: int) -> None:
        for _ in range(min(count, len(self.line.to_python))):
            self.line.deliver_to_python()

    @precondition(lambda self: self.line.to_browser)
    @rule()
    def deliver_to_browser(self) -> None:
        self.line.deliver_to_browser()

    def teardown(self) -> None:
        if self.line.under_way is not None:
            self.lift(beside=False)
        self.line.deliver_all()
        assert self.line.python_strokes == self.expected
        assert self.line.browser_strokes == self.expected


DelayedMessages.TestCase.settings = settings(stateful_step_count=30)
TestDelayedMessages = DelayedMessages.TestCase
