"""Work off the event loop: one question at a time, and only the latest answer counts."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from functools import partial
from typing import Generic, TypeVar

import panel as pn

from playground.errors import InputError
from playground.live import workers
from playground.views.together import together

T = TypeVar("T")
Soon = Callable[[Callable[[], None]], object]

log = logging.getLogger(__name__)


class Errand(Generic[T]):
    """Asks one kind of question of a worker thread.

    What is asked while the last question is still being answered waits; of several that wait
    only the newest is asked. Where no event loop runs, the answer is there at once.

    Parameters
    ----------
    then : callable
        Given each answer, on the event loop, unless something newer has been asked meanwhile.
    refused : callable
        Told in a sentence why there is no answer.
    pool : ThreadPoolExecutor
        Those of the heartbeat, unless the work takes more than a few seconds.
    """

    def __init__(
        self,
        then: Callable[[T], None],
        refused: Callable[[str], None],
        pool: ThreadPoolExecutor = workers,
    ) -> None:
        self._then, self._refused, self._pool = then, refused, pool
        self._next: Callable[[], T] | None = None
        self.busy = self._unwanted = False

    def ask(self, work: Callable[[], T]) -> None:
        """Have something worked out; it must not touch the page."""
        self._next, self._unwanted = work, self.busy
        if not self.busy:
            self._start()

    def forget(self) -> None:
        """Let no answer count to what has been asked so far."""
        self._next, self._unwanted = None, self.busy

    def _start(self) -> None:
        work, self._next = self._next, None
        if work is None:
            return
        future: Future[T]
        if (back := soon()) is None:
            future = Future()
            _do(work, future)
            self._land(future)
            return
        self.busy = True
        future = self._pool.submit(work)
        future.add_done_callback(lambda done: back(partial(self._land, done)))

    def _land(self, done: Future[T]) -> None:
        unwanted, self.busy, self._unwanted = self._unwanted, False, False
        if not unwanted:
            with together():
                self._report(done)
        self._start()

    def _report(self, done: Future[T]) -> None:
        try:
            answer = done.result()
        except InputError as error:
            self._refused(str(error))
        except Exception as error:  # Whatever it was, the person must hear of it.
            log.exception("Work off the loop failed.")
            self._refused(f"That went wrong: {error}")
        else:
            self._then(answer)


def _do(work: Callable[[], T], future: Future[T]) -> None:
    try:
        future.set_result(work())
    except Exception as error:
        future.set_exception(error)


def soon() -> Soon | None:
    """How to get back onto the event loop from a thread; None where there is no loop."""
    try:
        loop = asyncio.get_running_loop()
    except RuntimeError:
        return None
    document = pn.state.curdoc
    return loop.call_soon_threadsafe if document is None else document.add_next_tick_callback
