"""Two people on one real server: neither reaches the other's work, by whatever route."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from http.cookies import SimpleCookie
from pathlib import Path

import pytest

from playground.runs.ids import new_id
from playground.serving.identity import person
from playground.serving.identity.browser_cookie import COOKIE
from playground.serving.identity.cookie_secret import cookie_secret
from playground.serving.sessions import open_sessions
from playground.serving.settings.server_settings import server_settings
from tests.support.in_new_thread import in_new_thread
from tests.support.servers.session_server import serve_small, session_server
from tests.support.servers.socket_client import wait_until
from tests.support.servers.visitor import Visitor

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
