"""The workers that a process may train on: one connection to their scheduler for all pages."""

from __future__ import annotations

import logging
from collections.abc import Callable
from concurrent.futures import Future
from contextlib import ExitStack
from threading import Lock, Thread
from time import monotonic
from typing import TYPE_CHECKING, Any, TypeVar
from uuid import uuid4

from playground.errors import InputError
from playground.training.remote.address import LOCAL, check_address
from playground.training.remote.connection import CONNECT_SECONDS, connected
from playground.training.remote.silent_workers import SilentWorkers
from playground.training.remote.versions import versions
from playground.training.remote.worker_session import Progress, Report, WorkerError, WorkerSession

if TYPE_CHECKING:
    from distributed import Client

CALL_SECONDS = 5.0
"""Seconds after which a worker that has not answered counts as lost."""
START_SECONDS = 30.0
"""Seconds that a worker may take to import everything."""
RETRY_SECONDS = 5.0
"""Seconds between two tries to reach a scheduler."""
SILENT_SECONDS = 5.0
"""Seconds without a report to its scheduler after which no session begins on a worker."""
LOOK_SECONDS = 1.0
"""Seconds between two looks at whether the worker that is to make a session still answers."""

log = logging.getLogger(__name__)

T = TypeVar("T")


class LostWorkerError(Exception):
    """A worker did not answer."""


class RemoteSession:
    """A `WorkerSession`, seen from here.

    Attributes
    ----------
    worker : str
        The address of its worker.
    """

    def __init__(self, future: Any, actor: Any) -> None:  # noqa: ANN401
        # The worker keeps the session for as long as this future exists.
        self._future, self._actor = future, actor
        self.worker: str = actor._address

    def load(self, handover: bytes) -> None:
        """See `WorkerSession.load`."""
        self._call(self._actor.load, handover)

    def advance(self, seconds: float, epochs: float, steps: float) -> Progress:
        """See `WorkerSession.advance`."""
        answer: Progress = self._call(self._actor.advance, seconds, epochs, steps)
        return answer

    def report(self, *, frame: bool) -> Report:
        """See `WorkerSession.report`."""
        answer: Report = self._call(self._actor.report, frame=frame)
        return answer

    def differences(self) -> str:
        """Return what the worker has in another version, as part of a sentence; "" if nothing."""
        own, theirs = versions(), self._call(self._actor.versions)
        return ", ".join(
            f"{name} {theirs.get(name, 'not installed')}, this process {wanted}"
            for name, wanted in own.items()
            if theirs.get(name) != wanted
        )

    def _call(self, method: Callable[..., Any], *arguments: Any, **named: Any) -> Any:  # noqa: ANN401
        try:
            return method(*arguments, **named).result(timeout=CALL_SECONDS)
        except WorkerError:
            raise
        except Exception as error:  # Whatever a connection that breaks off raises.
            raise LostWorkerError(self.worker) from error


class RemoteWorkers:
    """The workers of one scheduler, or those of this machine; connected to when first needed.

    Parameters
    ----------
    address : str
        Of a scheduler, such as tcp://10.0.0.5:8786; or "local".
    timeout : float
        Seconds within which the scheduler has to answer.
    """

    def __init__(self, address: str, *, timeout: float = CONNECT_SECONDS) -> None:
        self.address = address
        self._timeout = timeout
        self._lock, self._stack = Lock(), ExitStack()
        self._client: Client | None = None
        self._workers = SilentWorkers(SILENT_SECONDS, timeout)
        self._failure: tuple[float, str] | None = None

    def begin_session(self) -> Future[RemoteSession]:
        """Have a worker make a session, in a thread of its own, which may take seconds.

        Returns
        -------
        Future
            Of the session, or of an `InputError` that says why there is none.
        """
        begun: Future[RemoteSession] = Future()

        def begin() -> None:
            try:
                begun.set_result(self._new_session())
            except InputError as error:
                begun.set_exception(error)
            except Exception as error:  # Whatever a connection that breaks off raises.
                log.info("No session on a worker of %s.", self.address, exc_info=True)
                reason = f"{type(error).__name__}: {error}"[:200]
                begun.set_exception(InputError(f"A worker of {self.address} failed: {reason}"))

        Thread(target=begin, name="remote-session", daemon=True).start()
        return begun

    def close(self) -> None:
        """End the connection, and the workers that were started here."""
        with self._lock:
            self._close()

    def _new_session(self) -> RemoteSession:
        client = self._connected()
        unfit: dict[str, str] = {}
        self._workers.look(client)
        while fit := [each for each in self._workers.answering if each not in unfit]:
            session = self._session_on(client, fit)
            if session is None:
                continue
            try:
                difference = session.differences()
            except LostWorkerError:
                unfit[session.worker] = "not answered"
                continue
            if not difference:
                return session
            unfit[session.worker] = f"{difference}: install the same version"
        if unfit:
            worker, reason = next(iter(unfit.items()))
            raise InputError(f"The worker {worker} has {reason}.")
        which = "no worker that answers" if self._workers.silent else "no workers"
        raise InputError(f"The scheduler {self.address} has {which}.")

    def _session_on(self, client: Client, workers: list[str]) -> RemoteSession | None:
        """Have one of some workers make a session; None if that one has fallen silent."""
        with client.as_current():
            future = client.submit(
                WorkerSession,
                actor=True,
                key=f"playground-session-{uuid4().hex}",
                workers=workers,
            )
            end = monotonic() + START_SECONDS
            while True:
                try:
                    return RemoteSession(future, future.result(timeout=LOOK_SECONDS))
                except TimeoutError:
                    self._workers.look(client)
                    if future.key in self._workers.tasks(client):
                        future.cancel()
                        return None
                    if monotonic() > end:
                        raise

    def _connected(self) -> Client:
        with self._lock:
            if self._client is not None and self._client.status == "running":
                return self._client
            if self._failure is not None and monotonic() - self._failure[0] < RETRY_SECONDS:
                raise InputError(self._failure[1])
            self._close()
            scheduler = None if self.address == LOCAL else self.address
            try:
                self._client = self._stack.enter_context(
                    connected(scheduler, timeout=self._timeout)
                )
            except InputError as error:
                self._failure = monotonic(), str(error)
                raise
            return self._client

    def _close(self) -> None:
        self._client = None
        self._stack.close()
        self._stack = ExitStack()


_by_address: dict[str, RemoteWorkers] = {}


def remote_workers(address: str) -> RemoteWorkers:
    """Return the workers at an address, with one connection for the whole process.

    Raises
    ------
    InputError
        If it is neither "local" nor the address of a scheduler.
    """
    check_address(address)
    return _by_address.setdefault(address, RemoteWorkers(address))
