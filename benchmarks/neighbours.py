"""What one visitor can do to another: the delay of a control while somebody else does their worst.

Starts `playground serve`. One visitor switches a control again and again; a second one, in a
process of its own, opens extreme links, uploads, and sends what no browser sends. For each of
these deeds the table has the longest delay of the visitor's control in milliseconds, and for how
long a single callback held the event loop at most: by the clock, and by the processor.
"""

from __future__ import annotations

import asyncio
import base64
import gzip
import json
import multiprocessing
import sys
from collections.abc import Awaitable, Callable, Sequence
from contextlib import suppress
from functools import partial
from multiprocessing.synchronize import Event
from time import monotonic, perf_counter
from typing import Any
from uuid import uuid4

import _root  # noqa: F401
from _load_client import LoadClient
from _measuring import Results, argument_parser, log_progress, print_result
from load import Server, open_page, serve

from tests.support.servers.socket_client import SocketClient, get, wait_until

WIDEST = "32,32,32,32,32,32,32,32"
PAUSE_SECONDS = 0.05
"""Seconds between two switches of the control."""
AFTER_SECONDS = 4.0
"""Seconds for which it is still switched after a deed is done."""
DEED_SECONDS = 90.0
"""After which a deed is given up."""
PLAY_SECONDS = 5.0
MB = 2**20

LINKS = {
    "the plain page": "",
    "widest network": f"page=Points&hidden={WIDEST}&count=2000",
    "widest, all classes": f"page=Points&shape=blobs&classes_count=6&hidden={WIDEST}&count=2000",
    "widest, every tab": f"page=Points&hidden={WIDEST}&tab=Summary",
    "activations of the widest": f"page=Points&hidden={WIDEST}&tab=Activations&count=2000",
    "gate with four inputs": f"page=Gates&inputs_count=4&gate=parity&hidden={WIDEST}",
    "points that can't be read": "page=Points&points=" + "A" * 60_000,
    "many features": "page=Points&features=" + ",".join(["x", "y", "sin+x"] * 300),
    "repeated names": "page=Points&" + "hidden=8&" * 20_000,
    "a million characters": "page=Points&hidden=" + "8," * 400_000,
    "a thousand unknown names": "&".join(f"n{number}=1" for number in range(20_000)),
    "widest table": f"page=Your+data&hidden={WIDEST}",
    "256 networks": f"page=Compare&vary=width:+1..32;+seed:+1..8&hidden={WIDEST}",
    "256 widest networks": f"page=Compare&task=spiral&count=2000&vary=seed:+1..256&hidden={WIDEST}",
    "a sweep of nonsense": "page=Compare&vary=" + "seed:+1..9;" * 350,
    "large classifier": "page=Digits&model=custom&own_channels=128,128,128&own_kernel=7",
    "large dense classifier": "page=Digits&model=custom&own_kind=MLP&own_hidden=512,512,512",
    "deepest classifier": "page=Digits&model=deep&batch_size=2000",
}
"""What a link may ask for at most, and what it asks for in vain."""


class Culprit(SocketClient):
    """A visitor who sends whatever he likes."""

    async def send_raw(self, content: object, *buffers: bytes) -> None:
        """Send changes of the page, with bytes apart."""
        header = {"msgid": uuid4().hex, "msgtype": "PATCH-DOC", "num_buffers": len(buffers)}
        assert self._socket is not None
        async with self._sending:
            for part in (header, {}, content):
                await self._socket.write_message(json.dumps(part))
            for number, data in enumerate(buffers):
                await self._socket.write_message(json.dumps({"id": f"b{number}"}))
                await self._socket.write_message(data, binary=True)

    def having(self, attribute: str) -> dict[str, Any]:
        """Return the first model with an attribute."""
        return next(each for each in self.models.values() if attribute in each)

    async def upload(self, name: str, content: bytes) -> None:
        """Upload a file as the page does."""
        await wait_until(lambda: any("chunk_size" in each for each in self.models.values()))
        files = self.having("chunk_size")
        pieces = [content[at : at + 1_000_000] for at in range(0, len(content), 1_000_000)]
        for number, piece in enumerate(pieces, 1):
            data = {"type": "bytes", "data": {"id": "b0"}}
            values = {"chunk": number, "total_chunks": len(pieces), "name": name, "type": ""}
            entries = list({**values, "data": data}.items())
            sent = {"model": {"id": files["id"]}, "data": {"type": "map", "entries": entries}}
            event = {"type": "event", "name": "upload_event", "values": sent}
            message = {"kind": "MessageSent", "msg_type": "bokeh_event", "msg_data": event}
            await self.send_raw({"events": [message]}, piece)

    async def change(self, value: object, attribute: str = "value", times: int = 1) -> None:
        """Change a model again and again, in one message."""
        model = self.having(attribute)
        change = {"kind": "ModelChanged", "model": {"id": model["id"]}, "attr": attribute}
        await self.send_raw({"events": [{**change, "new": value}] * times})


