"""Limits on connections that strangers open and say nothing on.

Tornado keeps a silent connection for an hour, and takes more until the process can open no file any
more: then nobody else gets one, and the log grows by megabytes a second.
"""

from __future__ import annotations

import logging
from functools import cache
from time import monotonic
from typing import Any

from tornado.httpserver import HTTPServer
from tornado.iostream import IOStream

from playground.serving.process.server_metrics import REFUSALS

try:
    import resource
except ImportError:  # Windows has no such limit.
    resource = None  # type: ignore[assignment]

log = logging.getLogger(__name__)

MAX_CONNECTIONS = 5000
"""At the same time, of one server; fewer where the system lets the process open fewer files."""
RESERVED_FILES = 100
"""Files that the process needs for itself: of saved work, of databases, of its threads."""
SILENT_SECONDS = 60.0
"""Seconds in which a request must have come, its body too."""
LOG_SECONDS = 60.0
"""Seconds between two lines of the log about connections that were refused."""

_last_logged: list[float] = []


@cache
def limit_connections() -> None:
    """Limit the connections of this process's servers from now on."""
    open_more_files()
    handle_stream = HTTPServer.handle_stream

    def handle_if_few(server: HTTPServer, stream: IOStream, address: tuple[Any, ...]) -> None:
        server.conn_params.header_timeout = server.conn_params.body_timeout = SILENT_SECONDS
        most = max_connections()
        if len(server._connections) < most:
            handle_stream(server, stream, address)
            return
        stream.close()
        REFUSALS.labels("connection").inc()
        now = monotonic()
        if not _last_logged or now - _last_logged[0] >= LOG_SECONDS:
            _last_logged[:] = [now]
            log.warning("connections refused", extra={"reason": "too many", "most": most})

    setattr(HTTPServer, "handle_stream", handle_if_few)  # noqa: B010 (mypy refuses the other way)


def max_connections() -> int:
    """Return how many connections a server takes at the same time."""
    if resource is None:
        return MAX_CONNECTIONS
    files, _most = resource.getrlimit(resource.RLIMIT_NOFILE)
    if files == resource.RLIM_INFINITY:
        return MAX_CONNECTIONS
    return max(1, min(MAX_CONNECTIONS, files - RESERVED_FILES))


def open_more_files() -> None:
    """Have this process open as many files as it needs, where its system's usual limit is lower."""
    if resource is None:
        return
    now, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = MAX_CONNECTIONS + RESERVED_FILES
    if most != resource.RLIM_INFINITY:
        wanted = min(wanted, most)
    if now != resource.RLIM_INFINITY and now < wanted:
        resource.setrlimit(resource.RLIMIT_NOFILE, (wanted, most))
