"""Calling functions with the lock of a document, which whoever changes a page holds.

Bokeh's own way to the lock is a coroutine, in which nothing else is done for the session until it
has ended. These are two more ways: one without a task, and one in which others are served.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable, Coroutine
from contextlib import AbstractContextManager
from functools import partial
from typing import Any

from bokeh.document.callbacks import invoke_with_curdoc
from bokeh.server.session import ServerSession

from playground.serving.giving_way import Pause, run_giving_way

Callback = Callable[[], None]

log = logging.getLogger(__name__)


async def call_locked(
    session: ServerSession, call: Callback, *, gives_way: bool = False, pause: Pause | None = None
) -> None:
    """Call a function with the document's lock and as its current document, unless it is gone.

    Parameters
    ----------
    session : ServerSession
    call : callable
    gives_way : bool
        Whether others are served, with the lock held, whenever the function gives way.
    pause : coroutine function, optional
        See `run_giving_way`.
    """

    async def call_in_document() -> None:
        if session.destroyed:
            return
        call_here = partial(invoke_with_curdoc, session.document, call)
        if gives_way:
            await run_giving_way(call_here, pause)
        else:
            call_here()

    # Bokeh declares what its decorator has made a coroutine as the function it was.
    locked: Any = session.with_document_locked
    await locked(call_in_document)


def call_at_once(session: ServerSession, call: Callback) -> bool:
    """Call a function like `call_locked`, now; return False if somebody holds the document's lock.

    Nothing else happens on the event loop meanwhile, so that no task has to wait for the lock: a
    tenth of what the loop has to do for a frame.
    """
    # There is no public way to ask for the lock, or for what Bokeh sends once it is released.
    if session.destroyed or session._pending_writes is not None or not session._lock._block._value:
        return False
    acquired: Any = session._lock.acquire()  # a future, which is done at once
    released_by: AbstractContextManager[None] = acquired.result()
    writes: list[Awaitable[None]] = []
    session._pending_writes = writes
    try:
        invoke_with_curdoc(session.document, call)
    finally:
        session._pending_writes = None
        if writes:
            run_soon(_write(session, writes, released_by))
        else:
            with released_by:
                pass
    return True


async def _write(
    session: ServerSession, writes: list[Awaitable[None]], released_by: AbstractContextManager[None]
) -> None:
    """Send what a call has changed, before anybody else gets the document's lock."""
    session.block_expiration()
    try:
        with released_by:
            for each in writes:
                await each
    finally:
        session.unblock_expiration()


def run_soon(work: Coroutine[Any, Any, None]) -> None:
    """Run a coroutine on the event loop; the log tells if it fails."""
    running = asyncio.ensure_future(work)
    _running.add(running)
    running.add_done_callback(_report)


def _report(done: asyncio.Future[None]) -> None:
    _running.discard(done)
    if not done.cancelled() and (error := done.exception()) is not None:
        log.error("What a session had scheduled failed.", exc_info=error)


_running: set[asyncio.Future[None]] = set()