Deed = Callable[[Culprit], Awaitable[None]]


async def send_changes(culprit: Culprit, value: object, times: int = 1, messages: int = 1) -> None:
    """Change the value of a slider, in one or many messages."""
    for _ in range(messages):
        await culprit.change(value, times=times)


async def send_parts_without_end(culprit: Culprit) -> None:
    """Announce a million parts, and send 100 MB of them."""
    assert culprit._socket is not None
    header = {"msgid": "1", "msgtype": "PATCH-DOC", "num_buffers": 10**6}
    await culprit._socket.write_message(json.dumps(header))
    for _ in range(100):
        await culprit._socket.write_message(json.dumps("x" * MB))


async def ask_for_the_page(culprit: Culprit) -> None:
    """Ask for the whole page a hundred times."""
    for _ in range(100):
        await culprit._send("PULL-DOC-REQ", {})


async def call_addresses(culprit: Culprit, count: int = 60) -> None:
    """Call the address of the page as something that is no browser does."""
    await asyncio.gather(*(get(culprit.address) for _ in range(count)))


async def open_sockets(culprit: Culprit, count: int = 60) -> None:
    """Connect many times to the same session."""
    clients = [Culprit(culprit.address, culprit.token) for _ in range(count)]
    await asyncio.gather(*(each.connect() for each in clients))
    await asyncio.gather(*(each.close() for each in clients))


async def open_pages(culprit: Culprit, count: int = 5) -> None:
    """Open several pages at once."""
    clients = await asyncio.gather(*(Culprit.open(culprit.address) for _ in range(count)))
    await asyncio.sleep(PLAY_SECONDS)
    await asyncio.gather(*(each.close() for each in clients))


async def play(culprit: Culprit) -> None:
    """Train what the page shows."""
    await culprit.send_data("BackPressure", 0)
    await culprit.click("pg-play")
    await asyncio.sleep(PLAY_SECONDS)


async def draw(culprit: Culprit) -> None:
    """Move the pen over every canvas and plot as fast as messages can be sent."""
    await wait_until(lambda: any("renderers" in each for each in culprit.models.values()))
    figures = [each for each in culprit.models.values() if "renderers" in each]
    for figure in figures:
        for step in range(1500):
            kind = "pan" if step % 30 else "panstart"
            place = {"x": step % 97 / 97, "y": step % 89 / 89, "sx": 1, "sy": 1}
            await culprit.send_event(kind, figure, **place)


async def press_everything(culprit: Culprit) -> None:
    """Click each button of the page, one after another."""
    await asyncio.sleep(2)
    for each in [*culprit.models.values()]:
        if "label" in each and "icon" in each:
            await culprit.send_event("button_click", each)
    await asyncio.sleep(PLAY_SECONDS)


async def press(culprit: Culprit, label: str) -> None:
    """Click the first button of a label, once it is there."""

    def buttons() -> list[dict[str, Any]]:
        return [each for each in culprit.models.values() if each.get("label") == label]

    await wait_until(buttons, 20)
    await culprit.send_event("button_click", buttons()[0])


async def guess_codes(culprit: Culprit, count: int = 300) -> None:
    """Try to join a class by many codes."""
    await culprit.click("pg-class-opener")
    await wait_until(
        lambda: any(each.get("title") == "Nickname" for each in culprit.models.values())
    )
    titled = [each for each in culprit.models.values() if isinstance(each.get("title"), str)]
    fields = {each["title"]: each for each in titled}
    await culprit.set(fields["Nickname"], "value", "Mallory")
    for number in range(count):
        await culprit.set(fields["Code of the class"], "value", f"{number:06}")
        await press(culprit, "Join")


