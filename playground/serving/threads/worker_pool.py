"""Worker threads in which work that hangs stops nobody else.

A Python thread cannot be ended from outside. Therefore a thread that is busy for long while other
work waits is set aside: another one starts in its place. Whoever waits for work that misses its
deadline gets a sentence, and the thread is left alone until it ends by itself, if ever.
"""

from __future__ import annotations

import atexit
import logging
import math
import sys
from collections import deque
from collections.abc import Callable
from concurrent.futures import Executor, Future, InvalidStateError
from concurrent.futures import wait as wait_for
from contextlib import suppress
from threading import Condition, Lock, Thread, current_thread
from time import monotonic
from traceback import format_stack
from typing import Any, ParamSpec, TypeVar
from weakref import WeakSet

from playground.deadlines import Deadline, DeadlineError, apply_deadline, duration_text
from playground.serving.current_session import in_session

LOOK_SECONDS = 0.5
"""Longest time between two looks at the threads that are busy."""
EXIT_SECONDS = 3.0
"""How long the end of the process waits for work that must not be lost."""
MAX_LOGGED_FRAMES = 4
"""Calls that the log tells of work that was given up, the innermost ones."""
BUSY = "The server is busy: this waited for {} and was given up. Try again later."

P = ParamSpec("P")
T = TypeVar("T")

log = logging.getLogger(__name__)


class WorkerPool(Executor):
    """An executor whose work has a deadline, and whose threads are replaced if they hang.

    Cancelling the future of work that has begun makes its next `check_deadline` raise. The threads
    are daemons: the end of the process waits for none that hangs.

    Parameters
    ----------
    size : int
        How many pieces of work are done at the same time.
    name : str
        Of the threads, as the log tells it.
    deadline : float
        Seconds that work may take, and also that it may wait for its turn.
    patience : float
        Seconds after which a busy thread is set aside if other work waits.
    max_set_aside : int
        How many threads may be set aside at the same time.
    initializer : callable, optional
        Called without arguments at the start of each thread.
    finish_at_exit : bool
        Whether the end of the process waits for this work, at most `EXIT_SECONDS`.

    Attributes
    ----------
    missed_deadlines : int
        How many pieces of work were given up since the start.
    """

    def __init__(
        self,
        size: int,
        name: str,
        *,
        deadline: float,
        patience: float = 2.0,
        max_set_aside: int = 16,
        initializer: Callable[[], object] = lambda: None,
        finish_at_exit: bool = False,
    ) -> None:
        self.missed_deadlines = 0
        self._size, self._name, self._initializer = size, name, initializer
        self._deadline, self._patience, self._max_set_aside = deadline, patience, max_set_aside
        self._queue: deque[_Work[Any]] = deque()
        self._running: dict[_Work[Any], Thread] = {}
        self._set_aside: set[Thread] = set()
        lock = Lock()
        self._work_waits, self._work_runs = Condition(lock), Condition(lock)
        self._idle = self._active = self._started = 0
        self._supervisor: Thread | None = None
        self._closed = self._supervisor_sleeps = False
        _pools.add(self)
        if finish_at_exit:
            _finished_at_exit.add(self)

    def submit(self, fn: Callable[P, T], /, *args: P.args, **kwargs: P.kwargs) -> Future[T]:
        """Have a thread call a function; the future gets its result, or `DeadlineError`."""
        work = _Work(in_session(lambda: fn(*args, **kwargs)))
        with self._work_waits:
            if self._closed:
                raise RuntimeError("cannot schedule new futures after shutdown")
            self._queue.append(work)
            if self._idle:
                self._work_waits.notify()
            elif self._active < self._size:
                self._start_thread()
            if self._supervisor is None:
                self._supervisor = self._daemon(self._supervise, "supervisor")
            elif self._supervisor_sleeps:
                self._work_runs.notify()
        return work

    def shutdown(self, wait: bool = True, *, cancel_futures: bool = False) -> None:
        """Take no more work; with `wait`, return once that of before is done or given up."""
        with self._work_waits:
            self._closed = True
            pending = [*self._running, *self._queue]
            self._work_waits.notify_all()
            self._work_runs.notify_all()
        if cancel_futures:
            self.cancel_all()
        if wait:
            wait_for(pending)

    def cancel_all(self) -> None:
        """Cancel what waits, and have what runs stop at its next check."""
        with self._work_waits:
            pending = [*self._running, *self._queue]
        for work in pending:
            work.cancel()

    @property
    def is_waited_for(self) -> bool:
        """Whether work waits because all threads are busy."""
        return bool(self._queue)

    def pending(self) -> list[Future[Any]]:
        """Return the work that waits or runs."""
        with self._work_waits:
            return [*self._running, *self._queue]

    # Threads -----------------------------------------------------------------------------------

    def _daemon(self, target: Callable[[], None], kind: object) -> Thread:
        thread = Thread(target=target, name=f"{self._name}-{kind}", daemon=True)
        thread.start()
        return thread

    def _start_thread(self) -> None:
        self._active += 1
        self._started += 1
        self._daemon(self._work, self._started)

    def _work(self) -> None:
        self._initializer()
        thread = current_thread()
        while (work := self._next_work(thread)) is not None:
            work.run()
            with self._work_waits:
                del self._running[work]
                if thread in self._set_aside:
                    self._set_aside.remove(thread)
                    if self._active >= self._size:
                        return  # Another one works in its place.
                    self._active += 1
            del work  # It holds what its function refers to, such as a page.

    def _next_work(self, thread: Thread) -> _Work[Any] | None:
        """Wait for work; None if there will be none any more."""
        with self._work_waits:
            while True:
                while self._queue:
                    work = self._queue.popleft()
                    if work.begin(self._deadline):
                        self._running[work] = thread
                        return work
                if self._closed:
                    self._active -= 1
                    return None
                self._idle += 1
                self._work_waits.wait()
                self._idle -= 1

    # Supervision ---------------------------------------------------------------------------------

    def _supervise(self) -> None:
        look = min(LOOK_SECONDS, self._patience / 4, self._deadline / 4)
        while True:
            with self._work_runs:
                while not (self._running or self._queue):
                    if self._closed:
                        return
                    self._supervisor_sleeps = True
                    self._work_runs.wait()
                    self._supervisor_sleeps = False
                late = self._late_work()
            # Outside the lock, since whoever waits for it may submit something else at once.
            for work, thread in late:
                self._give_up(work, thread)
            del late
            with self._work_runs:
                self._work_runs.wait(look)

    def _late_work(self) -> list[tuple[_Work[Any], Thread | None]]:
        """Replace threads that are busy for long, and return the work that missed its deadline."""
        late: list[tuple[_Work[Any], Thread | None]] = []
        for work, thread in self._running.items():
            is_late = work.deadline.has_passed
            if is_late and not work.done():
                late.append((work, thread))
            waited_for = bool(self._queue) and work.seconds_busy > self._patience
            if (is_late or waited_for) and thread not in self._set_aside:
                self._replace(thread)
        overdue = [work for work in self._queue if work.seconds_since_submit > self._deadline]
        for work in overdue:
            self._queue.remove(work)
            late.append((work, None))
        return late

    def _replace(self, thread: Thread) -> None:
        if len(self._set_aside) >= self._max_set_aside:
            return
        self._set_aside.add(thread)
        self._active -= 1
        if self._queue:
            self._start_thread()

    def _give_up(self, work: _Work[Any], thread: Thread | None) -> None:
        self.missed_deadlines += 1
        seconds = duration_text(self._deadline)
        # Called before anything goes on without the result.
        if thread is None:
            log.error("Work waited for a %s thread for %s and was given up.", self._name, seconds)
            work.fail(DeadlineError(BUSY.format(seconds)))
            return
        frame = sys._current_frames().get(thread.ident or 0)
        stack = "".join(format_stack(frame, limit=MAX_LOGGED_FRAMES)) if frame else "no stack"
        log.error("Work of %s was given up after %s:\n%s", thread.name, seconds, stack)
        work.fail(DeadlineError(work.deadline.sentence))


