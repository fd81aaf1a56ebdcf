"""Many sessions at once: frames, controls, opening, processor time and memory of one server.

Starts `playground serve`, and opens sessions over websockets that answer each frame after 30 ms, as
a browser does. What the app opens on learns at its default pace; `--link page=Gates` for XOR.
"""

from __future__ import annotations

import asyncio
import json
import os
import re
import sys
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from itertools import cycle
from pathlib import Path
from statistics import median
from time import perf_counter

import _root  # noqa: F401
from _load_client import LoadClient
from _measuring import Results, argument_parser, log_progress, print_result

from playground.serving.settings.server_settings import server_settings
from tests.support.servers.server import PanelServer
from tests.support.servers.socket_client import get, wait_until

CONTROL_SECONDS = 0.25
"""Seconds between two switches of a control, each on another page."""
CLOSE_SECONDS = 2
"""Setting of the server: seconds for which a session waits for a browser that has left."""
SETTLE_SECONDS = 2.0
PREPARED = re.compile(r"^playground_prepared_pages (\d+)", re.MULTILINE)
PREPARING_SECONDS = 60.0
"""Seconds in which a server prepares all pages that it is to have ready, at most."""


class Server:
    """What the server's process and its workers use, as the system and an event loop tell it."""

    def __init__(self, address: str, process_id: int, link: str = "") -> None:
        self.address, self._process_id = address, process_id
        self.page = f"{address}/?{link}" if link else address

    @property
    def cpu_s(self) -> float:
        """Processor seconds so far."""
        stats = ((each / "stat").read_text().rpartition(")")[2].split() for each in self._folders)
        ticks = sum(int(fields[11]) + int(fields[12]) for fields in stats)
        return ticks / os.sysconf("SC_CLK_TCK")

    @property
    def rss_mib(self) -> float:
        """Memory."""
        texts = ((each / "status").read_text() for each in self._folders)
        return sum(int(text.partition("VmRSS:")[2].split()[0]) for text in texts) / 1024

    async def prepared_pages(self) -> int:
        """Return how many pages wait for visitors; of several workers, at one of them."""
        found = PREPARED.search(await get(f"{self.address}/metrics"))
        return int(float(found[1])) if found else 0

    async def wait_until_prepared(self, wanted: int) -> int:
        """Wait until so many pages are prepared, and return how many are."""
        deadline = perf_counter() + PREPARING_SECONDS
        while (prepared := await self.prepared_pages()) < wanted:
            assert perf_counter() < deadline, f"only {prepared} of {wanted} pages are prepared"
            await asyncio.sleep(0.5)
        return prepared

    @property
    def _folders(self) -> list[Path]:
        """What the system tells of the process, and of those that it started."""
        own = Path(f"/proc/{self._process_id}")
        children = (own / "task" / own.name / "children").read_text().split()
        return [own, *(Path(f"/proc/{each}") for each in children)]

    async def loop_report(self) -> dict[str, float]:
        """Return for how long callbacks held the event loop since the last report."""
        report: dict[str, float] = json.loads(await get(f"{self.address}/loop"))
        return report


async def open_page(address: str) -> tuple[LoadClient, float]:
    """Open a page; return it with the seconds until its last part is there."""
    started = perf_counter()
    client = await LoadClient.open(address)
    await wait_until(lambda: client.model("pg-play") and client.component("BackPressure"))
    return client, perf_counter() - started


async def visit(address: str) -> tuple[float, float]:
    """Open a page, press Play and leave; return the seconds until it is there, and works."""
    started = perf_counter()
    client, seconds = await open_page(address)
    await client.press_play()
    await wait_until(lambda: client.frames)
    usable = perf_counter() - started
    await client.close()
    return seconds, usable


async def frames_per_second(
    clients: Sequence[LoadClient], seconds: float, switched: Sequence[LoadClient] = ()
) -> list[float]:
    """Return the frames a second of each client; meanwhile controls of some are switched."""
    before, started = [each.frames for each in clients], perf_counter()
    switching = asyncio.create_task(switch_in_turn(switched)) if switched else None
    await asyncio.sleep(seconds)
    if switching is not None:
        switching.cancel()
        await asyncio.gather(switching, return_exceptions=True)
    passed = perf_counter() - started
    return [(each.frames - was) / passed for each, was in zip(clients, before, strict=True)]


async def switch_in_turn(clients: Sequence[LoadClient]) -> None:
    """Switch a control on one page after another, for ever."""
    for client in cycle(clients):
        await asyncio.gather(client.switch(), asyncio.sleep(CONTROL_SECONDS))


