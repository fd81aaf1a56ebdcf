"""Two people on one real server: neither reaches the other's work, by whatever route."""

from __future__ import annotations

import asyncio
import html
from collections.abc import Iterator
from http.cookies import SimpleCookie
from pathlib import Path
from typing import Self

import pytest
from tornado.httpclient import AsyncHTTPClient, HTTPRequest

from playground.runs.ids import new_id
from playground.serving.identity import person
from playground.serving.identity.browser_cookie import COOKIE
from playground.serving.identity.cookie_secret import cookie_secret
from playground.serving.sessions import open_sessions
from playground.serving.settings.server_settings import server_settings
from tests.support.in_new_thread import in_new_thread
from tests.support.servers.session_server import serve_small, session_server
from tests.support.servers.socket_client import TOKEN, Model, SocketClient, wait_until

# Panel 1.9.4 would have widgets called by their label, which its own `from_param` does not do yet.
pytestmark = pytest.mark.filterwarnings("ignore:Widget.name is deprecated")


@pytest.fixture(autouse=True)
def root(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    monkeypatch.setenv("PLAYGROUND_RUNS", str(tmp_path))
    monkeypatch.setattr(server_settings(), "separate_people", "yes")
    monkeypatch.setattr(server_settings(), "max_sessions_per_person", 50)  # and back
    monkeypatch.setattr(person, "_origins", [])
    cookie_secret.cache_clear()
    yield tmp_path
    cookie_secret.cache_clear()


def cookies(jar: SimpleCookie) -> dict[str, str]:
    return {"Cookie": "; ".join(f"{each.key}={each.value}" for each in jar.values())}


class Visitor(SocketClient):
    """A tab of a browser that keeps its cookies in a jar."""

    @classmethod
    async def load_with(cls, address: str, jar: SimpleCookie, query: str = "") -> Self:
        """Load a page with the cookies of the jar, and do not connect as yet."""
        request = HTTPRequest(address + query, headers=cookies(jar), request_timeout=60)
        answer = await AsyncHTTPClient().fetch(request)
        for line in answer.headers.get_list("Set-Cookie"):
            jar.load(line)
        found = TOKEN.search(html.unescape(answer.body.decode()))
        assert found is not None
        client = cls(address, found[1])
        client.headers = cookies(jar)
        return client

    @classmethod
    async def visit(cls, address: str, jar: SimpleCookie, query: str = "") -> Self:
        """Open a page with the cookies of the jar, and connect."""
        client = await cls.load_with(address, jar, query)
        await client.connect()
        return client

    async def wait_for(self, words: str) -> None:
        """Wait until the page says something."""
        await wait_until(lambda: words in self.text)

    async def press(self, label: str) -> None:
        """Click the first button of that label, whether or not it is enabled."""

        def button() -> Model | None:
            return next((each for each in self.models.values() if each.get("label") == label), None)

        await wait_until(button)
        await self.send_event("button_click", button())

    async def list_runs(self, expected: str) -> list[str]:
        """Open the drawer, wait until it says how much is saved, and return the names of runs."""
        await self.click("pg-keep")
        await self.wait_for(expected)
        return [
            dict(row["entries"])["name"] if "entries" in row else row["name"]
            for row in self._run_list.get("rows", [])
        ]

    @property
    def _run_list(self) -> Model:
        component = self.component("RunList")
        assert component is not None
        return self.models[component["data"]["id"]]


def test_nobody_reaches_the_work_of_somebody_else(root: Path) -> None:
    async def visit_each_other(address: str) -> None:
        ada_jar, grace_jar, tab_id = SimpleCookie(), SimpleCookie(), new_id()
        for jar in (ada_jar, grace_jar):  # The cookie comes with the first page.
            await Visitor.load_with(address, jar)
        assert ada_jar[COOKIE].value != grace_jar[COOKIE].value

        ada = await Visitor.visit(address, ada_jar, "?stop_epoch=20")
        await ada.say_tab(tab_id)
        await ada.train()
        assert await ada.list_runs("0 of 200 runs") == []
        await ada.press("Save as …")
        await ada.wait_for("1 of 200 runs")
        (path,) = root.glob("people/*/runs/*.safetensors")
        await wait_until(lambda: any(root.glob("people/*/runs/autosaves/*.safetensors")))
        saved = path.read_bytes()

        # Grace gives her tab the id of Ada's, and opens a link with the id of Ada's run.
        grace = await Visitor.visit(address, grace_jar, f"?run={path.stem}")
        await grace.say_tab(tab_id, reloaded=True)
        await grace.wait_for("This link to a run is not valid")
        assert "restored" not in grace.text
        assert await grace.list_runs("0 of 200 runs") == []

        assert path.read_bytes() == saved
        assert [*root.glob("people/*/runs/*.safetensors")] == [path]

        # Ada has lost nothing by it.
        await ada.close()
        again = await Visitor.visit(address, ada_jar)
        await again.say_tab(tab_id, reloaded=True)
        await again.wait_for("Your work was restored")
        assert len(await again.list_runs("1 of 200 runs")) == 1

        # And has no more pages than one person may have, which is nothing to others.
        for session in open_sessions():
            if not session.is_connected:
                session.expire()
        await wait_until(lambda: all(each.is_connected for each in open_sessions()))
        server_settings().max_sessions_per_person = 1
        surplus = await Visitor.visit(address, ada_jar)
        await surplus.wait_for("as many pages open as this server admits for one person")
        other = await Visitor.visit(address, SimpleCookie())
        await wait_until(lambda: other.model("pg-play"))
        for each in (grace, again, surplus, other):
            await each.close()

    async def main() -> None:
        async with session_server(serve_small) as address:
            await visit_each_other(address)

    in_new_thread(lambda: asyncio.run(main()))
