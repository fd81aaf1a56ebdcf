"""Work in a worker thread, of which only the latest result counts."""

from __future__ import annotations

import logging
from collections.abc import Callable
from concurrent.futures import Executor, Future
from functools import partial
from typing import Generic, TypeVar

from playground.errors import InputError
from playground.serving.browser.update_batching import hold_updates
from playground.serving.error_text import error_text
from playground.serving.sessions import call_giving_way, loop_scheduler
from playground.serving.threads.thread_pools import workers

T = TypeVar("T")

log = logging.getLogger(__name__)


class LatestTask(Generic[T]):
    """Runs one piece of work at a time in a worker thread, and delivers the latest result.

    Work that is submitted while another piece runs waits, and replaces what waited before; the
    running piece is cancelled, and its result dropped. Where no event loop runs, work is done at
    once.

    Parameters
    ----------
    on_result : callable
        Given each result, on the event loop, unless newer work was submitted meanwhile.
    on_error : callable
        Given a sentence that says why there is no result.
    pool : Executor
        One of `playground.serving.threads.thread_pools`.
    gives_way : bool
        Whether others are served while `on_result` gives way: it takes long where it makes cards.
    """

    def __init__(
        self,
        on_result: Callable[[T], None],
        on_error: Callable[[str], None],
        pool: Executor = workers,
        *,
        gives_way: bool = False,
    ) -> None:
        self._on_result, self._on_error, self._pool = on_result, on_error, pool
        self._gives_way = gives_way
        self._pending: Callable[[], T] | None = None
        self._running: Future[T] | None = None
        self._outdated = False

    @property
    def busy(self) -> bool:
        """Whether a piece of work is running."""
        return self._running is not None

    def submit(self, work: Callable[[], T]) -> None:
        """Run `work`, which must not touch the page, after a piece that may be running."""
        self.cancel()
        self._pending = work
        if not self.busy:
            self._start()

    def cancel(self) -> None:
        """Drop the results of everything submitted so far, and stop what can be stopped."""
        self._pending, self._outdated = None, self.busy
        if self._running is not None:
            self._running.cancel()

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
        self._running = future = self._pool.submit(work)
        future.add_done_callback(lambda done: schedule(partial(self._take, done)))

    def _take(self, done: Future[T]) -> None:
        finish = partial(self._finish_on_loop, done)
        call_giving_way(finish) if self._gives_way else finish()

    def _finish_on_loop(self, done: Future[T]) -> None:
        try:
            self._finish(done)
        except Exception as error:  # Nobody else would tell the person.
            log.exception("The result of a worker thread can't be shown.")
            self._on_error(f"That went wrong: {error_text(error)}")

    def _finish(self, done: Future[T]) -> None:
        outdated, self._running, self._outdated = self._outdated, None, False
        try:
            if not outdated:
                with hold_updates():
                    self._deliver(done)
        finally:  # Whatever becomes of this result, the next piece of work must not be lost.
            if self._running is None:
                self._start()

    def _deliver(self, done: Future[T]) -> None:
        try:
            result = done.result()
        except InputError as error:
            self._on_error(str(error))
        except Exception as error:  # Whatever it is, the person must see it.
            log.exception("Work in a worker thread failed.")
            self._on_error(f"That went wrong: {error_text(error)}")
        else:
            self._on_result(result)


def _run_into(work: Callable[[], T], future: Future[T]) -> None:
    try:
        future.set_result(work())
    except Exception as error:  # Whoever takes the result raises it.
        future.set_exception(error)
