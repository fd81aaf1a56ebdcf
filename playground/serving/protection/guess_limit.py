"""A limit on wrong passwords and codes: to try all of them takes longer than anybody has."""

from __future__ import annotations

import logging
from collections import deque
from collections.abc import Callable
from ipaddress import IPv6Address, ip_address, ip_network
from time import monotonic

from playground.errors import InputError
from playground.serving.current_session import current_request
from playground.serving.process.server_metrics import REFUSALS

log = logging.getLogger(__name__)

GUESS_SECONDS = 60.0
"""Seconds for which a wrong guess counts."""
IPV6_PREFIX = 64
"""Bits of an IPv6 address that a provider assigns; a machine chooses the others itself."""


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
        """Count a wrong guess, and log it."""
        self.note(address)
        REFUSALS.labels("guess").inc()
        log.warning("wrong guess", extra={"what": self._what, "address": address})

    def note(self, address: str) -> None:
        """Count a wrong guess that is logged elsewhere."""
        self._wrong.setdefault(address, deque()).append(self._clock())

    def _forget_old(self) -> None:
        now = self._clock()
        for address, wrong in [*self._wrong.items()]:
            while wrong and now - wrong[0] >= GUESS_SECONDS:
                wrong.popleft()
            if not wrong:
                del self._wrong[address]


def visitor_address() -> str:
    """Return the network that the session at work was opened from; "" if not known."""
    request = current_request()
    return "" if request is None else network_of(request.remote_ip or "")


def network_of(address: str) -> str:
    """Return an address without what its owner can change at will: the second half of IPv6."""
    try:
        found = ip_address(address.partition("%")[0])
    except ValueError:
        return address
    if not isinstance(found, IPv6Address):
        return address
    if found.ipv4_mapped is not None:  # as where one socket listens for both
        return str(found.ipv4_mapped)
    return str(ip_network((found, IPV6_PREFIX), strict=False))