async def save_and_delete(culprit: Culprit, count: int = 20) -> None:
    """Save many runs, and delete them."""
    await culprit.click("pg-keep")
    for _ in range(count):
        await press(culprit, "Save as …")
    await asyncio.sleep(PLAY_SECONDS)
    component = culprit.component("RunList")
    assert component is not None
    rows = culprit.models[component["data"]["id"]].get("rows", [])
    for row in rows:
        await culprit.send_data("RunList", {"choose": dict(row.get("entries", row.items()))["id"]})
        await press(culprit, "Delete")
        await press(culprit, "Delete permanently")
    await asyncio.sleep(PLAY_SECONDS)


async def export_everything(culprit: Culprit) -> None:
    """Ask for each file that the drawer offers, at once."""
    await culprit.click("pg-keep")
    await asyncio.sleep(2)
    for number in range(4):
        for tabs in [each for each in culprit.models.values() if "tabs" in each]:
            await culprit.set(tabs, "active", number)
            await asyncio.sleep(0.5)
    for each in [*culprit.models.values()]:
        if "filename" in each:
            await culprit.set(each, "clicks", each.get("clicks", 0) + 1)
    await asyncio.sleep(4 * PLAY_SECONDS)


def zeros(size: int) -> dict[str, Any]:
    """Return bytes that are packed a thousandfold."""
    return {"type": "bytes", "data": base64.b64encode(gzip.compress(bytes(size))).decode()}


def nested(levels: int) -> object:
    """Return lists within lists."""
    value: list[object] = []
    for _ in range(levels):
        value = [value]
    return value


def table(rows: int, columns: int) -> bytes:
    """Return a CSV file."""
    row = ",".join(str(number % 7) for number in range(columns))
    header = ",".join(f"c{number}" for number in range(columns))
    return "\n".join([header, *[row] * rows]).encode()


DEEDS: dict[str, tuple[str, Deed]] = {
    "a slider, 5,000 messages": ("", partial(send_changes, value=0.1, messages=5000)),
    "a slider, 100 times in each of 100 messages": (
        "",
        partial(send_changes, value=0.1, times=100, messages=100),
    ),
    "10,000 changes in a message": ("", partial(send_changes, value=0.1, times=10_000)),
    "text of 3.9 MB": ("", partial(send_changes, value="x" * 3_900_000, messages=20)),
    "a million numbers": ("", partial(send_changes, value=[1] * 1_200_000, messages=20)),
    "packed zeros, 1 GB": ("", partial(send_changes, value=zeros(1024 * MB), messages=3)),
    "packed zeros, 3 MB": ("", partial(send_changes, value=zeros(3 * MB), messages=100)),
    "lists in lists": ("", partial(send_changes, value=nested(900), messages=200)),
    "a million lists": ("", partial(send_changes, value=[[]] * 900_000, messages=10)),
    "parts without end": ("", send_parts_without_end),
    "the whole page, 100 times": ("", ask_for_the_page),
    "60 calls of the address": ("", call_addresses),
    "60 sockets of one session": ("", open_sockets),
    "5 pages at once": ("", open_pages),
    "20 pages at once": ("", partial(open_pages, count=20)),
    "300 codes of a class": ("", guess_codes),
    "20 runs saved and deleted": ("page=Points", save_and_delete),
    "every export of the widest": (f"page=Points&hidden={WIDEST}&count=2000", export_everything),
    "every export of the large classifier": (LINKS["large classifier"], export_everything),
    "10,000 moves of a pointer": ("page=Points", draw),
    "a pen on the canvas": ("page=Digits", draw),
    "every button of Points": ("page=Points", press_everything),
    "every button of Digits": ("page=Digits", press_everything),
    "table of 150 MB": (
        "page=Your+data",
        lambda culprit: culprit.upload("a.csv", table(750_000, 100)),
    ),
    "table of 40,000 columns": (
        "page=Your+data",
        lambda culprit: culprit.upload("a.csv", table(20, 40_000)),
    ),
    "table of 1,000,000 rows": (
        "page=Your+data",
        lambda culprit: culprit.upload("a.csv", table(1_000_000, 8)),
    ),
    "widest network trains": (f"page=Points&hidden={WIDEST}&count=2000", play),
    "256 networks train": (LINKS["256 widest networks"], play),
    "large classifier trains": (LINKS["large classifier"], play),
}
"""What a visitor does, and on which page; `open_link` does what links ask for."""


