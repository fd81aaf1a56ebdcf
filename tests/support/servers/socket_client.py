"""A browser's session without a browser: a client that speaks Bokeh's protocol over a websocket.

It knows the properties of the page's models, acknowledges the frames it is sent, and can do what
browsers do to a server: click, leave, vanish without a word, and stop reading.
"""

from __future__ import annotations

import asyncio
import html
import json
import re
import socket
import struct
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from typing import Any, Self
from uuid import uuid4

from bokeh.util.token import get_session_id
from tornado.httpclient import HTTPRequest
from tornado.websocket import (
    WebSocketClientConnection,
    WebSocketClosedError,
    websocket_connect,
)

from tests.support.servers.server import OPENER_WITHOUT_PROXY

TOKEN = re.compile(r'"token":\s*"([^"]+)"')
WAIT_SECONDS = 60.0
POLL_SECONDS = 0.02

Model = dict[str, Any]
"""The properties of a model, with its id."""


async def wait_until(condition: Callable[[], Any], seconds: float = WAIT_SECONDS) -> None:
    """Return once a condition holds; fail if it does not in time."""
    deadline = time.perf_counter() + seconds
    while not condition():
        assert time.perf_counter() < deadline, f"not within {seconds} s"
        await asyncio.sleep(POLL_SECONDS)


async def get(address: str) -> str:
    """Return what a server answers."""

    def fetch() -> str:
        with OPENER_WITHOUT_PROXY.open(address, timeout=WAIT_SECONDS) as answer:
            return str(answer.read().decode())

    return await asyncio.to_thread(fetch)


