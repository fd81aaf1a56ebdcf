"""Knowing when the browser has painted what it was sent, so as not to send more than it can."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from time import perf_counter
from typing import Any

import panel as pn
import param
from bokeh.model import Model

MAX_IN_FLIGHT = 2
"""Frames that may be under way at once: one is being painted, one travels."""
TIMEOUT = 1.0
"""Seconds after which a frame counts as lost, so that a lost answer never stops the page."""


class BackPressure(pn.custom.JSComponent):
    """An invisible component that answers each frame once it has been painted.

    Attributes
    ----------
    on_painted : callable
        Called with no arguments at each answer.
    on_closed : callable
        Called with no arguments once it is shown nowhere any more.
    """

    tick = param.Integer(default=0, doc="Number of the newest frame sent.")

    _esm = Path(__file__).with_suffix(".js").read_text()

    def __init__(self, **params: Any) -> None:
        super().__init__(width=0, height=0, margin=0, visible=True, **params)
        self.on_painted: Callable[[], None] = lambda: None
        self.on_closed: Callable[[], None] = lambda: None
        self._connected = False
        self._last_painted = 0
        self._sent_at = 0.0

    @property
    def ready(self) -> bool:
        """Whether a browser is there that has painted, or lost, what it was sent."""
        if not self._connected:
            return False
        late = perf_counter() - self._sent_at > TIMEOUT
        return late or self.tick - self._last_painted < MAX_IN_FLIGHT

    def count_frame(self) -> None:
        """Count a frame that goes out with whatever is sent now."""
        self._sent_at = perf_counter()
        self.tick += 1

    def _cleanup(self, root: Model | None = None) -> None:
        super()._cleanup(root)
        if not self._models:
            self._connected = False
            self.on_closed()

    def _handle_msg(self, msg: int) -> None:
        self._connected = True
        self._last_painted = max(self._last_painted, int(msg))
        self.on_painted()
