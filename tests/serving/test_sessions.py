"""Sessions of browsers on a real server, over a socket: lost, back, too many, and their end."""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Iterator
from functools import partial
from types import SimpleNamespace
from typing import Any
from urllib.error import HTTPError

import pytest
from bokeh.core.types import ID
from bokeh.document import Document
from bokeh.models import Div
from bokeh.server.session import ServerSession
from panel.io.resources import CDN_DIST
from tornado.ioloop import IOLoop

from playground.pages import server
from playground.pages.runs import autosave
from playground.runs import Autosaves, default_folder
from playground.runs.ids import new_id
from playground.serving import giving_way, sessions
from playground.serving.document_lock import call_at_once, call_locked
from playground.serving.session_limits import (
    FULL,
    FULL_FOR_PERSON,
    TOO_MANY_OF_PERSON,
    admit,
    training_refusal,
)
from playground.serving.sessions import BrowserSession, open_sessions
from playground.serving.settings import server_settings
from playground.serving.settings.server_settings import ServerSettings, use_server_settings
from playground.serving.workers import worker_group
from tests.support.servers.session_server import (
    end_sessions,
    no_page_is_left,
    page_of,
    pages_left,
    run,
    serve_app,
    serve_small,
    session_server,
)
from tests.support.servers.small_page import LOADED
from tests.support.servers.socket_client import SocketClient, get, wait_until
from tests.support.servers.ways_to_leave import (
    change_page,
    open_drawer,
    pause_and_close,
    vanish,
)
from tests.support.servers.worker_groups import two_workers

# Panel 1.9 warns of what Panel 2.0 will call otherwise.
pytestmark = pytest.mark.filterwarnings("ignore:Widget.name is deprecated")

PAUSE_SECONDS = 3.0
"""Seconds after the loss of the last connection in which training must pause."""


@pytest.fixture(autouse=True)
def frequent_checks(monkeypatch: pytest.MonkeyPatch) -> None:
    """Have sessions look more often whether their browsers are there, which all tests wait for."""
    monkeypatch.setattr(sessions, "CHECK_SECONDS", 0.1)


@pytest.fixture(autouse=True)
def unchanged_settings() -> Iterator[None]:
    before = [*server_settings._in_force]
    yield
    server_settings._in_force[:] = before


def session_of(client: SocketClient) -> BrowserSession:
    (found,) = (each for each in open_sessions() if each.id == client.session_id)
    return found


def saved_steps(tab: str) -> int | None:
    run = Autosaves(default_folder()).open(tab, "Gates")
    return None if run is None else run.summary.step


async def change_page_with_drawer_and_vanish(client: SocketClient) -> None:
    await open_drawer(client)
    await change_page(client)
    await client.vanish()


VISITS = (
    ("app", change_page_with_drawer_and_vanish),
    ("small", vanish),
    ("small", pause_and_close),
)
"""`benchmarks/sessions.py` tries more, each many times, and on all pages."""


def is_harmless(record: logging.LogRecord) -> bool:
    """Whether a record only says that a browser left while something was on its way to it."""
    message = record.getMessage()
    return "connection was closed" in message or "Stream is closed" in message