class SocketClient:
    """One tab of a browser.

    Parameters
    ----------
    address
        Of the page.
    token
        What the page's HTML held, which names the session.

    Attributes
    ----------
    models
        All models that the page has had since the last connection, by id.
    frames
        Number of the newest frame received.
    acknowledges
        Whether it tells the server of each frame that it has received.
    headers
        Sent when it connects, such as cookies.
    """

    def __init__(self, address: str, token: str) -> None:
        self.address, self.token = address, token
        self.models: dict[str, Model] = {}
        self.frames = 0
        self.acknowledges = True
        self.headers: dict[str, str] = {}
        self._pressure: Model | None = None
        self._socket: WebSocketClientConnection | None = None
        self._reading: asyncio.Task[None] | None = None
        self._sending = asyncio.Lock()

    @classmethod
    async def open(cls, address: str) -> Self:
        """Load a page, and connect to its session as its scripts do."""
        client = await cls.load(address)
        await client.connect()
        return client

    @classmethod
    async def load(cls, address: str, *, embedded: bool = False) -> Self:
        """Load a page, or the script by which another page embeds it, and do not connect as yet."""
        script = "/autoload.js?bokeh-autoload-element=x" if embedded else ""
        text = await get(address + script)
        found = TOKEN.search(html.unescape(text))
        assert found, text
        return cls(address, found[1])

    @property
    def session_id(self) -> str:
        """The id of the session."""
        return str(get_session_id(self.token))

    @property
    def text(self) -> str:
        """What the panes of the page say."""
        texts = (each.get("text") for each in self.models.values())
        return " ".join(html.unescape(each) for each in texts if isinstance(each, str))

    async def open_socket(self) -> None:
        """Connect, and do not wait for what the server says then."""
        path = self.address.partition("?")[0].rstrip("/")
        address = path.replace("http", "ws", 1) + "/ws"
        self._socket = await websocket_connect(
            HTTPRequest(address, headers=self.headers),
            subprotocols=["bokeh", self.token],
            compression_options={},  # offered, as by all browsers
        )
        self._stream.set_nodelay(True)  # as browsers do

    async def connect(self) -> None:
        """Connect: the first time as a page that has just been loaded, else as after a loss."""
        await self.open_socket()
        await self._message()  # the acknowledgement
        await self._send("PULL-DOC-REQ", {})
        kind = ""
        while kind != "PULL-DOC-REPLY":
            kind, content = await self._message()
        self.models.clear()
        self._pressure = None
        self._learn(content)
        is_back, self._reading = self._reading is not None, asyncio.create_task(self._read())
        if not is_back:
            await self.send_event("document_ready")

    def model(self, css_class: str) -> Model | None:
        """Return the first model with a CSS class, if the page has had one."""
        return self._find(lambda each: css_class in each.get("css_classes", ()))

    async def click(self, css_class: str) -> None:
        """Click a button, once it is there."""
        await wait_until(lambda: self.model(css_class))
        await self.send_event("button_click", self.model(css_class))

    async def set(self, model: Model, attribute: str, value: object) -> None:
        """Change a property."""
        changed = {"kind": "ModelChanged", "model": {"id": model["id"]}}
        await self._patch({**changed, "attr": attribute, "new": value})

    async def say_tab(self, tab: str, *, reloaded: bool = False) -> None:
        """Report the tab's id."""
        await self.send_data("BrowserTab", {"tab": tab, "reloaded": reloaded})

    async def send_data(self, class_name: str, data: object) -> None:
        """Send a message of a component's JavaScript, once the component is there."""
        await wait_until(lambda: self.component(class_name))
        await self.send_event("data_event", self.component(class_name), data=data)

    async def send_event(self, name: str, model: Model | None = None, **values: object) -> None:
        """Send an event as BokehJS does."""
        entries = [] if model is None else [["model", {"id": model["id"]}]]
        entries += [[key, _encode(value)] for key, value in values.items()]
        event = {"type": "event", "name": name, "values": {"type": "map", "entries": entries}}
        await self._patch({"kind": "MessageSent", "msg_type": "bokeh_event", "msg_data": event})

    async def train(self) -> None:
        """Press Play, and wait for frames of the training."""
        await self.send_data("BackPressure", 0)
        before = self.frames
        await self.click("pg-play")
        await wait_until(lambda: self.frames > before + 2)

    async def close(self) -> None:
        """Close the tab, and wait until its connection is closed."""
        if self._socket is not None and self._socket.protocol is not None:
            stream = self._stream
            self._socket.close()
            await wait_until(stream.closed)
        if self._reading is not None:
            self._reading.cancel()
            await asyncio.gather(self._reading, return_exceptions=True)

    async def vanish(self) -> None:
        """End as if the machine had lost its power, as far as the server can see it."""
        stream = self._stream
        stream.socket.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        stream.close()
        await self.close()

    def stop_reading(self) -> None:
        """Take nothing off the network any more, and keep the connection."""
        stream = self._stream
        if self._reading is not None:
            self._reading.cancel()  # It would take the handler up again with the next message.
        stream.io_loop.remove_handler(stream.fileno())

    def component(self, class_name: str) -> Model | None:
        """Return the model of one of Playground's own components, if the page has had one."""
        return self._find(lambda each: each.get("class_name") == class_name)

    def _find(self, fits: Callable[[Model], bool]) -> Model | None:
        if self._reading is not None and self._reading.done() and not self._reading.cancelled():
            self._reading.result()  # Whoever waits for a model must learn why none will come.
        return next((each for each in self.models.values() if fits(each)), None)

    @property
    def _stream(self) -> Any:
        assert self._socket is not None
        return self._socket.protocol.stream  # type: ignore[union-attr]

    async def _read(self) -> None:
        while True:
            kind, content = await self._message()
            if kind == "PATCH-DOC":
                for event in content["events"]:
                    self._learn(event)
                    if event["kind"] == "ModelChanged":
                        changed = self.models.setdefault(event["model"]["id"], event["model"])
                        changed[event["attr"]] = event["new"]
                await self._acknowledge()

    def _learn(self, content: object) -> None:
        for each in _objects(content):
            self.models[each["id"]] = {**each.get("attributes", {}), "id": each["id"]}

    async def _acknowledge(self) -> None:
        self._pressure = self._pressure or self.component("BackPressure")
        if self._pressure is None:
            return
        newest = self.models[self._pressure["data"]["id"]].get("tick", 0)
        if newest > self.frames:
            self.frames = newest
            if self.acknowledges:
                # What had been sent before the connection was closed must be read to its end.
                with suppress(WebSocketClosedError):
                    await self.send_event("data_event", self._pressure, data=newest)

    async def _message(self) -> tuple[str, Any]:
        """Return the kind and the content of the next message."""
        header = json.loads(await self._fragment())
        await self._fragment()  # metadata
        content = json.loads(await self._fragment())
        for _ in range(2 * header.get("num_buffers", 0)):
            await self._fragment()
        return header["msgtype"], content

    async def _fragment(self) -> str | bytes:
        assert self._socket is not None
        fragment = await self._socket.read_message()
        if fragment is None:
            raise ConnectionError("the server has closed the connection")
        return fragment

    async def _patch(self, event: dict[str, Any]) -> None:
        await self._send("PATCH-DOC", {"events": [event]})

    async def _send(self, kind: str, content: dict[str, Any]) -> None:
        assert self._socket is not None
        parts = ({"msgid": uuid4().hex, "msgtype": kind}, {}, content)
        async with self._sending:  # The parts of two messages must not get mixed.
            for each in parts:
                await self._socket.write_message(json.dumps(each))


def _objects(content: object) -> Iterator[dict[str, Any]]:
    """Yield all models that are written out anywhere in a message."""
    if isinstance(content, dict):
        if content.get("type") == "object" and "id" in content:
            yield content
        for each in content.values():
            yield from _objects(each)
    elif isinstance(content, list):
        for each in content:
            yield from _objects(each)


def _encode(value: object) -> object:
    if isinstance(value, dict):
        return {"type": "map", "entries": [[key, _encode(each)] for key, each in value.items()]}
    return value
