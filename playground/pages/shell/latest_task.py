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
from playground.serving.heartbeat import workers
from playground.serving.update_batching import hold_updates

T = TypeVar("T")
Scheduler = Callable[[Callable[[], None]], object]

log = logging.getLogger(__name__)


class LatestTask(Generic[T]):
    """Asks one kind of question of a worker thread.

    What is asked while the last question is still being answered waits; of several that wait
    only the newest is asked. Where no event loop runs, the answer is there at once.

    Parameters
    ----------
    on_result : callable
        Given each answer, on the event loop, unless something newer has been asked meanwhile.
    on_error : callable
        Told in a sentence why there is no answer.
    pool : ThreadPoolExecutor
        Those of the heartbeat, unless the work takes more than a few seconds.
    """

    def __init__(
        self,
        on_result: Callable[[T], None],
        on_error: Callable[[str], None],
        pool: ThreadPoolExecutor = workers,
    ) -> None:
        self._on_result, self._on_error, self._pool = on_result, on_error, pool
        self._pending: Callable[[], T] | None = None
        self.busy = self._outdated = False

    def submit(self, work: Callable[[], T]) -> None:
        """Have something worked out; it must not touch the page."""
        self._pending, self._outdated = work, self.busy
        if not self.busy:
            self._start()

    def cancel(self) -> None:
        """Let no answer count to what has been asked so far."""
        self._pending, self._outdated = None, self.busy

    def _start(self) -> None:
        work, self._pending = self._pending, None
        if work is None:
            return
        future: Future[T]
        if (schedule := loop_scheduler()) is None:
            future = Future()
            _run_into(work, future)
            self._finish(future)
            return
        self.busy = True
        future = self._pool.submit(work)
        future.add_done_callback(lambda done: schedule(partial(self._finish, done)))

    def _finish(self, done: Future[T]) -> None:
        outdated, self.busy, self._outdated = self._outdated, False, False
        if not outdated:
            with hold_updates():
                self._deliver(done)
        self._start()

    def _deliver(self, done: Future[T]) -> None:
        try:
            answer = done.result()
        except InputError as error:
            self._on_error(str(error))
        except Exception as error:  # Whatever it was, the person must hear of it.
            log.exception("Work off the loop failed.")
            self._on_error(f"That went wrong: {error}")
        else:
            self._on_result(answer)


def _run_into(work: Callable[[], T], future: Future[T]) -> None:
    try:
        future.set_result(work())
    except Exception as error:
        future.set_exception(error)


def loop_scheduler() -> Scheduler | None:
    """How to get back onto the event loop from a thread; None where there is no loop."""
    try:
        loop = asyncio.get_running_loop()
    except RuntimeError:
        return None
    document = pn.state.curdoc
    return loop.call_soon_threadsafe if document is None else document.add_next_tick_callback
