"""The keys of the diagram: arrows walk through the network, Enter opens what was reached."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from playground.pages.accessibility.announcer import LIVE_REGION, LiveRegion
from playground.pages.accessibility.keys import SHADOW_SEARCH
from playground.serving.browser.browser_component import join_scripts
from playground.training.dense.frame import Frame
from playground.views.diagram import FeatureRef, Ref
from playground.views.diagram.walking import STEPS, Stop, first_stop, stop_at, tell, walk


class DiagramKeys(LiveRegion):
    """Takes the keys of the diagram of its card, and says what was reached.

    Parameters
    ----------
    frame : callable
        Returns the frame that the diagram shows.
    point : callable
        Called with the part that was reached, or None when the diagram loses the focus.
    open : callable
        Called with the part that is to be changed, or with None when Esc closes it; returns whether
        there are fields to change it.
    """

    _esm = join_scripts(LIVE_REGION, SHADOW_SEARCH, Path(__file__).with_suffix(".js"))

    def __init__(
        self,
        frame: Callable[[], Frame],
        point: Callable[[Ref | FeatureRef | None], None],
        open: Callable[[Ref | FeatureRef | None], bool],
    ) -> None:
        super().__init__()
        self._frame, self._point, self._open = frame, point, open
        self._stop: Stop | None = None

    def receive(self, message: object) -> bool:
        """Act on a key, or on the focus that comes or goes."""
        frame = self._frame()
        stop = first_stop(frame) if self._stop is None else stop_at(frame, self._stop.ref)
        if message in STEPS:
            self._go(
                walk(frame, self._stop or stop, next(each for each in STEPS if each == message))
            )
        elif message == "focus":
            self._go(stop)
        elif message == "blur":
            self._point(None)
        elif message == "open":
            if self._open(stop.ref):
                self._send_msg("opened")
        elif message == "close":
            self._open(None)
        else:
            return False
        return True

    def _go(self, stop: Stop) -> None:
        self._stop = stop
        self._point(stop.ref)
        self.text = tell(self._frame(), stop)
