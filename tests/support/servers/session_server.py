"""A server in the test's own process, whose sessions and their objects can be looked at."""

from __future__ import annotations

import asyncio
import gc
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager
from typing import Any
from weakref import WeakSet

import panel as pn
from panel.io.server import Server, get_server

from playground.pages.app import App
from playground.pages.page import Page
from playground.pages.server import serve
from playground.serving.heartbeat import Heartbeat
from playground.serving.prepared_pages import prepared_pages
from playground.serving.sessions import BrowserSession, open_sessions
from playground.serving.settings.server_settings import server_settings
from tests.support.servers.small_page import SmallPage
from tests.support.servers.socket_client import wait_until

MakeDocument = Callable[[], Any]
"""Makes the document of a session."""


def serve_app() -> None:
    """Serve all pages, as `playground serve` does."""
    serve(App, "Playground")


def serve_small() -> None:
    """Serve a small page, which is built in a fraction of the time."""
    serve(SmallPage, "Small")


@asynccontextmanager
async def session_server(
    app: MakeDocument | Mapping[str, MakeDocument] = serve_app, *, prepared: int = 0
) -> AsyncIterator[str]:
    """Serve an app, or some by path, on the running loop; in the end all sessions are gone.

    Yields the address, with a final slash. So many pages are prepared.
    """
    server_settings().prepared_pages = prepared
    pn.extension("filedropper")
    _pages_of_other_tests.update(all_pages())
    server: Server = get_server(
        app if callable(app) else dict(app), port=0, start=False, location=False
    )
    server.start()
    try:
        yield f"http://localhost:{server.port}/"
    finally:
        prepared_pages.stop()
        await end_sessions()
        server.stop()


async def end_sessions() -> None:
    """Discard all sessions that nobody is connected to, and wait for it."""
    await wait_until(lambda: all(_connections(each) == 0 for each in open_sessions()))
    for each in open_sessions():
        each.expire()
    await wait_until(lambda: not open_sessions())


_pages_of_other_tests: WeakSet[Page[Any, Any]] = WeakSet()


def pages_left() -> list[Page[Any, Any]]:
    """Return the pages of the newest server that are still in memory, garbage aside."""
    return [each for each in all_pages() if each not in _pages_of_other_tests]


async def no_page_is_left() -> None:
    """Wait until no page is in memory; Panel's own tasks of a session end a moment after it.

    It is not looked all the time, since going through the memory takes long.
    """
    for _ in range(20):
        if not pages_left():
            return
        await asyncio.sleep(0.5)
    raise AssertionError(f"still in memory: {pages_left()}")


def all_pages() -> list[Page[Any, Any]]:
    """Return all pages that are still in memory, garbage aside."""
    gc.collect()
    kinds = {Page, *_subclasses(Page)}
    # What is an instance only by what it says of its class may warn when it is asked.
    return [each for each in gc.get_objects() if type(each) in kinds]


def _subclasses(kind: type) -> set[type]:
    return {each for sub in kind.__subclasses__() for each in (sub, *_subclasses(sub))}


async def page_of(session: BrowserSession) -> Any:
    """Return the page of a session, once it is there."""
    await wait_until(lambda: _heartbeats(session))
    return _heartbeats(session)[-1]._show.__self__


def _heartbeats(session: BrowserSession) -> list[Any]:
    owners = [getattr(each, "__self__", None) for each in session.on_end]
    return [each for each in owners if isinstance(each, Heartbeat)]


def _connections(session: BrowserSession) -> int:
    """Return how many browsers are connected, or wait for the page to be made."""
    server_session = session._server_session
    connected = 0 if server_session is None else server_session.connection_count
    return connected + session._waiting_browsers


def run(test: Any) -> None:
    """Run a test that is a coroutine."""
    asyncio.run(test)
