"""Gestures of mouse, pen or finger on a view, in data coordinates."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from bokeh import events
from bokeh.plotting import figure

from playground.serving.browser.browser_component import report_junk
from playground.views.live_view import LiveView

Place = tuple[float, float]
PlaceCallback = Callable[[Place], None]
MAX_COORDINATE = 1e9


def ignore(_position: Place) -> None:
    """Do nothing."""


@dataclass(frozen=True, slots=True)
class Gestures:
    """Callbacks for gestures, called with (x, y) in data coordinates.

    Attributes
    ----------
    move : callable
        The pointer moves without a button pressed.
    leave : callable
        The pointer leaves the view; called without arguments.
    tap : callable
        A click or a short touch.
    press, drag, release : callable
        A stroke begins, continues, ends.
    """

    move: PlaceCallback = ignore
    leave: Callable[[], None] = lambda: None
    tap: PlaceCallback = ignore
    press: PlaceCallback = ignore
    drag: PlaceCallback = ignore
    release: PlaceCallback = ignore


def connect_gestures(view: LiveView, gestures: Gestures) -> None:
    """Call back for gestures on every rendering of a view from now on."""
    view.on_render(lambda plot: connect_figure(plot.state, gestures))


def connect_figure(plot: figure, gestures: Gestures) -> None:
    """Call back for gestures on one Bokeh figure."""
    press_and_drag = _PressAndDrag(gestures)
    calls: dict[type[events.Event], PlaceCallback] = {
        events.MouseMove: press_and_drag.move,
        events.Tap: gestures.tap,
        events.PanStart: gestures.press,
        events.Pan: gestures.drag,
        events.PanEnd: gestures.release,
        events.Press: press_and_drag.press,
        events.PressUp: press_and_drag.release,
    }
    if gestures.move is gestures.press is ignore:
        del calls[events.MouseMove]  # saves a message for each pixel moved
    for event, call in calls.items():
        plot.on_event(event, _with_coordinates(call))
    plot.on_event(events.MouseLeave, lambda _event: gestures.leave())


class _PressAndDrag:
    """Joins the events of a stroke that begins with a pause.

    Bokeh reports the pause as a press, and what follows as mouse movements instead of a pan.
    """

    def __init__(self, gestures: Gestures) -> None:
        self._gestures = gestures
        self._down = False

    def press(self, position: Place) -> None:
        self._down = True
        self._gestures.press(position)

    def move(self, position: Place) -> None:
        (self._gestures.drag if self._down else self._gestures.move)(position)

    def release(self, position: Place) -> None:
        self._down = False
        self._gestures.release(position)


def _with_coordinates(call: PlaceCallback) -> Callable[[events.Event], None]:
    def report(event: events.Event) -> None:
        if (place := place_of(event)) is not None:
            call(place)

    return report


def place_of(event: events.Event) -> Place | None:
    """Return where the pointer was, in data coordinates.

    Returns
    -------
    tuple of float or None
        None outside the axes, where Bokeh reports no coordinates, and if they are no numbers.
    """
    x, y = getattr(event, "x", None), getattr(event, "y", None)
    if x is None or y is None:
        return None
    if all(type(each) in (int, float) and abs(each) <= MAX_COORDINATE for each in (x, y)):
        return float(x), float(y)
    report_junk("A figure", (x, y))
    return None
