"""Whose session it is: of the person at the machine, of who is signed in, or of a browser."""

from __future__ import annotations

import asyncio
import json
import re
import tempfile
from collections.abc import Awaitable, Callable
from http.cookies import SimpleCookie
from pathlib import Path
from typing import Any, TypeVar
from unittest.mock import Mock
from urllib.parse import urlencode

import panel as pn
import pytest
from bokeh.server.server import Server
from bokeh.util.token import get_token_payload
from hypothesis import given
from hypothesis import strategies as st
from panel.io.server import get_server
from panel.io.state import set_curdoc
from tornado.httpclient import AsyncHTTPClient, HTTPClientError, HTTPRequest
from tornado.httputil import HTTPHeaders, HTTPServerRequest
from tornado.ioloop import IOLoop
from tornado.web import create_signed_value
from tornado.websocket import websocket_connect

from playground.pages.runs.person_files import PersonFiles, person_files, prepare_people
from playground.runs import default_folder
from playground.serving.identity import browser_cookie, page_owner, person
from playground.serving.identity.browser_cookie import COOKIE
from playground.serving.identity.cookie_secret import FILE_NAME, cookie_secret
from playground.serving.identity.person import is_local
from playground.serving.settings.server_settings import server_settings
from playground.training.images.corrections.storage import default_path

T = TypeVar("T")
TOKEN = re.compile(r'"token":\s*"([^"]+)"')
LOCAL = frozenset({"localhost:5006"})


@pytest.fixture(autouse=True)
def data_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder for all files, a new secret, and no state of other servers."""
    monkeypatch.setenv("PLAYGROUND_RUNS", str(tmp_path))
    monkeypatch.setattr(person, "_origins", [])
    monkeypatch.setattr(pn.config, "_cookie_secret", "panel's own")
    cookie_secret.cache_clear()
    return tmp_path


@pytest.fixture
def separate(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(server_settings(), "separate_people", "yes")


class Browser:
    """Something that opens a page and keeps cookies."""

    def __init__(self, server: Server, **headers: str) -> None:
        self.address, self.headers = f"http://localhost:{server.port}/", headers
        self.cookies: SimpleCookie = SimpleCookie()
        self.page = ""

    async def open(self) -> PersonFiles:
        """Open the page, and return whose files it uses."""
        sent = {"Cookie": "; ".join(f"{each.key}={each.value}" for each in self.cookies.values())}
        request = HTTPRequest(self.address, headers={**self.headers, **sent})
        answer = await AsyncHTTPClient().fetch(request)
        for line in answer.headers.get_list("Set-Cookie"):
            self.cookies.load(line)
        self.page = answer.body.decode()
        return opened[-1]

    async def sign_in(self, name: str, password: str) -> int:
        """Send the form of Panel's page to sign in, and return the status of the answer."""
        request = HTTPRequest(
            f"{self.address}login",
            method="POST",
            body=urlencode({"username": name, "password": password}),
            follow_redirects=False,
        )
        answer = await AsyncHTTPClient().fetch(request, raise_error=False)
        for line in answer.headers.get_list("Set-Cookie"):
            self.cookies.load(line)
        return answer.code

    async def connect(self, **cookies: str) -> PersonFiles:
        """Connect the opened page, and return whose files it uses from then on."""
        found = TOKEN.search(self.page)
        assert found is not None
        sent = {"Cookie": "; ".join(f"{name}={value}" for name, value in cookies.items())}
        address = self.address.replace("http", "ws") + "ws"
        socket = await websocket_connect(
            HTTPRequest(address, headers=sent), subprotocols=["bokeh", found[1]]
        )
        if await socket.read_message() is None:
            socket.close()
            raise ConnectionError(socket.close_reason)
        document = documents[-1]
        with set_curdoc(document):
            files = person_files()
        socket.close()
        while await socket.read_message() is not None:
            pass
        return files

    @property
    def token(self) -> dict[str, Any]:
        """What the page itself, and so any script in it, can read of its session."""
        found = TOKEN.search(self.page)
        assert found is not None
        return dict(get_token_payload(found[1]))


opened: list[PersonFiles] = []
documents: list[Any] = []


def page() -> pn.pane.Str:
    prepare_people()
    opened.append(person_files())
    documents.append(pn.state.curdoc)
    return pn.pane.Str("a page")


def with_server(visit: Callable[[Server], Awaitable[T]], **options: object) -> T:
    """Run a server, and visit it."""

    async def main() -> T:
        server = get_server(page, loop=IOLoop.current(), **options)
        server.start()
        try:
            return await visit(server)
        finally:
            server.stop()
            opened.clear()
            documents.clear()

    return asyncio.run(main())


