"""Workers of one server, in one process."""

from __future__ import annotations

import copy
import socket
from collections.abc import Iterator
from contextlib import contextmanager

from playground.serving.workers.worker_group import WorkerGroup


@contextmanager
def two_workers(sockets: list[socket.socket]) -> Iterator[tuple[WorkerGroup, WorkerGroup]]:
    """Yield what each of two workers has, which share memory and mailboxes as copies would."""
    first = WorkerGroup(sockets, workers=2, max_pages=3)
    second = copy.copy(first)
    first.become(0)
    second.become(1)
    try:
        yield first, second
    finally:
        for each in (end for pair in first._mailboxes for end in pair):
            each.close()