async def measure(server: Server, sessions: int, training: int, seconds: float) -> Results:
    """Measure a server that has just been started; README.md explains the keys."""
    await visit(server.page)  # what is imported and cached on first use
    await asyncio.sleep(CLOSE_SECONDS + SETTLE_SECONDS)
    prepared = await server.wait_until_prepared(server_settings().prepared_pages)
    rss_before, open_cpu, started = server.rss_mib, server.cpu_s, perf_counter()
    log_progress(f"opening {sessions} at once")
    opened = await asyncio.gather(*(open_page(server.page) for _ in range(sessions)))
    all_open_s, open_cpu = perf_counter() - started, server.cpu_s - open_cpu
    clients = [client for client, _seconds in opened]
    trained = clients[:training]
    await asyncio.gather(*(each.press_play() for each in trained))
    await wait_until(lambda: all(each.frames for each in trained))
    all_usable_s = perf_counter() - started
    await asyncio.sleep(SETTLE_SECONDS)

    log_progress(f"{training} train")
    await server.loop_report()
    cpu, received = server.cpu_s, sum(each.bytes_received for each in clients)
    frames, began = sum(each.frames for each in clients), perf_counter()
    rates = await frames_per_second(trained, seconds)
    passed, cpu = perf_counter() - began, server.cpu_s - cpu
    frames = max(1, sum(each.frames for each in clients) - frames)
    received = sum(each.bytes_received for each in clients) - received
    loop_ms = await server.loop_report()

    log_progress("controls are used meanwhile")
    await frames_per_second(trained, seconds, trained)
    control_ms = sorted(ms for each in clients for ms in each.control_ms) or [0.0]
    rss = server.rss_mib
    await server.loop_report()

    log_progress("pages are opened meanwhile")
    visits = [await visit(server.page) for _ in range(3)]
    loop_open_ms = await server.loop_report()

    log_progress("all leave")
    await asyncio.gather(*(each.close() for each in clients))
    await asyncio.sleep(CLOSE_SECONDS + 8)  # Panel collects garbage a few seconds after the end
    idle_cpu, idle_from = server.cpu_s, perf_counter()
    await asyncio.sleep(SETTLE_SECONDS)
    idle_cpu = (server.cpu_s - idle_cpu) / (perf_counter() - idle_from)
    return {
        "sessions": sessions,
        "training": training,
        "frames_per_s_per_session": {
            "min": round(min(rates), 2),
            "median": round(median(rates), 2),
        },
        "cpu_ms_per_frame": round(1000 * cpu / frames, 2),
        "cpu_cores": round(cpu / passed, 2),
        "kb_per_frame": round(received / frames / 1000, 2),
        "control_ms_p50": round(median(control_ms)),
        "control_ms_p99": round(control_ms[int(0.99 * (len(control_ms) - 1))]),
        "open_s": round(median(seconds for seconds, _usable in visits), 2),
        "usable_s": round(median(usable for _seconds, usable in visits), 2),
        "all_open_s": round(all_open_s, 2),
        "all_usable_s": round(all_usable_s, 2),
        "loop_block_ms_max": round(loop_ms["max"], 1),
        "loop_block_ms_p99": round(loop_ms["p99"], 1),
        "open_cpu_s": round(open_cpu / sessions, 2),
        "loop_block_ms_max_while_opening": round(loop_open_ms["max"], 1),
        # Of a page that was ready before, some of the memory was in use before.
        "rss_mib_per_session": None if prepared else round((rss - rss_before) / sessions, 2),
        "prepared_pages": prepared,
        "rss_growth_after_close": round(server.rss_mib / rss_before - 1, 3),
        "cpu_after_close": round(idle_cpu, 3),
    }


@contextmanager
def serve(environment: Mapping[str, str], link: str = "") -> Iterator[Server]:
    """Serve the app from an empty folder until the context ends; then show errors of its log."""
    with tempfile.TemporaryDirectory() as folder:
        log = Path(folder) / "server.log"
        environment = {**environment, "PLAYGROUND_RUNS": folder}
        process = PanelServer(log=log, environment=environment, module="benchmarks._load_server")
        try:
            yield Server(process.url(), process.process_id, link)
        finally:
            process.stop()
            if " ERROR " in (text := log.read_text()):
                log_progress(f"The server logged errors:\n{text[-3000:]}")


def main(arguments: Sequence[str] | None = None) -> None:
    """Start a server, measure and print."""
    parser = argument_parser(__doc__)
    parser.add_argument("--sessions", type=int, help="pages that are open; 30, or 4 with --quick")
    parser.add_argument("--training", type=int, help="how many of them train; all by default")
    parser.add_argument("--seconds", type=float, help="of each measurement; 10, or 5 with --quick")
    parser.add_argument("--link", default="", help="of the pages; what the app opens on by default")
    parser.add_argument("--workers", type=int, default=1, help="processes of the server; 1")
    choices = parser.parse_args(arguments)
    sessions = choices.sessions or (4 if choices.quick else 30)
    training = sessions if choices.training is None else choices.training
    seconds = choices.seconds or (5.0 if choices.quick else 10.0)
    limits = {
        "PLAYGROUND_LOST_SESSION_SECONDS": str(CLOSE_SECONDS),
        "PLAYGROUND_MAX_SESSIONS": str(sessions + 10),
        "PLAYGROUND_MAX_TRAINING_SESSIONS": str(training + 10),
        "PLAYGROUND_MAX_UNCONNECTED_SESSIONS": str(sessions + 10),
        "PLAYGROUND_UNCONNECTED_SESSION_SECONDS": "120",
        "PLAYGROUND_WORKERS": str(choices.workers),
    }
    with serve(limits, choices.link) as server:
        results = asyncio.run(measure(server, sessions, training, seconds))
        print_result(results, as_json=choices.json)


if __name__ == "__main__":
    main(sys.argv[1:])