def test_the_person_at_the_machine_has_the_files_of_today(data_folder: Path) -> None:
    async def visit(server: Server) -> tuple[PersonFiles, Browser]:
        browser = Browser(server)
        return await browser.open(), browser

    files, browser = with_server(visit)
    assert files == PersonFiles(default_folder(), default_path())
    assert not browser.cookies
    assert list(data_folder.iterdir()) == []
    assert person_files() == files, "and so has a notebook"


@pytest.mark.usefixtures("separate")
def test_each_browser_has_a_person_of_its_own(data_folder: Path) -> None:
    async def visit(server: Server) -> list[Path]:
        one, other = Browser(server), Browser(server)
        return [(await each.open()).runs for each in (one, other, one, other, one)]

    first, second, *again = with_server(visit)
    assert first != second
    assert again == [first, second, first]
    assert {first.parents[1], second.parents[1]} == {data_folder / "people"}


@pytest.mark.usefixtures("separate")
def test_the_cookie_is_signed_and_out_of_the_reach_of_scripts(data_folder: Path) -> None:
    async def visit(server: Server) -> tuple[Browser, list[Path]]:
        browser, forger = Browser(server), Browser(server)
        folders = [(await browser.open()).runs]
        id = browser.cookies[COOKIE].value.split("|")[4].split(":")[1]
        forger.cookies[COOKIE] = create_signed_value("a guess", COOKIE, id).decode()
        folders.append((await forger.open()).runs)
        folders.append((await browser.open()).runs)
        return browser, folders

    browser, (own, forged, again) = with_server(visit)
    morsel = browser.cookies[COOKIE]
    assert morsel["httponly"]
    assert morsel["samesite"] == "Lax"
    assert own == again != forged
    assert morsel.value not in json.dumps(browser.token)
    secret = data_folder / FILE_NAME
    assert secret.stat().st_mode & 0o077 == 0
    assert own.parent.name not in morsel.value


@pytest.mark.usefixtures("separate")
def test_who_is_signed_in_is_the_same_person_on_each_device() -> None:
    async def visit(server: Server) -> list[Path]:
        folders = []
        for name in ("ada", "ada", "grace", "guest", "guest"):
            browser = Browser(server)
            browser.cookies["user"] = create_signed_value("panel's own", "user", name).decode()
            folders.append((await browser.open()).runs)
        return folders

    ada, ada_again, grace, one_guest, other_guest = with_server(visit)
    assert ada == ada_again
    assert len({ada, grace, one_guest, other_guest}) == 4
    assert "ada" not in str(ada.parent.name)


def test_who_is_signed_in_has_own_files_at_the_machine_itself_too() -> None:
    async def visit(server: Server) -> PersonFiles:
        browser = Browser(server)
        browser.cookies["user"] = create_signed_value("panel's own", "user", "ada").decode()
        return await browser.open()

    assert with_server(visit).quota is not None


def test_people_sign_in_with_name_and_password() -> None:
    async def visit(server: Server) -> list[Path]:
        folders, users = [], []
        for name, password in (("ada", "a"), ("ada", "a"), ("grace", "g")):
            browser = Browser(server)
            assert await browser.sign_in(name, password) == 302
            folders.append((await browser.open()).runs)
            users.append(browser.cookies["user"].value)
        await browser.connect(user=users[2])
        for cookies in ({}, {"user": users[0]}):
            with pytest.raises(HTTPClientError, match="403"):
                await browser.connect(**cookies)
        assert users[2] not in json.dumps(browser.token), "scripts of the page could read it"
        stranger = Browser(server)
        await stranger.sign_in("ada", "g")
        pages = len(opened)
        await stranger.open()
        assert len(opened) == pages, "a page was made"
        return folders

    passwords = {"ada": "a", "grace": "g"}
    ada, ada_again, grace = with_server(visit, basic_auth=passwords, cookie_secret="panel's own")
    assert ada == ada_again != grace


def test_a_password_for_all_makes_nobody_somebody_else() -> None:
    async def visit(server: Server) -> list[Path]:
        folders = []
        for browser in (Browser(server), Browser(server)):
            assert await browser.sign_in("ada", "for all") == 302
            folders += [(await browser.open()).runs, (await browser.open()).runs]
        return folders

    one, one_again, other, other_again = with_server(
        visit, basic_auth="for all", cookie_secret="panel's own"
    )
    assert one == one_again != other == other_again


