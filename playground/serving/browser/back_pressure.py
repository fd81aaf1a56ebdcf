"""Back-pressure: the browser reports when it has painted the frames that it was sent."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from time import perf_counter
from typing import Any

import panel as pn
import param
from bokeh.document import Document
from bokeh.document.events import ModelChangedEvent
from bokeh.model import Model

from playground.serving.browser.browser_component import BrowserComponent
from playground.serving.patches.message_speedups import receive_directly

MAX_IN_FLIGHT = 2
"""Frames sent and not yet painted: one is being painted while the next one travels."""
TIMEOUT = 1.0
"""Seconds after which a frame counts as painted, so that a lost reply never stops the page."""


class BackPressure(BrowserComponent):
    """An invisible component that replies to each frame once the browser has painted it.

    Attributes
    ----------
    on_painted : callable
        Called with no arguments at each reply.
    on_closed : callable
        Called with no arguments once no browser shows the component any more.
    is_congested : callable
        Returns whether a browser has not received all that was sent, so that more would pile up.
    is_hidden : bool
        Whether nobody can see the page, as behind another tab.
    """

    tick = param.Integer(default=0, doc="Number of the newest frame sent.")

    _esm = Path(__file__).with_suffix(".js").read_text()

    def __init__(self, **params: Any) -> None:
        super().__init__(width=0, height=0, margin=0, visible=True, **params)
        self.on_painted: Callable[[], None] = lambda: None
        self.on_closed: Callable[[], None] = lambda: None
        self.is_congested: Callable[[], bool] = lambda: False
        self._connected = self.is_hidden = False
        self._last_sent = self._last_painted = 0
        self._sent_at = 0.0

    @property
    def ready(self) -> bool:
        """Whether a connected browser shows the page and is ready for another frame."""
        if not self._connected or self.is_hidden or self.is_congested():
            return False
        late = perf_counter() - self._sent_at > TIMEOUT
        return late or self._last_sent - self._last_painted < MAX_IN_FLIGHT

    def count_frame(self) -> None:
        """Count a frame that is sent with the changes made now."""
        self._sent_at = perf_counter()
        self._last_sent += 1
        document = pn.state.curdoc
        if document is None or document.session_context is None:
            self.tick = self._last_sent
            return
        # With each frame Panel's own way would take a tenth of all the time that frames take.
        for model, _parent in self._models.values():
            data = model.data
            if data.document is None or data._callbacks or "tick" not in data._property_values:
                data.tick = self._last_sent
                continue
            data._property_values["tick"] = self._last_sent
            event = ModelChangedEvent(data.document, data, "tick", self._last_sent)
            data.document.callbacks.trigger_on_change(event)

    def _get_model(
        self,
        doc: Document,
        root: Model | None = None,
        parent: Model | None = None,
        comm: Any = None,  # noqa: ANN401 (Panel's)
    ) -> Model:
        with param.parameterized.discard_events(self):
            self.tick = self._last_sent
        model = super()._get_model(doc, root, parent, comm)
        receive_directly(model, self._handle_msg)
        return model

    def _cleanup(self, root: Model | None = None) -> None:
        super()._cleanup(root)
        if not self._models:
            self._connected = False
            self.on_closed()

    def receive(self, message: object) -> bool:
        """Take the number of a frame that was painted, or 0 from a browser that has just begun.

        Other messages tell that the page is "hidden", as behind another tab, or "visible" again.
        """
        if message in ("hidden", "visible"):
            self.is_hidden = message == "hidden"
            if not self.is_hidden:
                self._last_painted = self._last_sent
                self.on_painted()
            return True
        # Numbers of frames to come would have ever more frames sent to a browser that takes none.
        if type(message) is not int or not 0 <= message <= self._last_sent:
            return False
        self._connected = True
        self._last_painted = max(self._last_painted, message)
        self.on_painted()
        return True
