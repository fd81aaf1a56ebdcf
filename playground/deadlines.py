"""Deadlines of work, and its cancellation.

A pool of workers, for instance, gives the work it runs a `Deadline`. Loops that
can be long call `check_deadline`, and locks that can be held for long are `DeadlineLock`s; where
there is no deadline, as in a script, they do nothing special.
"""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import CancelledError
from contextlib import contextmanager
from contextvars import ContextVar
from threading import RLock
from time import monotonic
from types import TracebackType

from playground.errors import InputError

LOCK_POLL_SECONDS = 0.1
"""Seconds between two looks whether it is still worth waiting for a lock."""


class DeadlineError(InputError):
    """Work took longer than it may."""


class Deadline:
    """The moment when work has to be finished; it may be cancelled before, from any thread.

    Parameters
    ----------
    seconds : float
        From now on.
    """

    def __init__(self, seconds: float) -> None:
        self.seconds = seconds
        self._end = monotonic() + seconds
        self._cancelled = False

    @property
    def has_passed(self) -> bool:
        """Whether the deadline has passed."""
        return monotonic() >= self._end

    def cancel(self) -> None:
        """Have the work stop at its next check."""
        self._cancelled = True

    def check(self) -> None:
        """Raise if the work should stop.

        Raises
        ------
        DeadlineError
            If the moment is over.
        CancelledError
            If nobody waits for the result any more.
        """
        if self._cancelled:
            raise CancelledError
        if self.has_passed:
            raise DeadlineError(self.sentence)

    @property
    def sentence(self) -> str:
        """The sentence for a person when the deadline has passed."""
        return (
            f"This took longer than {duration_text(self.seconds)} and was given up, so that others "
            "can go on. Try something smaller, or try again later."
        )


_deadline: ContextVar[Deadline | None] = ContextVar("deadline", default=None)


@contextmanager
def apply_deadline(deadline: Deadline) -> Iterator[None]:
    """Apply a deadline to everything that this context calls in this thread."""
    token = _deadline.set(deadline)
    try:
        yield
    finally:
        _deadline.reset(token)


def check_deadline() -> None:
    """Raise if the work that calls this should stop; see `Deadline.check`."""
    if (deadline := _deadline.get()) is not None:
        deadline.check()


class DeadlineLock:
    """A reentrant lock for which nobody waits in vain.

    Waiting ends with the waiter's own deadline, and also with that of the holder: work that has
    missed its deadline hangs, and would never release the lock.
    """

    def __init__(self) -> None:
        self._lock = RLock()
        self._depth = 0
        self._holder: Deadline | None = None

    @property
    def is_free(self) -> bool:
        """Whether nobody has to be waited for at present."""
        if is_free := self._lock.acquire(blocking=False):
            self._lock.release()
        return is_free

    def __enter__(self) -> None:
        if not self._lock.acquire(blocking=False):
            self._wait()
        self._depth += 1
        if self._depth == 1:
            self._holder = _deadline.get()

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self._depth -= 1
        if self._depth == 0:
            self._holder = None
        self._lock.release()

    def _wait(self) -> None:
        while not self._lock.acquire(timeout=LOCK_POLL_SECONDS):
            check_deadline()
            holder = self._holder
            if holder is not None and holder.has_passed:
                raise DeadlineError(
                    f"The work before this one has not ended for {duration_text(holder.seconds)}. "
                    "Reload the page to go on."
                )


def duration_text(seconds: float) -> str:
    """Return a time as text: 90 seconds, 2 minutes."""
    minutes = seconds / 60
    if minutes >= 2 and minutes == round(minutes):
        return f"{minutes:.0f} minutes"
    return f"{seconds:g} second{'' if seconds == 1 else 's'}"
