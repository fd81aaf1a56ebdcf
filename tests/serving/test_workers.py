"""`playground serve --workers 2`: two processes behind one port, of which one may be killed."""

from __future__ import annotations

import asyncio
import os
import re
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from time import monotonic, sleep

import pytest
from bokeh.util.token import get_token_payload
from typer.testing import CliRunner

from playground.cli.commands import app
from playground.cli.server_workers import MAX_RESTARTS, listen
from playground.errors import InputError
from playground.runs import Autosaves
from playground.runs.ids import new_id
from tests.support.servers.server import ROOT, START_SECONDS, PanelServer
from tests.support.servers.socket_client import SocketClient, get, wait_until

WORKER = re.compile(r"worker (\d+) serves port (\d+); its own address is (http://\S+)")
EPOCH = re.compile(r"<b>([\d,]+)</b>epoch")
SESSIONS = re.compile(r"^playground_sessions (\S+)", re.MULTILINE)
RESTORED = "restored from the last autosave"
STOP_SECONDS = 7.0
BECOME_WORKER = """
import os, time
from playground.cli.server_workers import become_worker
from playground.serving.settings.server_settings import ServerSettings

become_worker(ServerSettings(port=0, workers=2))
print(f"worker {os.getpid()}\\n", end="", flush=True)
"""
"""Each worker says so in one write: unbuffered, `print` writes parts, and those of two mix."""


def saved_steps(runs: Path, tab: str) -> int:
    """How many steps the autosave of a tab holds."""
    saved = Autosaves(runs).open(tab, "Points")
    return 0 if saved is None else saved.summary.step


def shown_epoch(client: SocketClient) -> int:
    """What the page says how far training has come."""
    found = EPOCH.search(client.text)
    return 0 if found is None else int(found[1].replace(",", ""))


def is_alive(process: int) -> bool:
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    return True


@dataclass
class Served:
    """A server with two workers."""

    server: PanelServer
    runs: Path

    @property
    def workers(self) -> dict[int, str]:
        """The workers that run, with their own addresses."""
        found = WORKER.findall(self.server.log.read())
        return {int(each): address for each, _port, address in found if is_alive(int(each))}

    def two_workers(self) -> list[tuple[int, str]]:
        """Wait until two run."""
        deadline = monotonic() + START_SECONDS
        while len(workers := self.workers) < 2:
            assert monotonic() < deadline, self.server.log.read()
            sleep(0.05)
        return list(workers.items())

    async def session_counts(self) -> list[int]:
        """How many sessions each worker has."""
        texts = [await get(f"{address}/metrics") for address in self.workers.values()]
        found = [SESSIONS.search(each) for each in texts]
        return [int(float(each[1])) for each in found if each]


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    folder = tmp_path_factory.mktemp("workers")
    runs = folder / "runs"
    server = PanelServer(
        log=folder / "log.txt",
        environment={"PLAYGROUND_WORKERS": "2", "PLAYGROUND_RUNS": str(runs)},
    )
    try:
        server.url()
        yield Served(server, runs)
    finally:
        workers = WORKER.findall(server.log.read())
        assert server.terminate() < STOP_SECONDS
    assert not any(is_alive(int(process)) for process, *_ in workers)
    server.log.check()


def test_pages_are_split_evenly_and_each_websocket_comes_to_the_worker_of_its_page(
    served: Served,
) -> None:
    address, workers_own = served.server.url(), served.two_workers()

    async def visit() -> None:
        for _process, own in workers_own:  # The first answer of a process takes it long.
            await SocketClient.load(own)
        clients = await asyncio.gather(*(SocketClient.load(address) for _ in range(6)))
        workers = [get_token_payload(each.token)["worker"] for each in clients]
        assert sorted(workers) == [0, 0, 0, 1, 1, 1]
        before = await served.session_counts()
        for worker in (0, 1):
            client = clients[workers.index(worker)]
            await client.connect()
            await client.close()
        assert await served.session_counts() == before == [4, 4]

    asyncio.run(visit())


def test_the_work_of_a_killed_worker_goes_on_in_another(served: Served) -> None:
    (killed, first), (other, _) = served.two_workers()
    tab = new_id()

    async def visit() -> None:
        client = await SocketClient.open(first)
        client.address = served.server.url()
        await client.say_tab(tab)
        await client.train()
        await wait_until(lambda: saved_steps(served.runs, tab))
        os.kill(killed, signal.SIGKILL)
        await client.close()  # what is left of the connection
        await client.connect()
        await client.say_tab(tab)
        await client.send_data("BackPressure", 0)
        await wait_until(lambda: RESTORED in client.text)
        await wait_until(lambda: shown_epoch(client))
        await client.close()

    asyncio.run(visit())
    assert is_alive(other)
    assert f"(pid {killed}) killed by signal 9, restarting" in served.server.log.read()


# Tornado leaves a socket that it can't bind to the garbage collector.
@pytest.mark.filterwarnings("ignore:unclosed <socket")
def test_a_port_that_others_use_is_not_shared_with_them() -> None:
    """Neither with an ordinary server nor with the workers of another one."""
    with socket.create_server(("127.0.0.1", 0)) as usual:
        port = usual.getsockname()[1]
        with pytest.raises(InputError, match=f"Port {port} of 127.0.0.1 can't be listened on"):
            listen("127.0.0.1", port)
    (listening,) = listen("127.0.0.1", 0)
    with listening as shared:
        port = shared.getsockname()[1]
        with pytest.raises(InputError, match=f"Port {port} of 127.0.0.1 can't be listened on"):
            listen("127.0.0.1", port)


def test_what_is_of_one_process_is_refused_in_several() -> None:
    for *option, reason in (
        ("--class-password", "long enough", "a lesson is kept in the memory of one process"),
        ("--train-on", "local", "each of them would start workers of its own"),
    ):
        result = CliRunner().invoke(app, ["serve", "--no-show", "--workers", "2", *option])
        assert result.exit_code == 1
        assert reason in " ".join(result.output.split())


def test_workers_that_can_not_start_are_not_started_for_ever() -> None:
    command = [sys.executable, "-c", f"{BECOME_WORKER}raise SystemExit(3)"]
    ended = subprocess.run(command, capture_output=True, text=True, cwd=ROOT, timeout=60)
    # The last one may be ended before it says anything.
    assert ended.stdout.count("worker ") - MAX_RESTARTS in (1, 2)
    assert ended.stderr.count("exited with status 3, restarting") == 1 + MAX_RESTARTS
    assert f"Workers have ended {MAX_RESTARTS + 1} times." in ended.stderr


@pytest.mark.parametrize("sent", [signal.SIGINT, signal.SIGKILL])  # SIGTERM ends `served`
def test_workers_end_with_the_process_that_made_them(sent: signal.Signals) -> None:
    parent = subprocess.Popen(
        [sys.executable, "-c", f"{BECOME_WORKER}time.sleep(60)"], stdout=subprocess.PIPE, cwd=ROOT
    )
    assert parent.stdout is not None
    with parent.stdout as output:
        workers = (line for line in output if line.startswith(b"worker "))
        assert len(list(islice(workers, 2))) == 2
        asked = monotonic()
        parent.send_signal(sent)
        output.read()  # It is at its end when no worker can write any more.
    assert monotonic() - asked < 30
    assert parent.wait() == (-sent if sent == signal.SIGKILL else 0)
