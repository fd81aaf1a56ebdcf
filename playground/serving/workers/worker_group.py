"""What the workers of a server share: listening sockets, mailboxes, and what each has to do.

It is made before they are, and outlives each of them: one that is started again reads what was sent
to the one before. Nothing is locked, since whoever is killed would keep a lock for ever: each
worker writes only about itself. The one exception, `coming`, it soon writes again.
"""

from __future__ import annotations

import ctypes
import mmap
import socket
from collections.abc import Iterator, Sequence
from contextlib import suppress
from hashlib import blake2b
from time import monotonic
from typing import Any

SILENT_SECONDS = 5.0
"""Seconds after which a worker that does not report counts as hung, and gets nothing more."""
MAX_MESSAGE = 2**17
"""Bytes of one message. Linux takes 200 kB unless told otherwise."""
MAILBOX_BYTES = 2**20
"""Of messages that wait, where the system allows as many."""


class _Report(ctypes.Structure):
    _fields_ = (
        ("reported_at", ctypes.c_double),
        ("in_use", ctypes.c_int64),
        ("coming", ctypes.c_int64),
        ("pages", ctypes.c_int64),
    )


class _Page(ctypes.Structure):
    _fields_ = (("owner", ctypes.c_uint64), ("trains", ctypes.c_bool))


class WorkerGroup:
    """The workers of a server.

    Parameters
    ----------
    sockets : list of socket
        That listen at the server's port, for all workers: whoever has time takes a connection.
    workers : int
    max_pages : int
        Most pages that one of them can report.

    Attributes
    ----------
    index : int
        Which of the workers this process is.
    """

    def __init__(self, sockets: list[socket.socket], workers: int, max_pages: int) -> None:
        self.sockets, self._workers, self._max_pages = sockets, workers, max_pages
        self.index = -1
        # Both ends stay open in all processes, so that no message is lost with a worker.
        self._mailboxes = [
            socket.socketpair(socket.AF_UNIX, socket.SOCK_DGRAM) for _ in range(workers)
        ]
        for inlet, outlet in self._mailboxes:
            inlet.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, MAILBOX_BYTES)
            inlet.setblocking(False)
            outlet.setblocking(False)
        self._reports: Any = _shared(_Report * workers)
        self._pages: Any = _shared(_Page * max_pages * workers)

    @property
    def port(self) -> int:
        """The port of all."""
        return int(self.sockets[0].getsockname()[1])

    @property
    def mailbox(self) -> socket.socket:
        """What this worker reads its messages from."""
        return self._mailboxes[self.index][1]

    def become(self, index: int) -> None:
        """Note which worker this process is; the one before it, if any, has gone.

        What that one has not read is sent to another, since this one needs seconds to start.
        """
        self.index = index
        self._reports[index] = _Report()
        for message, connection in list(self.receive()):
            if connection is not None:
                self.send(self.least_busy(), message, connection)
                connection.close()

    def report(self, in_use: int, coming: int, pages: Sequence[tuple[str, bool]]) -> None:
        """Have the others know what this worker has to do.

        Parameters
        ----------
        in_use : int
            Number of pages that count as work.
        coming : int
            Number of pages that were asked for, and are not there yet.
        pages : sequence of (str, bool)
            Of each page with its browser, whose it is, "" if nobody's, and whether it trains.
        """
        report, own = self._reports[self.index], self._pages[self.index]
        pages = pages[: self._max_pages]
        for each, (owner, trains) in zip(own, pages, strict=False):
            each.owner, each.trains = _number(owner), trains
        report.in_use, report.coming, report.pages = in_use, coming, len(pages)
        report.reported_at = monotonic()

    def is_serving(self, worker: int | None) -> bool:
        """Whether there is such a worker, and it has reported lately."""
        if worker is None or not 0 <= worker < self._workers:
            return False
        return bool(monotonic() - self._reports[worker].reported_at < SILENT_SECONDS)

    def all_serve(self) -> bool:
        """Whether all workers have started, and none hangs."""
        return all(self.is_serving(each) for each in range(self._workers))

    def least_busy(self) -> int:
        """Return the worker with the fewest pages in use; of several, the one with fewest at all.

        This one, if no other has fewer, or none serves.
        """

        def work(worker: int) -> tuple[int, int, bool]:
            report = self._reports[worker]
            return report.in_use + report.coming, report.pages, worker != self.index

        serving = (each for each in range(self._workers) if self.is_serving(each))
        return min(serving, key=work, default=self.index)

    def send(self, worker: int, message: bytes, connection: socket.socket) -> bool:
        """Send a connection, with what was read from it; return whether that was possible."""
        try:
            socket.send_fds(self._mailboxes[worker][0], [message], [connection.fileno()])
        except OSError:  # Its mailbox is full, or a number of files is at its limit.
            return False
        self._reports[worker].coming += 1
        return True

    def say_moved(self, worker: int, session_id: str) -> None:
        """Tell a worker, should it go on, that its session has been made anew in another one."""
        with suppress(OSError, IndexError):  # Its mailbox is full, or there are fewer workers now.
            self._mailboxes[worker][0].send(session_id.encode())

    def receive(self) -> Iterator[tuple[bytes, socket.socket | None]]:
        """Yield what was sent to this worker, oldest first; by `say_moved` without a connection."""
        while True:
            try:
                message, files, _flags, _from = socket.recv_fds(self.mailbox, MAX_MESSAGE, 1)
            except BlockingIOError:
                return
            # Where this process can open no more files, a connection is lost.
            yield message, socket.socket(fileno=files[0]) if files else None

    def pages_elsewhere(self, owner: str = "") -> int:
        """Return how many pages other workers have, of one person or in all."""
        return len(list(self._others(owner)))

    def training_elsewhere(self, owner: str = "") -> int:
        """Return how many pages of other workers train, of one person or in all."""
        return sum(each.trains for each in self._others(owner))

    def _others(self, owner: str) -> Iterator[Any]:
        number = _number(owner)
        for worker, report in enumerate(self._reports):
            if worker != self.index:
                pages = self._pages[worker][: report.pages]
                yield from (each for each in pages if number in (0, each.owner))


_current: list[WorkerGroup] = []


def worker_group() -> WorkerGroup | None:
    """Return the workers of which this process is one; None if it serves alone."""
    return _current[0] if _current else None


def use_worker_group(group: WorkerGroup) -> None:
    """Make this process one of a group's workers."""
    _current[:] = [group]


def _shared(kind: Any) -> Any:  # noqa: ANN401 (ctypes makes types of arrays at run time)
    """Return zeros that are the same memory in all copies of this process."""
    return kind.from_buffer(mmap.mmap(-1, ctypes.sizeof(kind)))


def _number(owner: str) -> int:
    """Return a number for who owns a page, the same in all processes; 0 for nobody."""
    return int.from_bytes(blake2b(owner.encode(), digest_size=8).digest()) if owner else 0
