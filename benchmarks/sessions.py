"""What sessions leave behind: opens, trains and closes many on a real server in this process.

Prints the memory after the first 20 sessions and at the end, and how many objects of pages are
left. Fails when memory has grown by more than 5 %, or an object is left.
"""

from __future__ import annotations

import asyncio
import ctypes
import gc
import sys
import warnings
from collections.abc import Sequence
from itertools import cycle, islice
from pathlib import Path

import _root  # noqa: F401
from _measuring import argument_parser, log_progress, print_result

from playground.pages.part import Part
from playground.serving.heartbeat import Heartbeat
from playground.serving.sessions import BrowserSession
from playground.training.core.base_trainer import BaseTrainer
from tests.support.servers.session_server import end_sessions, session_server
from tests.support.servers.socket_client import SocketClient
from tests.support.servers.ways_to_leave import ALL, Leave

WARM_UP = 20
"""Sessions after which the memory is measured first: caches are filled by then."""
GROWTH_ALLOWED = 0.05
KINDS = (Part, Heartbeat, BaseTrainer, BrowserSession)


def megabytes() -> float:
    """Memory of this process, once what is free has been given back."""
    gc.collect()
    ctypes.CDLL(None).malloc_trim(0)
    for line in Path("/proc/self/status").read_text().splitlines():
        if line.startswith("VmRSS:"):
            return int(line.split()[1]) / 1024
    raise RuntimeError("This system does not tell how much memory a process has.")


def objects_left() -> dict[str, int]:
    """Count the objects of pages that are still in memory."""
    gc.collect()
    kinds = [type(each) for each in gc.get_objects()]
    return {kind.__name__: sum(issubclass(each, kind) for each in kinds) for kind in KINDS}


async def measure(count: int, batch: int) -> tuple[float, float, dict[str, int]]:
    """Open and close sessions, `batch` at a time.

    Returns
    -------
    float, float, dict
        Megabytes after the first 20 sessions and at the end, and the number of objects left.
    """
    done, first, ways = 0, 0.0, cycle(ALL)
    async with session_server() as address:
        while done < count:
            size = min(batch, count - done)
            await asyncio.gather(*(visit(address, leave) for leave in islice(ways, size)))
            await end_sessions()
            done += size
            text = f"{done} of {count} sessions"
            if done % WARM_UP < size:
                last = megabytes()
                first, text = first or last, f"{text}: {last:.0f} MB"
            log_progress(text)
    # Panel collects garbage a few seconds after the end of a session.
    await asyncio.sleep(6)
    last = megabytes()
    return first or last, last, objects_left()


async def visit(address: str, leave: Leave) -> None:
    """Open a page and leave it."""
    await leave(await SocketClient.open(address))


def main(arguments: Sequence[str] | None = None) -> None:
    """Measure, print, and fail where something was left."""
    parser = argument_parser(__doc__)
    parser.add_argument("--sessions", type=int, help="how many; 200 unless --quick")
    parser.add_argument("--batch", type=int, default=4, help="sessions that are open at a time")
    choices = parser.parse_args(arguments)
    warnings.simplefilter("ignore")
    count = choices.sessions or (6 if choices.quick else 200)
    first, last, left = asyncio.run(measure(count, choices.batch))
    results = {"sessions": count, "first_mb": first, "last_mb": last, "left": left}
    print_result(results, as_json=choices.json)
    if any(left.values()) or last > first * (1 + GROWTH_ALLOWED):
        sys.exit("Something was left.")


if __name__ == "__main__":
    main()
