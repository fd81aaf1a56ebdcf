"""Which worker answers a request, with two workers in one process."""

from __future__ import annotations

import asyncio
import copy
from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

import pytest
from bokeh.core.types import ID
from bokeh.util.token import generate_jwt_token
from tornado.httpserver import HTTPServer
from tornado.httputil import HTTPMessageDelegate, HTTPServerRequest
from tornado.netutil import bind_sockets
from tornado.web import Application, RequestHandler

from playground.serving.workers import hand_over, worker_group
from playground.serving.workers.hand_over import HandOver, begin_hand_over
from playground.serving.workers.worker_group import WorkerGroup
from tests.support.servers.worker_groups import two_workers

OF_SECOND = generate_jwt_token(ID("session"), extra_payload={"worker": 1})


class Answer(RequestHandler):
    """Says which worker answers, and what was asked."""

    def get(self) -> None:
        self.write(f"{self.settings['worker']} {self.request.uri} {self.request.headers['X-Who']}")


class Worker(Application):
    """A worker that hands over the requests for `/`, and those for `/of-1` to the second."""

    def __init__(self, group: WorkerGroup) -> None:
        super().__init__([("/.*", Answer)], worker=group.index)
        self.group = group
        self.server = HTTPServer(self)
        self.hand_over = HandOver(self.group, self.server)
        self.hand_over.begin()
        self.asked: list[HTTPServerRequest] = []

    def find_handler(self, request: HTTPServerRequest, **kwargs: Any) -> Any:
        token = OF_SECOND if request.path == "/of-1" else ""
        if request.path != "/file" and self.hand_over.pass_on(request, token):
            return HTTPMessageDelegate()
        self.asked.append(request)
        return super().find_handler(request, **kwargs)


async def ask(port: int, *paths: str, body: str = "") -> list[str]:
    """Ask for one path after another on the same connection, and return the answers."""
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    answers = []
    for path in paths:
        length = f"Content-Length: {len(body)}\r\n" if body else ""
        writer.write(f"GET {path} HTTP/1.1\r\nHost: x\r\nX-Who: é\r\n{length}\r\n{body}".encode())
        head = (await reader.readuntil(b"\r\n\r\n")).decode()
        size = int(head.partition("Content-Length: ")[2].split()[0])
        answers.append((await reader.readexactly(size)).decode())
    writer.close()
    return answers


def in_two_workers(visit: Callable[[Worker, Worker, int], Any]) -> None:
    """Have two workers, of which only the first takes connections, and visit them."""

    async def serve() -> None:
        first, second = map(Worker, groups)
        first.server.add_sockets(sockets)
        await asyncio.wait_for(visit(first, second, first.group.port), 20)
        first.server.stop()

    sockets = bind_sockets(0, "127.0.0.1")
    with two_workers(sockets) as groups:
        asyncio.run(serve())


def test_pages_go_to_the_worker_that_has_the_fewest() -> None:
    async def visit(first: Worker, second: Worker, port: int) -> None:
        answers = await asyncio.gather(*(ask(port, "/") for _ in range(10)))
        assert sorted(each[0] for each in answers) == [*("0 / Ã©",) * 5, *("1 / Ã©",) * 5]
        for request in second.asked:
            second.hand_over.note_session(request)
        while second.group._reports[1].coming:  # It reports that soon.
            await asyncio.sleep(0.001)
        assert [await ask(port, "/") for _ in range(3)] == [["1 / Ã©"]] * 3

    in_two_workers(visit)


def test_a_connection_goes_on_in_the_worker_that_it_was_handed_to() -> None:
    async def visit(first: Worker, second: Worker, port: int) -> None:
        answers = await ask(port, "/file", "/of-1", "/file", "/of-1")
        assert [each[0] for each in answers] == ["0", "1", "1", "1"]
        assert not first.server._connections
        # What is still to be read would be lost on the way.
        assert await ask(port, "/of-1", body="more") == ["0 /of-1 Ã©"]

    in_two_workers(visit)


def test_a_worker_that_hangs_gets_nothing_and_one_started_anew_loses_nothing(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    moved = asyncio.Event()
    session = SimpleNamespace(
        id="session", is_in_use=True, is_admitted=False, end_when_lost=moved.set
    )

    async def visit(first: Worker, second: Worker, port: int) -> None:
        monkeypatch.setattr(hand_over, "open_sessions", lambda: (session,))
        monkeypatch.setattr(WorkerGroup, "is_serving", lambda group, worker: worker == 0)
        assert await ask(port, "/of-1") == ["0 /of-1 Ã©"]
        await asyncio.wait_for(moved.wait(), 10)
        monkeypatch.undo()
        # A message for the second worker, which ends before it reads it.
        asyncio.get_running_loop().remove_reader(second.group.mailbox)
        waiting = asyncio.create_task(ask(port, "/of-1"))
        while not second.group._reports[1].coming:
            await asyncio.sleep(0.001)
        copy.copy(second.group).become(1)
        assert await waiting == ["0 /of-1 Ã©"]

    in_two_workers(visit)


def test_what_can_not_be_sent_is_answered_here(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_args: object) -> None:
        raise BlockingIOError

    async def visit(first: Worker, second: Worker, port: int) -> None:
        monkeypatch.setattr(worker_group.socket, "send_fds", refuse)
        assert await ask(port, "/of-1") == ["0 /of-1 Ã©"]

    in_two_workers(visit)


def test_no_connection_is_taken_before_all_workers_have_started(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Or who comes back after a restart would come to the first one."""
    monkeypatch.setattr(hand_over, "_current", [])

    async def serve() -> None:
        server = HTTPServer(Application([("/.*", Answer)], worker=0))
        begin_hand_over(first, server)
        asking = asyncio.create_task(ask(first.port, "/file"))
        await asyncio.sleep(0.1)
        assert not asking.done()
        second.report(0, 0, [])
        assert await asyncio.wait_for(asking, 20) == ["0 /file Ã©"]
        server.stop()

    with two_workers(bind_sockets(0, "127.0.0.1")) as (first, second):
        asyncio.run(serve())
