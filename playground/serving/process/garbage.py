"""When the garbage of closed pages is collected: while nobody trains, or once it is much.

Python can't collect what one page has left without going through the objects of all others: 20 ms
for each open page, in which nobody is answered.
"""

from __future__ import annotations

import asyncio
import gc
from functools import cache

from panel.io import document as panel_document

from playground.serving.sessions import BrowserSession, open_sessions

MIN_ENDED = 4
"""Pages that have to have been closed before those who train are held up."""
OPEN_PER_ENDED = 4
"""Open pages for each of them: with forty pages open, ten that have been closed."""
RETRY_SECONDS = 5.0
"""Until it is looked again whether anybody trains."""


class GarbageCollection:
    """Collects the garbage of closed pages, and knows of how many of them it has."""

    def __init__(self) -> None:
        self._collected_pages = 0
        self._retry: asyncio.TimerHandle | None = None

    def collect(self) -> None:
        """Collect now, or look again later; call on the event loop.

        Stands in for a function that Panel calls 5 s after each end of a session. Example: of
        thirty pupils who train one closes the page; all others wait for half a second.
        """
        if self._retry is not None:
            self._retry.cancel()
            self._retry = None
        sessions, ended = open_sessions(), BrowserSession.ended_count - self._collected_pages
        is_much = ended >= max(MIN_ENDED, len(sessions) / OPEN_PER_ENDED)
        if any(each.is_training for each in sessions) and not is_much:
            self._retry = asyncio.get_running_loop().call_later(RETRY_SECONDS, self.collect)
            return
        self._collected_pages = BrowserSession.ended_count
        gc.collect()


@cache
def delay_collections() -> None:
    """Have Panel no longer collect garbage after each end of a session, once."""
    panel_document._garbage_collect = GarbageCollection().collect
