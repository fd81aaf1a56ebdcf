"""Slices of training that are over before a thread would have begun: done on the event loop.

PyTorch lets go of the interpreter at each operation, and an operation of a tiny network takes
microseconds. While the event loop has something to do, a thread that trains such a network waits
for the interpreter at every operation, and so does the loop.
"""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Callable, Sized
from concurrent.futures import Future
from contextvars import Context
from typing import Any, ParamSpec, TypeVar
from weakref import WeakKeyDictionary

from playground.serving.current_session import in_session

MAX_TURNS_WAITED = 50
"""Turns of the loop for which a piece of work lets everything else go first."""

P = ParamSpec("P")
T = TypeVar("T")


class LoopSlices:
    """Does work as a `WorkerPool` does, but on the event loop, when that has nothing else to do.

    A message of a browser takes the loop several turns, and would wait for a piece of work in each
    of them. Nothing stops work that takes long: whoever submits some has to know that it won't.
    """

    def __init__(self) -> None:
        self._turns_waited = 0
        self._queue: deque[tuple[Future[Any], Callable[[], Any]]] = deque()

    def submit(self, fn: Callable[P, T], /, *args: P.args, **kwargs: P.kwargs) -> Future[T]:
        """Have a later turn of the loop call a function; the future gets its result."""
        work: Future[T] = Future()
        self._queue.append((work, in_session(lambda: fn(*args, **kwargs))))
        if len(self._queue) == 1:
            self._schedule()
        return work

    @property
    def is_waited_for(self) -> bool:
        """Whether other work waits for its turn."""
        return bool(self._queue)

    def _schedule(self) -> None:
        # The current context would keep the document alive.
        asyncio.get_running_loop().call_soon(self._do_next, context=Context())

    def _do_next(self) -> None:
        # There is no public way to learn whether a loop has something to do.
        others: Sized = getattr(asyncio.get_running_loop(), "_ready", ())
        if others and self._turns_waited < MAX_TURNS_WAITED:
            self._turns_waited += 1
            self._schedule()
            return
        self._turns_waited = 0
        work, call = self._queue.popleft()
        if self._queue:
            self._schedule()
        if not work.set_running_or_notify_cancel():
            return
        try:
            result = call()
        except Exception as error:  # As in a thread: whoever waits for the result gets it.
            work.set_exception(error)
        else:
            work.set_result(result)


_by_loop: WeakKeyDictionary[asyncio.AbstractEventLoop, LoopSlices] = WeakKeyDictionary()


def loop_slices() -> LoopSlices:
    """Return what works on the running event loop."""
    loop = asyncio.get_running_loop()
    slices = _by_loop.get(loop)
    if slices is None:
        slices = _by_loop[loop] = LoopSlices()
    return slices
