"""Connections on which nobody says anything: how many there can be, and for how long."""

from __future__ import annotations

import asyncio
import logging
import time

import pytest
from tornado.httpserver import HTTPServer
from tornado.netutil import bind_sockets
from tornado.web import Application, RequestHandler

from playground.serving.protection import connections
from playground.serving.protection.connections import limit_connections, max_connections

SECONDS = 10.0


class Answer(RequestHandler):
    def get(self) -> None:
        self.write("here")


def test_silent_connections_keep_nobody_out_for_long(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    """There is a limit to them, which is one line of the log; each is closed after a while."""
    limit_connections()
    monkeypatch.setattr(connections, "MAX_CONNECTIONS", 3)
    monkeypatch.setattr(connections, "SILENT_SECONDS", 0.2)
    monkeypatch.setattr(connections, "_last_logged", [])

    async def ask(port: int, request: bytes) -> bytes:
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        try:
            writer.write(request)
            return await asyncio.wait_for(reader.read(), SECONDS)
        except ConnectionError:
            return b""
        finally:
            writer.close()

    async def visits() -> None:
        server = HTTPServer(Application([("/", Answer)]))
        (listening,) = bind_sockets(0, "127.0.0.1")
        server.add_sockets([listening])
        port = listening.getsockname()[1]
        whole = b"GET / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n"
        started = time.monotonic()
        silent = [
            asyncio.create_task(ask(port, begun))
            for begun in (
                b"",
                whole[:9],
                b"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 9\r\n\r\n1",
            )
        ]
        while len(server._connections) < 3:
            await asyncio.sleep(0.001)
        assert await ask(port, whole) == await ask(port, whole) == b""
        await asyncio.gather(*silent)
        assert time.monotonic() - started < SECONDS
        assert (await ask(port, whole)).endswith(b"here")
        server.stop()

    with caplog.at_level(logging.WARNING, "playground"):
        asyncio.run(visits())
    (record,) = caplog.records
    assert record.getMessage().startswith("connections refused")


def test_as_many_as_the_system_lets_files_be_opened(monkeypatch: pytest.MonkeyPatch) -> None:
    limits: list[tuple[int, int]] = [(256, 1000)]
    system = connections.resource
    monkeypatch.setattr(system, "getrlimit", lambda _kind: limits[-1])
    monkeypatch.setattr(system, "setrlimit", lambda _kind, limit: limits.append(limit))
    assert max_connections() == 156
    for now, most, wanted in ((256, 1000, 1000), (1024, 10**6, 5100), (-1, -1, -1)):
        limits[:] = [(now, most)]
        connections.open_more_files()
        assert limits[-1] == (wanted, most)
    assert max_connections() == 5000
