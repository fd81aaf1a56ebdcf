"""Long work on the event loop that gives way to others in the midst of it.

A page takes the loop a quarter of a second to make and to send, in functions of Panel's and Bokeh's
that call each other and know of no loop. So such work runs in a greenlet, which can be left within
any of them and gone on with later; SQLAlchemy waits for databases in the same way.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from contextvars import Context
from math import inf
from time import perf_counter
from typing import Any, TypeVar

from bokeh.io import doc as bokeh_documents
from greenlet import getcurrent, greenlet

T = TypeVar("T")
Pause = Callable[[], Awaitable[None]]

STEP_SECONDS = 0.008
"""Seconds after which work gives way, at the next place where it can."""
MAX_STEP_SECONDS = 0.012
"""The same where others have taken as long: a busy loop is to go on with the page, too."""
PAUSE_SECONDS = 0.001
"""Seconds until it goes on: a round of the loop, and one in which the loop has nothing to do."""


class _Work(greenlet):  # type: ignore[misc]
    """What calls a function, and can be left in the midst of that."""

    def __init__(self, call: Callable[[], Any], max_step: float) -> None:
        super().__init__(call)
        self._max_step = max_step
        self.gr_context = Context()
        self._documents: list[Any] = []
        self._left_at = perf_counter()
        self._step_ends = 0.0

    def go_on(self) -> Any:  # noqa: ANN401 (whatever the function returns)
        """Take the next step: until the function gives way, or to what it returns."""
        now = perf_counter()
        taken_by_others = now - self._left_at
        self._step_ends = now + min(max(STEP_SECONDS, taken_by_others), self._max_step)
        # Bokeh has one stack of current documents for all that a process does.
        documents: list[Any] = bokeh_documents._PATCHED_CURDOCS
        before, documents[:] = documents[:], self._documents
        try:
            return self.switch()
        finally:
            self._documents, documents[:] = documents[:], before
            self._left_at = perf_counter()

    def give_way(self) -> None:
        """Let others go on, if this step has taken long enough."""
        if perf_counter() >= self._step_ends and self.parent is not None:
            self.parent.switch()

    def end(self) -> None:
        """Leave the function as by an exception that it does not catch, unless it has returned."""
        if not self.dead:
            self._step_ends = inf
            self.throw()


def give_way() -> None:
    """Let others be served, if this is part of long work that has held the loop long enough.

    Called between the parts of a page, where nothing that others use is only half done. The lock of
    the page's document stays held. Elsewhere, as in a notebook, nothing happens.
    """
    work = getcurrent()
    if isinstance(work, _Work):
        work.give_way()


async def run_giving_way(call: Callable[[], T], pause: Pause | None = None) -> T:
    """Call a function and return what it returns; others are served whenever it gives way.

    Parameters
    ----------
    call : callable
    pause : coroutine function, optional
        Returns when the function may go on; for work that nobody waits for. By default it goes on
        as soon as others have been served, and takes longer steps where they take long.
    """
    work = _Work(call, MAX_STEP_SECONDS if pause is None else STEP_SECONDS)
    try:
        result: T = work.go_on()
        while not work.dead:
            await (asyncio.sleep(PAUSE_SECONDS) if pause is None else pause())
            result = work.go_on()
        return result
    finally:
        work.end()  # The server stops in the midst of it.