async def do(query: str, deed: Deed, address: str, ready: Event, begin: Event) -> None:
    """Open a page, wait for the sign, and do a deed."""
    culprit = await Culprit.open(f"{address}/?{query}")
    await wait_until(lambda: culprit.component("BackPressure"))
    await asyncio.sleep(1)
    ready.set()
    await asyncio.to_thread(begin.wait)
    with suppress(ConnectionError, AssertionError):
        await deed(culprit)
    await asyncio.sleep(AFTER_SECONDS)
    with suppress(ConnectionError):
        await culprit.close()


async def open_link(query: str, address: str, ready: Event, begin: Event) -> None:
    """Open a link and train what it shows."""
    ready.set()
    await asyncio.to_thread(begin.wait)
    with suppress(OSError, AssertionError):
        culprit = await Culprit.open(f"{address}/?{query}")
        await play(culprit)
        with suppress(ConnectionError):
            await culprit.close()


def run_deed(name: str, address: str, ready: Event, begin: Event) -> None:
    """Do a deed in a process of its own."""
    if name in LINKS:
        asyncio.run(open_link(LINKS[name], address, ready, begin))
    else:
        asyncio.run(do(*DEEDS[name], address, ready, begin))


async def measure_deed(client: LoadClient, server: Server, name: str) -> Results:
    """Return how a visitor fares while another one does something."""
    context = multiprocessing.get_context("spawn")
    ready, begin = context.Event(), context.Event()
    process = context.Process(target=run_deed, args=(name, server.address, ready, begin))
    process.start()
    await asyncio.to_thread(ready.wait, DEED_SECONDS)
    await server.loop_report()
    client.control_ms.clear()
    begin.set()
    deadline = monotonic() + DEED_SECONDS
    ended = 0.0
    while monotonic() < deadline and not (ended and monotonic() > ended):
        await client.switch()
        await asyncio.sleep(PAUSE_SECONDS)
        if not ended and not process.is_alive():
            ended = monotonic() + 1
    process.kill()
    delays, loop_ms = sorted(client.control_ms), await server.loop_report()
    return {
        "lag_ms_max": round(delays[-1]),
        "lag_ms_p95": round(delays[int(0.95 * (len(delays) - 1))]),
        "lag_ms_p50": round(delays[len(delays) // 2]),
        "loop_block_ms_max": round(loop_ms["max"]),
        "loop_cpu_ms_max": round(loop_ms["max_cpu"]),
        "rss_mib": round(server.rss_mib),
    }


async def measure(server: Server, names: Sequence[str]) -> Results:
    """Measure all deeds, one after another."""
    client, _seconds = await open_page(server.page)
    results: dict[str, Results] = {}
    for name in names:
        started = perf_counter()
        results[name] = await measure_deed(client, server, name)
        log_progress(f"{name}: {results[name]} in {perf_counter() - started:.0f} s")
    await client.close()
    return results


def main(arguments: Sequence[str] | None = None) -> None:
    """Start a server, measure and print."""
    parser = argument_parser(__doc__)
    parser.add_argument("--only", default="", help="deeds whose names have this in them")
    choices = parser.parse_args(arguments)
    names = [each for each in (*DEEDS, *LINKS) if choices.only in each]
    if choices.quick:
        names = names[::9]
    settings = {"LOST_SESSION_SECONDS": "2", "CLASS_PASSWORD": "correct horse"}
    with serve({f"PLAYGROUND_{name}": value for name, value in settings.items()}) as server:
        print_result(asyncio.run(measure(server, names)), as_json=choices.json)


if __name__ == "__main__":
    main(sys.argv[1:])