def test_nothing_is_left_of_a_session(
    caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    """However it ended; four sessions that had a page, and four that were only called.

    A page gives way to others at each of its models, when it is made and when it is sent.
    """
    monkeypatch.setattr(giving_way, "MAX_STEP_SECONDS", 0.0)
    monkeypatch.setattr(giving_way, "PAUSE_SECONDS", 0.0)
    steps = 0
    go_on = giving_way._Work.go_on

    def count(work: giving_way._Work) -> Any:
        nonlocal steps
        steps += 1
        return go_on(work)

    monkeypatch.setattr(giving_way._Work, "go_on", count)

    async def visits() -> None:
        nonlocal steps
        async with session_server({"app": serve_app, "small": serve_small}) as address:
            for app, leave in VISITS:
                steps = 0
                client = await SocketClient.open(address + app)
                assert client.model("pg-play"), "a page is made before its browser asks for it"
                await leave(client)
                models = client.models.values()
                shown = [each for each in models if "css_classes" in each]
                assert app != "app" or steps > len(models) + len(shown)
                await get(address + app)
                await end_sessions()
            client = await SocketClient.load(address + "small")
            await client.open_socket()
            await client.close()  # while its page is being made
            await end_sessions()
            # Embedded in another page, it is made when the browser has what it needs for it.
            client = await SocketClient.load(address + "small", embedded=True)
            await client.connect()
            assert client.model("pg-play") is None
            await wait_until(partial(client.model, "pg-play"))
            await client.close()
            await end_sessions()
            # What a ping does if nobody is there, while messages are still waiting.
            client = await SocketClient.open(address + "small")
            server_session = session_of(client)._server_session
            assert server_session is not None
            (connection,) = server_session._subscribed_connections
            connection._socket.application.client_lost(connection)
            await client.send_event("document_ready")
            await client.close()
            await end_sessions()
        await no_page_is_left()

    with caplog.at_level(logging.WARNING):
        run(visits())
    assert not [each.getMessage()[:500] for each in caplog.records if not is_harmless(each)]


def test_training_pauses_while_nobody_is_there(monkeypatch: pytest.MonkeyPatch) -> None:
    """And the work is saved, and goes on with the connection."""
    monkeypatch.setattr(autosave, "PERIOD", 600_000)
    tab = new_id()

    async def visit() -> None:
        async with session_server(serve_small) as address:
            client = await SocketClient.open(address)
            await client.say_tab(tab)
            await client.train()
            page = await page_of(session_of(client))
            page.heartbeat.pace = None  # At a pace it would wait for the browser anyway.
            assert saved_steps(tab) is None
            lost_at = time.perf_counter()
            await client.vanish()
            (session,) = open_sessions()
            await wait_until(lambda: session.was_connected and not session.is_connected)
            await wait_until(lambda: saved_steps(tab) is not None)
            assert time.perf_counter() - lost_at < PAUSE_SECONDS
            assert page.heartbeat.running
            steps = page.trainer.step_count
            assert saved_steps(tab) == steps
            await asyncio.sleep(0.3)
            assert page.trainer.step_count == steps
            frames = client.frames
            await client.connect()
            await wait_until(lambda: page.trainer.step_count > steps and client.frames > frames)
            await client.click("pg-play")
            await wait_until(lambda: not page.heartbeat.running)
            await client.vanish()
            await wait_until(lambda: not session.is_connected)
            await client.connect()
            await wait_until(lambda: session.is_connected)
            assert not page.heartbeat.running
            await client.close()

    run(visit())


def test_a_session_that_has_expired_is_restored(monkeypatch: pytest.MonkeyPatch) -> None:
    """By the reconnection of its browser, which the token of the page still allows.

    The browser does not say a second time that it is ready, and gets the whole page all the same.
    """
    monkeypatch.setattr(server, "LOAD_TIMEOUT", 0.1)
    use_server_settings(ServerSettings(lost_session_seconds=1))
    tab = new_id()

    async def visit() -> None:
        async with session_server(serve_small) as address:
            client = await SocketClient.open(address)
            await client.say_tab(tab)
            await client.train()
            await client.vanish()
            await wait_until(lambda: not open_sessions())
            steps = saved_steps(tab)
            assert steps
            await client.connect()
            await client.say_tab(tab)
            page = await page_of(session_of(client))
            await wait_until(lambda: page.trainer.step_count == steps)
            await wait_until(lambda: "restored from the last autosave" in client.text)
            await wait_until(lambda: client.model("pg-steps") and LOADED in client.text)
            assert CDN_DIST not in str(client.models)
            assert not page.heartbeat.running
            await client.close()

    run(visit())
    assert not pages_left()


def test_a_browser_that_stops_reading_costs_no_memory(monkeypatch: pytest.MonkeyPatch) -> None:
    """Its frames are skipped, and after a while its training pauses."""
    monkeypatch.setattr(sessions, "STALLED_SECONDS", 0.5)

    async def visit() -> None:
        async with session_server(serve_small) as address:
            client = await SocketClient.open(address)
            client.acknowledges = False
            await client.train()
            page = await page_of(session_of(client))
            (session,) = open_sessions()
            server_session = session._server_session
            assert server_session is not None
            (connection,) = server_session._subscribed_connections
            stream = connection._socket.ws_connection.stream
            client.stop_reading()
            # Much more than fits into the buffers of the system.
            stream.write(bytes(20_000_000)).add_done_callback(lambda done: done.exception())
            await wait_until(lambda: session.is_congested)
            size, tick = len(stream._write_buffer), page.back_pressure.tick
            await wait_until(lambda: not session.is_connected)
            assert page.back_pressure.tick <= tick + 1
            assert len(stream._write_buffer) < size + 200_000
            steps = page.trainer.step_count
            await asyncio.sleep(0.2)
            assert page.trainer.step_count == steps
            await client.vanish()

    run(visit())


def test_there_is_a_limit_to_sessions() -> None:
    """One whose browser has gone makes room; nothing is built for one too many."""
    use_server_settings(ServerSettings(max_sessions=1))

    async def visits() -> None:
        async with session_server(serve_small) as address:
            second = await SocketClient.load(address)
            first = await SocketClient.open(address)
            await wait_until(lambda: first.model("pg-play"))
            await wait_until(lambda: session_of(first).is_connected)
            assert second.model("pg-play") is None
            await second.connect()
            await wait_until(lambda: "no room at present" in second.text)
            assert len(pages_left()) == 1
            with pytest.raises(HTTPError, match="503"):
                await get(address)
            await second.close()
            await first.close()
            await wait_until(lambda: not any(each.is_connected for each in open_sessions()))
            third = await SocketClient.open(address)
            await wait_until(lambda: third.model("pg-play"))
            await wait_until(lambda: sum(each.is_admitted for each in open_sessions()) == 1)
            await third.close()

    run(visits())


def test_there_is_a_limit_to_training() -> None:
    use_server_settings(ServerSettings(max_training_sessions=1))

    async def visits() -> None:
        async with session_server(serve_small) as address:
            first, second = [await SocketClient.open(address) for _ in range(2)]
            await first.train()
            await second.send_data("BackPressure", 0)
            await second.click("pg-play")
            await wait_until(lambda: "trains as many networks as its operator" in second.text)
            assert sum(each.is_training for each in open_sessions()) == 1
            await first.vanish()
            await wait_until(lambda: not any(each.is_training for each in open_sessions()))
            await second.click("pg-play")
            await wait_until(lambda: any(each.is_training for each in open_sessions()))
            await first.connect()
            await wait_until(lambda: "trains as many networks as its operator" in first.text)
            await first.close()
            await second.close()

    run(visits())


def test_one_person_does_not_take_the_room_of_all(monkeypatch: pytest.MonkeyPatch) -> None:
    """Who has too many pages loses their own whose browser has gone, and nobody else's."""
    use_server_settings(
        ServerSettings(
            max_sessions=4, max_sessions_per_person=2, max_training_sessions_per_person=1
        )
    )
    loop: Any = SimpleNamespace(
        time=lambda: 0.0,
        call_later=lambda *_call, **_options: SimpleNamespace(
            when=lambda: 0.0, cancel=lambda: None
        ),
    )
    documents = [Document() for _ in range(6)]
    for number, document in enumerate(documents):
        document._session_context = partial(SimpleNamespace, id=str(number), session=None)  # type: ignore[assignment]
    ada, more, surplus, grace, local, other = (BrowserSession(each, loop) for each in documents)
    for each in (ada, more, surplus, grace, local, other):
        each.is_connected = True
        each.expire = partial(setattr, each, "_is_expiring", True)  # type: ignore[method-assign]
    assert [admit(each, "ada") for each in (ada, more, surplus)] == ["", "", FULL_FOR_PERSON]
    assert [admit(each, "") for each in (local, other)] == ["", ""]
    assert admit(grace, "grace") == FULL
    more.is_connected = False
    assert admit(surplus, "ada") == ""
    assert more.is_leaving
    assert admit(grace, "grace") == FULL

    for each in (ada, local, other):
        each.set_training(each, trains=True)
    assert [training_refusal(each) for each in (ada, more, local)] == ["", TOO_MANY_OF_PERSON, ""]
    # What another worker reports counts as well.
    surplus._is_expiring = True
    assert admit(grace, "grace") == ""
    with two_workers([]) as (here, elsewhere):
        monkeypatch.setattr(worker_group, "_current", [here])
        elsewhere.report(3, 0, [("grace", True), ("", False)])
        assert training_refusal(grace) == TOO_MANY_OF_PERSON
        assert admit(grace, "grace") == FULL_FOR_PERSON
        other._is_expiring = True
        elsewhere.report(1, 0, [("", False)])
        assert (training_refusal(grace), admit(grace, "grace")) == ("", FULL)
        elsewhere.report(0, 0, [])
        assert admit(grace, "grace") == ""
    for each in (ada, more, surplus, grace, local, other):
        each._end()


@pytest.mark.parametrize(("delays", "is_slowed"), [([5.0], False), ([5.0] * 3, True), ([], False)])
def test_a_server_is_busy_if_it_is_late_again_and_again(
    delays: list[float], is_slowed: bool
) -> None:
    """A single delay, as of a page that is being made, does not count."""
    document, clock = Document(), SimpleNamespace(now=0.0)
    document._session_context = lambda: SimpleNamespace(id="session", session=None)  # type: ignore[assignment, return-value]

    def call_later(seconds: float, *_call: object, context: object) -> object:
        due = clock.now + seconds
        return SimpleNamespace(when=lambda: due, cancel=lambda: None)

    loop: Any = SimpleNamespace(time=lambda: clock.now, call_later=call_later)
    session = BrowserSession(document, loop)
    for delay in delays:
        clock.now = session._timer.when() + delay
        session._check()
    assert session.is_slowed == is_slowed
    session._end()


def test_an_address_that_is_only_called_costs_little() -> None:
    """No page is built, the oldest sessions go when there are many, and all of them soon."""
    use_server_settings(ServerSettings(max_unconnected_sessions=3, unconnected_session_seconds=1))

    async def calls() -> None:
        async with session_server() as address:
            for _ in range(6):
                assert "Playground" in await get(address)
            await wait_until(lambda: len(open_sessions()) <= 3)
            assert not pages_left()
            await wait_until(lambda: not open_sessions())

    run(calls())


def test_a_jump_of_the_clock_changes_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    """Neither pace, nor autosave, nor the end of a session; to the past, and to the future."""
    monkeypatch.setattr(autosave, "PERIOD", 200)
    use_server_settings(ServerSettings(lost_session_seconds=2))
    clock, tab = time.time, new_id()

    async def jump(client: SocketClient, page: Any, seconds: float) -> None:
        monkeypatch.setattr(time, "time", lambda: clock() + seconds)
        saved, frames = saved_steps(tab), client.frames
        began, epoch = time.perf_counter(), page.trainer.epoch
        await wait_until(lambda: saved_steps(tab) != saved and client.frames > frames + 10)
        await asyncio.sleep(0.5)
        epochs, passed = page.trainer.epoch - epoch, time.perf_counter() - began
        assert 0 < epochs < 1.5 * page.heartbeat.pace * passed

    async def visit() -> None:
        async with session_server(serve_small) as address:
            client = await SocketClient.open(address)
            await client.say_tab(tab)
            await client.train()
            page = await page_of(session_of(client))
            await wait_until(lambda: saved_steps(tab))
            await jump(client, page, -3600.0)
            await client.vanish()
            await client.connect()
            await jump(client, page, 3600.0)
            await client.vanish()
            await wait_until(lambda: not open_sessions())

    run(visit())


def fail(*_arguments: object, **_settings: object) -> Any:
    raise RuntimeError("this part is broken")


def test_an_exception_is_shown_to_whom_it_concerns() -> None:
    """A part that can't be drawn does not keep the network from learning; others see nothing.

    Its own words, which may tell of the server's files, are for the owner of the machine alone.
    """

    async def visits() -> None:
        async with session_server(serve_small) as address:
            other, owner, visitor = [await SocketClient.open(address) for _ in range(3)]
            for client in (other, owner, visitor):
                await client.train()
            page, foreign = [await page_of(session_of(each)) for each in (owner, visitor)]

            use_server_settings(ServerSettings(separate_people="auto"))
            page.steps.update = fail
            await wait_until(lambda: "this part is broken" in owner.text)
            steps = page.trainer.step_count
            await wait_until(lambda: page.trainer.step_count > steps)
            assert page.heartbeat.running
            page.trainer.advance = fail
            await wait_until(lambda: "Training stopped: this part is broken" in owner.text)
            assert not page.heartbeat.running
            assert "which its log knows" not in owner.text

            use_server_settings(ServerSettings(separate_people="yes"))
            foreign.trainer.advance = fail
            await wait_until(lambda: f"its log knows as {visitor.session_id[:8]}" in visitor.text)
            assert not foreign.heartbeat.running
            assert "this part is broken" not in visitor.text

            frames = other.frames
            await wait_until(lambda: other.frames > frames + 2)
            for words in ("this part is broken", "its log knows"):
                assert words not in other.text
            for client in (other, owner, visitor):
                await client.close()

    run(visits())


class SlowConnection:
    """A connection that takes a moment for each change, and notes what there is to be seen."""

    def __init__(self, seen: list[str]) -> None:
        self._seen = seen

    async def send_patch_document(self, event: Any) -> None:
        """Note the new text."""
        await asyncio.sleep(0)
        self._seen.append(event.new)


def test_a_call_is_made_at_once_where_nobody_holds_the_lock() -> None:
    async def calls() -> None:
        document, text, seen = Document(), Div(), list[str]()
        document.add_root(text)
        session = ServerSession(ID("one"), document, io_loop=IOLoop.current())
        session._subscribed_connections.add(SlowConnection(seen))  # type: ignore[arg-type]
        write = [partial(setattr, text, "text", each) for each in ("first", "second", "third")]
        assert call_at_once(session, write[0])
        assert text.text == "first"
        assert not call_at_once(session, write[1]), "what was changed is being sent"
        await call_locked(session, write[1])
        assert seen == ["first", "second"]
        async with asyncio.timeout(60):
            while not call_at_once(session, lambda: None):
                await asyncio.sleep(0)
        with pytest.raises(ZeroDivisionError):
            call_at_once(session, lambda: 1 / 0)  # type: ignore[arg-type, return-value]
        assert call_at_once(session, write[2]), "the lock is free again"
        session.destroy()
        assert not call_at_once(session, write[0])

    run(calls())
