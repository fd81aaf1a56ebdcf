"""Which worker serves a page: the one with the least to do; and its websocket the same.

Any worker takes a connection. When the head of a request for a page has come, and another worker
has less to do, that one is sent the connection with the head, and goes on as if it had come there.
The page's token names the worker that has its session, and a websocket is handed to that one; also
when the browser has lost its connection for a while. If that worker has gone, or hangs, any other
one makes the session anew, and the one that hangs learns of it when it goes on.
"""

from __future__ import annotations

import asyncio
import socket
from time import monotonic
from typing import Any
from weakref import WeakSet

from bokeh.util.token import get_session_id, get_token_payload
from tornado.httpserver import HTTPServer
from tornado.httputil import HTTPServerRequest
from tornado.ioloop import IOLoop, PeriodicCallback
from tornado.iostream import IOStream

from playground.serving.sessions import open_sessions
from playground.serving.workers.worker_group import MAX_MESSAGE, WorkerGroup

REPORT_MS = 250
"""Milliseconds between two reports of what this worker has to do, at least."""
START_SECONDS = 10.0
"""Seconds for which a worker waits until the others have started too."""
START_POLL_SECONDS = 0.05
MAX_HEAD = MAX_MESSAGE // 2
"""Bytes of a request that can be handed over; others stay where they are."""


class HandedOverStream(IOStream):
    """A connection of which another worker has read something.

    Parameters
    ----------
    connection : socket
    read : bytes
        What that worker has read, for this one to read again.
    **options
        As of any stream.
    """

    def __init__(self, connection: socket.socket, read: bytes, **options: Any) -> None:
        self._read = read
        super().__init__(connection, **options)

    def read_from_fd(self, buf: bytearray | memoryview) -> int | None:
        """Read, first what was read before."""
        if not self._read:
            return super().read_from_fd(buf)
        count = min(len(buf), len(self._read))
        buf[:count], self._read = self._read[:count], self._read[count:]
        return count


class HandOver:
    """Hands requests to other workers, and serves those that others hand to this one.

    Parameters
    ----------
    group : WorkerGroup
    server : HTTPServer
        Of this process.
    """

    def __init__(self, group: WorkerGroup, server: HTTPServer) -> None:
        self._group, self._server = group, server
        self._coming: WeakSet[object] = WeakSet()
        """Streams and requests of pages that have no session yet."""

    def begin(self) -> None:
        """Report, and read messages, from now on."""
        IOLoop.current().add_handler(self._group.mailbox, lambda *_: self._report(), IOLoop.READ)
        self._report()
        PeriodicCallback(self._report, REPORT_MS).start()

    def pass_on(self, request: HTTPServerRequest, token: str = "") -> bool:
        """Hand a request to the worker that should have it; return False if that is this one.

        Parameters
        ----------
        request : HTTPServerRequest
            Of a page, or its websocket, of which only the head has been read.
        token : str
            Of a websocket: it names the session, and the worker that has it.
        """
        named = get_token_payload(token).get("worker") if token else None
        stream: Any = request.connection.stream  # type: ignore[union-attr]
        was_sent_here = stream in self._coming
        self._coming.discard(stream)
        if named == self._group.index:
            return False
        if not was_sent_here and self._came_to_all(stream):
            worker = self._worker_for(named)
            if named not in (None, worker):
                self._group.say_moved(named, get_session_id(token))
            if self._send(request, worker):
                return True
        self._coming.add(request)
        return False

    def note_session(self, request: HTTPServerRequest) -> None:
        """Note that the page of a request has its session, or will have none."""
        self._coming.discard(request)

    def _worker_for(self, named: int | None) -> int:
        self._report()
        if named is not None and self._group.is_serving(named):
            return named
        return self._group.least_busy()

    def _came_to_all(self, stream: IOStream) -> bool:
        """Whether a connection came by the port of all, and not by this worker's own."""
        return not stream.closed() and stream.socket.getsockname()[1] == self._group.port

    def _send(self, request: HTTPServerRequest, worker: int) -> bool:
        head = head_of(request)
        if worker == self._group.index or len(head) > MAX_HEAD or has_body(request):
            return False
        stream = request.connection.detach()  # type: ignore[union-attr]
        # As a rule nothing more has come: a browser waits for the answer.
        more: Any = stream.read_bytes(MAX_HEAD, partial=True)
        if not stream.closed():
            read = head + (more.result() if more.done() else b"")
            if not self._group.send(worker, read, stream.socket):
                self._serve(stream.socket.dup(), read)
            stream.close()  # The connection stays open: the other worker has it, or the copy.
        return True

    def _report(self) -> None:
        sessions = open_sessions()
        for message, connection in self._group.receive():
            if connection is not None:
                self._serve(connection, message)
            else:
                for each in sessions:
                    if each.id == message.decode():
                        each.end_when_lost()
        self._group.report(
            sum(each.is_in_use for each in sessions),
            len(self._coming),
            [
                (each.owner, each.is_training)
                for each in sessions
                if each.is_admitted and each.is_connected
            ],
        )

    def _serve(self, connection: socket.socket, read: bytes) -> None:
        try:
            address = connection.getpeername()
        except OSError:  # It was closed meanwhile.
            connection.close()
            return
        stream = HandedOverStream(
            connection,
            read,
            max_buffer_size=self._server.max_buffer_size,
            read_chunk_size=self._server.read_chunk_size,
        )
        self._coming.add(stream)
        self._server.handle_stream(stream, address)


def head_of(request: HTTPServerRequest) -> bytes:
    """Return the head of a request as it came."""
    fields = (f"{name}: {value}" for name, value in request.headers.get_all())
    lines = f"{request.method} {request.uri} {request.version}", *fields, "", ""
    return "\r\n".join(lines).encode("latin-1")


def has_body(request: HTTPServerRequest) -> bool:
    """Whether more of a request is to come after its head."""
    return any(name in request.headers for name in ("Content-Length", "Transfer-Encoding"))


_current: list[HandOver] = []


def hand_over() -> HandOver | None:
    """Return what hands requests over; None in a process that serves alone."""
    return _current[0] if _current else None


def begin_hand_over(group: WorkerGroup, server: HTTPServer) -> None:
    """Have this process's server share the work with other workers, once all have started."""
    _current[:] = [HandOver(group, server)]
    _current[0].begin()
    IOLoop.current().add_callback(_accept_connections, group, server)


async def _accept_connections(group: WorkerGroup, server: HTTPServer) -> None:
    """Listen; the system keeps browsers waiting that come before.

    After a restart all of them come back at once, and would come to the worker that is ready first.
    """
    deadline = monotonic() + START_SECONDS
    while not group.all_serve() and monotonic() < deadline:
        await asyncio.sleep(START_POLL_SECONDS)
    server.add_sockets(group.sockets)
