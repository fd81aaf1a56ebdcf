"""The queue of what keeps the event loop busy for long: pages that are made, and sent whole.

Example: somebody calls the address of a page sixty times. The loop would answer all of them, 50 ms
each, before it looks at what others have sent meanwhile. In turns it looks after each. And of
thirty who open a page at once, the first one has it when it is made, not when all of them are.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from math import inf
from weakref import WeakKeyDictionary

MAX_PAUSE = 0.02
"""Seconds between two turns, at most, in which others are served; as long as the turn took."""
PAUSE_ROUNDS = 10
"""Rounds of the loop after that: a click takes a few, however long they take a busy machine."""
MAX_SECONDS = 2.0
"""After which the next one begins though the last has not ended: it only waits for something."""

_ended_at: WeakKeyDictionary[asyncio.AbstractEventLoop, float] = WeakKeyDictionary()
_locks: WeakKeyDictionary[asyncio.AbstractEventLoop, asyncio.Lock] = WeakKeyDictionary()


def seconds_without_turns() -> float:
    """Return since when nobody has waited for a page, on the running loop; 0 if somebody does."""
    loop = asyncio.get_running_loop()
    if loop in _locks and _locks[loop].locked():
        return 0.0
    return loop.time() - _ended_at.get(loop, -inf)


@asynccontextmanager
async def page_turn() -> AsyncIterator[None]:
    """Wait until it is one's turn; the body gives way, or holds the event loop once at most."""
    loop = asyncio.get_running_loop()
    lock = _locks.setdefault(loop, asyncio.Lock())
    await lock.acquire()
    is_over = False

    def end() -> None:
        nonlocal is_over
        if not is_over:
            is_over = True
            lock.release()
            _ended_at[loop] = loop.time()

    def end_after(rounds: int) -> None:
        if rounds == 0:
            end()
        else:
            loop.call_soon(end_after, rounds - 1)

    started = loop.time()
    at_latest = loop.call_later(MAX_SECONDS, end_after, PAUSE_ROUNDS)
    try:
        yield
    finally:
        at_latest.cancel()
        loop.call_later(min(loop.time() - started, MAX_PAUSE), end_after, PAUSE_ROUNDS)
