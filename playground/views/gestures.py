"""What a mouse, pen or finger does on a view, in the view's own coordinates."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from bokeh import events
from bokeh.plotting import figure

from playground.views.live import LiveView

Place = tuple[float, float]
At = Callable[[Place], None]


def ignore(_place: Place) -> None:
    """Do nothing."""


@dataclass(frozen=True, slots=True)
class Gestures:
    """What to call for each gesture, with the place in data coordinates.

    Attributes
    ----------
    move : callable
        The pointer is over the view without pressing.
    leave : callable
        It has left; called with no arguments.
    tap : callable
        A click or a short touch.
    press, drag, release : callable
        A stroke begins, goes on, ends.
    """

    move: At = ignore
    leave: Callable[[], None] = lambda: None
    tap: At = ignore
    press: At = ignore
    drag: At = ignore
    release: At = ignore


def listen(view: LiveView, gestures: Gestures) -> None:
    """Have gestures reported wherever the view will be rendered."""
    view.on_render(lambda plot: attach(plot.state, gestures))


def attach(plot: figure, gestures: Gestures) -> None:
    """Have gestures on one figure reported."""
    held = _Held(gestures)
    calls: dict[type[events.Event], At] = {
        events.MouseMove: held.move,
        events.Tap: gestures.tap,
        events.PanStart: gestures.press,
        events.Pan: gestures.drag,
        events.PanEnd: gestures.release,
        events.Press: held.press,
        events.PressUp: held.release,
    }
    if gestures.move is gestures.press is ignore:
        del calls[events.MouseMove]  # a message for each pixel that nobody reads
    for event, call in calls.items():
        plot.on_event(event, _with_place(call))
    plot.on_event(events.MouseLeave, lambda _event: gestures.leave())


class _Held:
    """A stroke that begins with a moment of holding still.

    Bokeh calls that a press, and what follows a movement of the mouse instead of a pan.
    """

    def __init__(self, gestures: Gestures) -> None:
        self._gestures = gestures
        self._down = False

    def press(self, place: Place) -> None:
        self._down = True
        self._gestures.press(place)

    def move(self, place: Place) -> None:
        (self._gestures.drag if self._down else self._gestures.move)(place)

    def release(self, place: Place) -> None:
        self._down = False
        self._gestures.release(place)


def _with_place(call: At) -> Callable[[events.Event], None]:
    def report(event: events.Event) -> None:
        # Outside the axes Bokeh reports no coordinates.
        if isinstance(event, events.PointEvent) and event.x is not None and event.y is not None:
            call((float(event.x), float(event.y)))

    return report
