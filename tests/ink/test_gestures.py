"""Gestures: what Bokeh reports of a pointer becomes strokes, whatever Bokeh calls them."""

from __future__ import annotations

from typing import Any

import pytest
from bokeh import events
from bokeh.plotting import figure

from playground.views.gestures import Gestures, Place, connect_figure

Log = list[tuple[str, Place]]


@pytest.fixture
def log() -> Log:
    return []


@pytest.fixture
def plot(log: Log) -> Any:
    def noting(name: str) -> Any:
        return lambda place: log.append((name, place))

    made = figure()
    connect_figure(
        made, Gestures(**{name: noting(name) for name in ("move", "press", "drag", "release")})
    )
    return made


def trigger(plot: Any, kind: Any, x: float | None = 0.0, y: float | None = 0.0) -> None:
    """Have a plot receive an event of a pointer, as from the browser."""
    plot._trigger_event(kind(plot, x=x, y=y))


def test_a_pan_is_a_stroke(plot: Any, log: Log) -> None:
    for kind, x in ((events.PanStart, 1.0), (events.Pan, 2.0), (events.PanEnd, 3.0)):
        trigger(plot, kind, x)
    assert log == [("press", (1.0, 0.0)), ("drag", (2.0, 0.0)), ("release", (3.0, 0.0))]


def test_a_stroke_may_begin_by_holding_still(plot: Any, log: Log) -> None:
    trigger(plot, events.MouseMove, 0.5)
    trigger(plot, events.Press, 1.0)
    trigger(plot, events.MouseMove, 2.0)
    trigger(plot, events.PressUp, 2.0)
    trigger(plot, events.MouseMove, 3.0)
    assert [name for name, _place in log] == ["move", "press", "drag", "release", "move"]


def test_outside_the_axes_nothing_is_reported(plot: Any, log: Log) -> None:
    trigger(plot, events.Pan, None, None)
    assert not log


def test_a_pointer_that_nobody_watches_sends_no_messages() -> None:
    plot = figure()
    connect_figure(plot, Gestures(tap=lambda _place: None))
    assert events.MouseMove.event_name not in plot.subscribed_events
    assert events.Tap.event_name in plot.subscribed_events
