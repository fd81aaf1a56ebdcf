"""Workers that hang: a scheduler keeps them in its list for minutes, and gives them work."""

from __future__ import annotations

from collections.abc import Mapping
from threading import Lock
from time import monotonic
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from distributed import Client


class SilentWorkers:
    """Which workers of a scheduler answer, and which have told it nothing for a while.

    A worker reports to its scheduler every half second, or every few seconds where there are
    hundreds, whatever it computes. How long it has been silent is measured by the clock of this
    process, since those of other machines may differ: so the first look finds no silent ones.
    Its methods may be called from any thread.

    Parameters
    ----------
    seconds : float
        Without a report, after which a worker counts as silent.
    timeout : float
        Seconds within which the scheduler has to answer.

    Attributes
    ----------
    answering : mapping of str to int
        The addresses of the workers that answer, with their threads; none before the first look.
    silent : frozenset of str
        The addresses of the others.
    """

    def __init__(self, seconds: float, timeout: float) -> None:
        self._seconds, self._timeout = seconds, timeout
        self._lock = Lock()
        self._reports: dict[str, tuple[float, float]] = {}
        self.answering: Mapping[str, int] = {}
        self.silent: frozenset[str] = frozenset()

    def look(self, client: Client) -> None:
        """Ask the scheduler which workers it has, and when each has reported last.

        Whatever a connection that breaks off raises is raised here.
        """
        known: dict[str, Any] = client.sync(
            client.scheduler.identity, callback_timeout=self._timeout
        )["workers"]
        with self._lock:
            now = monotonic()
            reports: dict[str, tuple[float, float]] = {}
            for address, worker in known.items():
                before = self._reports.get(address)
                told = worker["last_seen"]
                reports[address] = before if before and before[0] == told else (told, now)
            self._reports = reports
            self.silent = frozenset(
                address for address, (_, at) in reports.items() if now - at > self._seconds
            )
            self.answering = {
                address: worker["nthreads"]
                for address, worker in known.items()
                if address not in self.silent
            }

    def tasks(self, client: Client) -> frozenset[str]:
        """Return the keys of the tasks that the scheduler has given to silent workers."""
        if not self.silent:
            return frozenset()
        given = client.sync(client.scheduler.processing, callback_timeout=self._timeout)
        return frozenset(str(key) for each in self.silent for key in given.get(each, ()))