class _Work(Future[T]):
    """The future of a function's result, and the function."""

    def __init__(self, call: Callable[[], T]) -> None:
        super().__init__()
        self._call: Callable[[], T] | None = call
        self._submitted_at = self._begun_at = monotonic()
        self.deadline = Deadline(math.inf)

    @property
    def seconds_since_submit(self) -> float:
        return monotonic() - self._submitted_at

    @property
    def seconds_busy(self) -> float:
        return monotonic() - self._begun_at

    def cancel(self) -> bool:
        self.deadline.cancel()
        return super().cancel()

    def begin(self, seconds: float) -> bool:
        """Start the clock; False if the work was cancelled."""
        self._begun_at, self.deadline = monotonic(), Deadline(seconds)
        return self.set_running_or_notify_cancel()

    def run(self) -> None:
        call, self._call = self._call, None
        assert call is not None
        try:
            with apply_deadline(self.deadline):
                result = call()
        except BaseException as error:  # The thread must go on, as in ThreadPoolExecutor.
            self.fail(error)
        else:
            with suppress(InvalidStateError):  # It was given up.
                self.set_result(result)

    def fail(self, error: BaseException) -> None:
        with suppress(InvalidStateError):
            self.set_exception(error)


_pools: WeakSet[WorkerPool] = WeakSet()
_finished_at_exit: WeakSet[WorkerPool] = WeakSet()


@atexit.register
def _end_work() -> None:
    """Cancel all work but that which must not be lost, and wait for that a little."""
    for pool in set(_pools) - set(_finished_at_exit):
        pool.cancel_all()
    wait_for([work for pool in _finished_at_exit for work in pool.pending()], EXIT_SECONDS)
