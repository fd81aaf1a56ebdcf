"""Work in a worker thread, of which only the latest result counts."""

from __future__ import annotations

import logging
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from functools import partial
from typing import Generic, TypeVar

from playground.errors import InputError
from playground.serving.heartbeat import workers
from playground.serving.sessions import loop_scheduler
from playground.serving.update_batching import hold_updates

T = TypeVar("T")

log = logging.getLogger(__name__)


class LatestTask(Generic[T]):
    """Runs one piece of work at a time in a worker thread, and delivers the latest result.

    Work that is submitted while another piece runs waits, and replaces what waited before; the
    result of the running piece is dropped. Where no event loop runs, work is done at once.

    Parameters
    ----------
    on_result : callable
        Given each result, on the event loop, unless newer work was submitted meanwhile.
    on_error : callable
        Given a sentence that says why there is no result.
    pool : ThreadPoolExecutor
        The heartbeat's workers, unless the work takes more than a few seconds.

    Attributes
    ----------
    busy : bool
        Whether a piece of work is running.
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
        """Run `work`, which must not touch the page, after a piece that may be running."""
        self._pending, self._outdated = work, self.busy
        if not self.busy:
            self._start()

    def cancel(self) -> None:
        """Drop the results of everything submitted so far."""
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
            result = done.result()
        except InputError as error:
            self._on_error(str(error))
        except Exception as error:  # Whatever it is, the person must see it.
            log.exception("Work in a worker thread failed.")
            self._on_error(f"That went wrong: {error}")
        else:
            self._on_result(result)


def _run_into(work: Callable[[], T], future: Future[T]) -> None:
    try:
        future.set_result(work())
    except Exception as error:
        future.set_exception(error)
