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
from typing import Any

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


def memory() -> tuple[float, int]:
    """Return the megabytes of this process, and how many blocks of memory Python has in use.

    The first keeps the largest number of pages there were at a time: Python gives a megabyte back
    to the system only when nothing at all is left in it. The second does not.
    """
    size = megabytes()
    return size, sys.getallocatedblocks()


async def measure(count: int, batch: int) -> dict[str, Any]:
    """Open and close sessions, `batch` at a time.

    Returns
    -------
    dict
        Megabytes and blocks after the first 20 sessions and at the end, and the objects left.
    """
    done, ways = 0, cycle(ALL)
    first: tuple[float, int] | None = None
    async with session_server() as address:
        while done < count:
            size = min(batch, count - done)
            await asyncio.gather(*(visit(address, leave) for leave in islice(ways, size)))
            await end_sessions()
            done += size
            text = f"{done} of {count} sessions"
            if done % WARM_UP < size:
                last = memory()
                first, text = first or last, f"{text}: {last[0]:.0f} MB, {last[1]:,} blocks"
            log_progress(text)
    # Panel collects garbage a few seconds after the end of a session.
    await asyncio.sleep(6)
    left, last = objects_left(), memory()
    first = first or last
    return {
        "sessions": count,
        **{"first_mb": first[0], "last_mb": last[0]},
        **{"first_blocks": first[1], "last_blocks": last[1]},
        "left": left,
    }


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
    found = asyncio.run(measure(count, choices.batch))
    print_result(found, as_json=choices.json)
    most = 1 + GROWTH_ALLOWED
    if (
        any(found["left"].values())
        or found["last_mb"] > most * found["first_mb"]
        or found["last_blocks"] > most * found["first_blocks"]
    ):
        sys.exit("Something was left.")


if __name__ == "__main__":
    main()
