"""The end of a server by SIGTERM: everybody's work is saved, and the process ends soon."""

from __future__ import annotations

import asyncio
import re
from pathlib import Path

import pytest

from playground.runs import Autosaves
from playground.runs.ids import new_id
from tests.support.in_new_thread import in_new_thread
from tests.support.servers.server import ROOT, PanelServer
from tests.support.servers.socket_client import SocketClient, wait_until

END_SECONDS = 5.0
HUNG_APP = ROOT / "tests" / "browser" / "faults" / "hung_app.py"
EPOCH = re.compile(r"<b>([\d,]+)</b>epoch")

# It has a server of its own, like the tests with a browser.
pytestmark = pytest.mark.ui


def shown_epoch(client: SocketClient) -> int:
    found = EPOCH.search(client.text)
    return int(found[1].replace(",", "")) if found else 0


async def train(address: str, tab: str) -> int:
    """Train for a while, leave without a word, and return the last epoch that was shown."""
    client = await SocketClient.open(address)
    await client.say_tab(tab)
    await client.train()
    await wait_until(lambda: shown_epoch(client) > 10)
    shown = shown_epoch(client)
    client.stop_reading()
    await client.vanish()
    return shown


@pytest.mark.parametrize(
    ("apps", "path"),
    [((), "/?page=Gates"), ((HUNG_APP,), "/hung_app")],
    ids=["playground", "panel, hung"],
)
def test_work_is_saved_when_the_server_ends(
    tmp_path: Path, apps: tuple[Path, ...], path: str
) -> None:
    """At SIGTERM, also with a worker thread that hangs, and with a browser that has just gone."""
    runs, tab = tmp_path / "runs", new_id()
    server = PanelServer(
        *apps, log=tmp_path / "log.txt", environment={"PLAYGROUND_RUNS": str(runs)}
    )
    try:
        address = server.url() + path
        # Playwright leaves an event loop running in the thread of the tests.
        shown = in_new_thread(lambda: asyncio.run(train(address, tab)))
        assert server.terminate() < END_SECONDS
    finally:
        server.stop()
    run = Autosaves(runs).open(tab, "Gates")
    assert run is not None
    assert run.summary.epoch >= shown
    server.log.check()
