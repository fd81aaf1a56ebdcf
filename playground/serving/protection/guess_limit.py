"""A limit on wrong passwords and codes: to try all of them takes longer than anybody has."""

from __future__ import annotations

import logging
from collections import deque
from collections.abc import Callable
from time import monotonic

from playground.errors import InputError
from playground.serving.current_session import current_request
from playground.serving.process.metrics import REFUSALS

log = logging.getLogger(__name__)

GUESS_SECONDS = 60.0
"""Seconds for which a wrong guess counts."""


class GuessLimit:
    """Counts the wrong guesses of each address within the last minute.

    Parameters
    ----------
    what : str
        What is guessed, in the plural, as in "passwords".
    most : int
        Wrong guesses after which an address has to wait.
    clock : callable
        Returns seconds.
    """

    def __init__(self, what: str, most: int, clock: Callable[[], float] = monotonic) -> None:
        self._what, self._most, self._clock = what, most, clock
        self._wrong: dict[str, deque[float]] = {}

    def check(self, address: str) -> None:
        """Raise InputError if too much was guessed from an address."""
        self._forget_old()
        wrong = self._wrong.get(address)
        if wrong is not None and len(wrong) >= self._most:
            seconds = GUESS_SECONDS - (self._clock() - wrong[0])
            raise InputError(
                f"There were too many wrong {self._what} from here: try again in"
                f" {max(1, round(seconds))} seconds."
            )

    def count(self, address: str) -> None:
        """Count a wrong guess."""
        self._wrong.setdefault(address, deque()).append(self._clock())
        REFUSALS.labels("guess").inc()
        log.warning("wrong guess", extra={"what": self._what, "address": address})

    def _forget_old(self) -> None:
        now = self._clock()
        for address, wrong in [*self._wrong.items()]:
            while wrong and now - wrong[0] >= GUESS_SECONDS:
                wrong.popleft()
            if not wrong:
                del self._wrong[address]


def visitor_address() -> str:
    """Return the network address that the session at work was opened from; "" if not known."""
    request = current_request()
    return "" if request is None else request.remote_ip or ""
