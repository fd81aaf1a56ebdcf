"""Pages that are made in advance: each for one visitor, whoever that is, at no cost meanwhile."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from http.cookies import SimpleCookie
from math import inf
from pathlib import Path
from typing import Any

import panel as pn
import pytest
from bokeh.application import Application
from bokeh.server.contexts import ApplicationContext
from bokeh.server.session import ServerSession
from bokeh.util.token import get_token_payload
from panel.io.state import set_curdoc
from tornado.httpclient import AsyncHTTPClient, HTTPClientError

from playground.pages.runs.person_files import person_files
from playground.serving import prepared_pages as module
from playground.serving.current_session import is_prepared
from playground.serving.identity.browser_cookie import COOKIE
from playground.serving.identity.person import current_person
from playground.serving.prepared_pages import Address, prepared_pages
from playground.serving.process.server_metrics import servers, session_count
from playground.serving.session_limits import FULL
from playground.serving.sessions import open_sessions
from playground.serving.settings.server_settings import server_settings
from tests.support.in_new_thread import in_new_thread
from tests.support.servers.session_server import (
    MakeDocument,
    no_page_is_left,
    serve_small,
    session_server,
)
from tests.support.servers.socket_client import SocketClient, get, wait_until
from tests.support.servers.visitor import Visitor

# Panel 1.9 warns of what Panel 2.0 will call otherwise.
pytestmark = pytest.mark.filterwarnings("ignore:Widget.name is deprecated")

LINK = "?stop_epoch=20"


@pytest.fixture(autouse=True)
def prepare_at_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Prepare pages as soon as somebody has opened one, however busy the machine is."""
    monkeypatch.setenv("PLAYGROUND_RUNS", str(tmp_path))
    monkeypatch.setattr(server_settings(), "separate_people", "yes")
    monkeypatch.setattr(module, "LATE_SECONDS", inf)
    monkeypatch.setattr(module, "QUIET_SECONDS", 0.0)
    monkeypatch.setattr(module, "PAUSE_SECONDS", 0.001)


def all_sessions(client: SocketClient) -> dict[str, ServerSession]:
    """The sessions of a client's server by id, those that are prepared included."""
    contexts = [each for server in servers for each in server.applications.values()]
    by_context = [{session.id: session for session in each.sessions} for each in contexts]
    (found,) = (each for each in by_context if client.session_id in each)
    return found


def addresses(client: SocketClient) -> set[str]:
    """The addresses of the style sheets of a client's page."""
    return {each["url"] for each in client.models.values() if "url" in each}


def run(test: Callable[[], Any]) -> None:
    in_new_thread(lambda: asyncio.run(test()))


def test_nobody_gets_the_page_of_somebody_else() -> None:
    of_other_tests = session_count()

    async def visits() -> None:
        async with session_server(serve_small, prepared=2) as address:
            jars = [SimpleCookie() for _ in range(4)]
            for jar in jars:  # The cookie comes with the first page.
                await Visitor.load_with(address, jar)
            first = await Visitor.visit(address, jars[0], LINK)
            await wait_until(lambda: len(prepared_pages) == 2)
            waiting = {
                id: each for id, each in all_sessions(first).items() if is_prepared(each.document)
            }

            # What waits is no visitor's, and nothing is called for it.
            assert len(waiting) == 2
            assert len(open_sessions()) == len(all_sessions(first)) - 2
            assert session_count() - of_other_tests == len(open_sessions())
            assert not any(each.document.session_callbacks for each in waiting.values())

            second, third = await asyncio.gather(
                *(Visitor.visit(address, jar, LINK) for jar in jars[1:3])
            )
            other = await Visitor.visit(address, jars[3], LINK + "&hidden=3")
            visitors = [first, second, third, other]
            assert {second.session_id, third.session_id} == set(waiting)
            assert len({each.session_id for each in visitors}) == 4
            assert addresses(second) == addresses(third) == addresses(first)

            folders = set()
            for jar, visitor in zip(jars, visitors, strict=True):
                document = all_sessions(visitor)[visitor.session_id].document
                context: Any = document.session_context
                payload = {*get_token_payload(visitor.token)}
                assert payload == {"arguments", "app_path", "session_expiry"}
                id_in_cookie = slice(4, 5)  # Before it stands when it was signed, behind it how.
                assert (
                    context.request.cookies[COOKIE].split("|")[id_in_cookie]
                    == (jar[COOKIE].value.split("|")[id_in_cookie])
                )
                assert document.session_callbacks
                with set_curdoc(document):
                    folders.add(person_files().runs)
            assert len(folders) == 4

            # Nobody else can connect to it, and it trains.
            thief = Visitor(address, second.token)
            thief.headers = first.headers
            with pytest.raises(HTTPClientError, match="403"):
                await thief.connect()
            await second.train()
            for each in visitors:
                await each.close()

    run(visits)


def test_limits_hold_for_prepared_pages(monkeypatch: pytest.MonkeyPatch) -> None:
    """Who only calls an address gets no more than is there; who is too many gets no page.

    Nothing is left of either, or of what nobody came for.
    """
    monkeypatch.setattr(server_settings(), "unconnected_session_seconds", 1)

    async def visits() -> None:
        async with session_server(serve_small, prepared=2) as address:
            first = await SocketClient.open(address)
            await wait_until(lambda: len(prepared_pages) == 2)
            body = AsyncHTTPClient().fetch(
                address,
                body=b"hidden=3",
                allow_nonstandard_methods=True,
                headers={"Content-Type": "application/x-www-form-urlencoded"},
            )
            await asyncio.gather(body, get(address), get(address + "?hidden=3"))
            assert len(prepared_pages) == 1
            await wait_until(lambda: len(all_sessions(first)) == 2)
            assert len(prepared_pages) == len(open_sessions()) == 1

            loaded = await SocketClient.load(address)
            monkeypatch.setattr(server_settings(), "max_sessions", 1)
            await loaded.connect()
            assert FULL in loaded.text
            assert not loaded.model("pg-play")
            await first.close()
            await loaded.close()
        await no_page_is_left()

    run(visits)


def test_what_depends_on_its_visitor_is_not_prepared() -> None:
    def serve_after(read: Callable[[], object]) -> MakeDocument:
        def serve() -> None:
            read()
            serve_small()

        return serve

    asking: dict[str, MakeDocument] = {
        "/cookies": serve_after(lambda: pn.state.cookies),
        "/headers": serve_after(lambda: pn.state.headers.get("User-Agent")),
        "/person": serve_after(current_person),
    }

    of_other_tests = session_count()

    async def visits() -> None:
        async with session_server(asking, prepared=2) as address:
            for path in asking:
                client = await SocketClient.open(address.rstrip("/") + path)
                assert client.model("pg-play")
                await wait_until(lambda: not prepared_pages.is_filling)
                assert not prepared_pages
                await client.close()
            assert session_count() - of_other_tests == len(asking)

    run(visits)


@pytest.mark.parametrize(("autoreload", "number"), [(True, 2), (False, 0)])
def test_nothing_is_prepared_where_it_is_not_wanted(
    autoreload: bool, number: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """By the setting, and where code may change meanwhile: no loop runs here that could."""
    monkeypatch.setattr(pn.config, "autoreload", autoreload)
    monkeypatch.setattr(server_settings(), "prepared_pages", number)
    prepared_pages.prepare(Address(ApplicationContext(Application()), "/", ""))
    assert not prepared_pages.is_filling