@pytest.mark.usefixtures("separate")
def test_only_the_browser_that_has_opened_a_page_connects_to_it(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """The socket also tells whether it has kept the cookie."""

    async def visit(server: Server) -> tuple[PersonFiles, ...]:
        # A browser that opens two tabs at once keeps the cookie of the second.
        first_tab, second_tab = Browser(server), Browser(server)
        first, second = await first_tab.open(), await second_tab.open()
        documents.reverse()
        bound = await first_tab.connect(**{COOKIE: second_tab.cookies[COOKIE].value})
        stranger = Browser(server, **{"User-Agent": "another"})
        await stranger.open()
        for cookies in ({}, {COOKIE: stranger.cookies[COOKIE].value}, {COOKIE: "forged"}):
            with pytest.raises(HTTPClientError, match="403"):
                await first_tab.connect(**cookies)
        for tab in (second_tab, first_tab):  # Both come back, the first with what was its own too.
            await first_tab.connect(**{COOKIE: tab.cookies[COOKIE].value})
        blocked = Browser(server)
        await blocked.open()
        without_cookie = await blocked.connect()
        monkeypatch.setattr(page_owner, "MAX_CONNECTIONS", 0)
        with pytest.raises(ConnectionError, match="connections at most"):
            await blocked.connect()
        return first, second, bound, without_cookie

    first, second, bound, blocked = with_server(visit)
    assert first.runs != second.runs
    assert bound == second
    assert first.is_lasting
    assert not blocked.is_lasting


@pytest.mark.fuzz
@given(st.text() | st.from_regex(r"2\|1:0\|\d+:\d+\|\d+:\w+\|\d+:\S+\|\S+", fullmatch=True))
def test_any_text_may_come_as_a_cookie(text: str) -> None:
    cookies = SimpleCookie()
    cookies.load({COOKIE: text})
    made = request("localhost", "127.0.0.1", {"Cookie": cookies.output([], "", "; ")})
    made.cookies = cookies
    with tempfile.TemporaryDirectory() as folder, pytest.MonkeyPatch.context() as patch:
        patch.setattr(browser_cookie, "_secret_folder", [Path(folder)])
        browser_cookie.read_cookie(made)
        assert made not in browser_cookie._ids


def request(host: str, ip: str, headers: dict[str, str]) -> HTTPServerRequest:
    return Mock(HTTPServerRequest, host=host, remote_ip=ip, headers=HTTPHeaders(headers))


@pytest.mark.parametrize(
    ("host", "ip", "headers", "origins", "local"),
    [
        ("localhost:5006", "127.0.0.1", {}, LOCAL, True),
        ("127.0.0.1:5006", "127.0.0.1", {}, LOCAL | {"127.0.0.1:5006"}, True),
        ("[::1]:5006", "::1", {}, LOCAL, True),
        ("lab.example.org", "127.0.0.1", {}, LOCAL, False),
        ("localhost.example.org", "127.0.0.1", {}, LOCAL, False),
        ("localhost:5006", "192.168.1.7", {}, LOCAL, False),
        ("localhost:5006", "127.0.0.1", {"X-Forwarded-For": "10.0.0.1"}, LOCAL, False),
        ("localhost:5006", "127.0.0.1", {"Forwarded": "for=10.0.0.1"}, LOCAL, False),
        ("localhost:5006", "127.0.0.1", {}, LOCAL | {"lab.example.org:443"}, False),
        ("localhost:5006", "127.0.0.1", {}, frozenset({"*"}), False),
        ("localhost:5006", "127.0.0.1", {}, None, False),
    ],
)
def test_a_request_is_local_only_if_nothing_speaks_against_it(
    host: str, ip: str, headers: dict[str, str], origins: frozenset[str] | None, local: bool
) -> None:
    assert is_local(request(host, ip, headers), origins) is local


def test_a_secret_lasts_and_a_damaged_one_is_set_aside(tmp_path: Path) -> None:
    secret = cookie_secret(tmp_path)
    cookie_secret.cache_clear()
    assert cookie_secret(tmp_path) == secret
    (tmp_path / FILE_NAME).write_text("short")
    cookie_secret.cache_clear()
    assert len(cookie_secret(tmp_path)) == len(secret)
    assert len(list(tmp_path.glob(f"{FILE_NAME}.unreadable-*"))) == 1


def test_where_no_secret_can_be_kept_the_log_says_so(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    blocked = tmp_path / "file"
    blocked.write_text("")
    assert len(cookie_secret(blocked)) == len(cookie_secret(tmp_path))
    assert "will not find their work again" in caplog.text
