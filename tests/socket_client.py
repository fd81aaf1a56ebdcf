"""A browser's session without a browser: a client that speaks Bokeh's protocol over a websocket.

It keeps the page's document up to date as BokehJS does, acknowledges the frames it is sent, and can
do what browsers do to a server: click, leave, vanish without a word, and stop reading.
"""

from __future__ import annotations

import asyncio
import html
import re
import socket
import struct
import time
from collections.abc import Callable
from typing import Any, Self

from bokeh.client.websocket import WebSocketClientConnectionWrapper
from bokeh.document import Document
from bokeh.document.events import MessageSentEvent, ModelChangedEvent
from bokeh.events import ButtonClick, DocumentReady
from bokeh.events import Event as BokehEvent
from bokeh.model import Model
from bokeh.protocol import Protocol
from bokeh.protocol.receiver import Receiver
from bokeh.util.token import get_session_id
from panel.models.esm import DataEvent
from tornado.websocket import WebSocketClientConnection, websocket_connect

from tests.server import OPENER_WITHOUT_PROXY

TOKEN = re.compile(r'"token":\s*"([^"]+)"')
WAIT_SECONDS = 30.0
POLL_SECONDS = 0.01


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
    document
        What the page shows.
    frames
        Number of the newest frame received.
    """

    def __init__(self, address: str, token: str) -> None:
        self.address, self.token = address, token
        self.document = Document()
        self.frames = 0
        self.acknowledges = True
        self._protocol = Protocol()
        self._socket: WebSocketClientConnection | None = None
        self._reading: asyncio.Task[None] | None = None

    @classmethod
    async def open(cls, address: str) -> Self:
        """Load a page, and connect to its session as its scripts do."""
        text = await get(address)
        found = TOKEN.search(html.unescape(text))
        assert found, text
        client = cls(address, found[1])
        await client.connect()
        return client

    @property
    def session_id(self) -> str:
        """The id of the session."""
        return str(get_session_id(self.token))

    async def connect(self) -> None:
        """Connect, again after a loss, and have the page load."""
        address = self.address.replace("http", "ws", 1).rstrip("/") + "/ws"
        self._socket = await websocket_connect(address, subprotocols=["bokeh", self.token])
        self._sender = WebSocketClientConnectionWrapper(self._socket)
        receiver = Receiver(self._protocol)
        await self._message(receiver)  # the acknowledgement
        await self._send("PULL-DOC-REQ")
        while (message := await self._message(receiver)).msgtype != "PULL-DOC-REPLY":
            pass
        self.document = Document()
        message.push_to_document(self.document)
        self._reading = asyncio.create_task(self._read(receiver))
        await self.send_event(DocumentReady())

    def model(self, css_class: str) -> Model | None:
        """Return the first model with a CSS class, if the page has one."""
        return self._find(lambda each: css_class in getattr(each, "css_classes", ()))

    async def send_event(self, event: BokehEvent) -> None:
        """Send an event as BokehJS does."""
        await self._patch(MessageSentEvent(self.document, "bokeh_event", event))

    async def set(self, model: Model, attribute: str, value: object) -> None:
        """Change a property."""
        await self._patch(ModelChangedEvent(self.document, model, attribute, value))

    async def click(self, css_class: str) -> None:
        """Click a button, once it is there."""
        await wait_until(lambda: self.model(css_class))
        button = self.model(css_class)
        assert button is not None
        await self.send_event(ButtonClick(button))

    async def send_data(self, class_name: str, data: object) -> None:
        """Send a message of a component's JavaScript, once the component is there."""
        await wait_until(lambda: self.component(class_name))
        component = self.component(class_name)
        assert component is not None
        await self.send_event(DataEvent(component, data))

    async def say_tab(self, tab: str, *, reloaded: bool = False) -> None:
        """Report the tab's id."""
        await self.send_data("BrowserTab", {"tab": tab, "reloaded": reloaded})

    async def train(self) -> None:
        """Press Play, and wait for frames of the training."""
        await self.send_data("BackPressure", 0)
        await self.click("pg-play")
        before = self.frames
        await wait_until(lambda: self.frames > before + 2)

    async def close(self) -> None:
        """Close the tab."""
        if self._socket is not None:
            self._socket.close()
        await self._end_reading()

    async def vanish(self) -> None:
        """End as if the machine had lost its power, as far as the server can see it."""
        stream = self._stream
        stream.socket.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        stream.close()
        await self.close()

    async def stop_reading(self) -> None:
        """Take nothing off the network any more, and keep the connection."""
        stream = self._stream
        stream.io_loop.remove_handler(stream.fileno())
        await self._end_reading()

    def component(self, class_name: str) -> Model | None:
        """Return the model of one of Playground's own components, if the page has one."""
        return self._find(lambda each: getattr(each, "class_name", None) == class_name)

    def _find(self, fits: Callable[[Model], bool]) -> Model | None:
        return next((each for each in self.document.models if fits(each)), None)

    @property
    def _stream(self) -> Any:
        assert self._socket is not None
        return self._socket.protocol.stream  # type: ignore[union-attr]

    async def _end_reading(self) -> None:
        if self._reading is not None:
            self._reading.cancel()
            await asyncio.gather(self._reading, return_exceptions=True)

    async def _read(self, receiver: Receiver) -> None:
        while True:
            message = await self._message(receiver)
            if message.msgtype == "PATCH-DOC":
                message.apply_to_document(self.document, self)
                await self._acknowledge()

    async def _acknowledge(self) -> None:
        component = self.component("BackPressure")
        if component is None or component.data.tick <= self.frames:
            return
        self.frames = component.data.tick
        if self.acknowledges:
            await self.send_event(DataEvent(component, self.frames))

    async def _message(self, receiver: Receiver) -> Any:
        assert self._socket is not None
        message = None
        while message is None:
            fragment = await self._socket.read_message()
            if fragment is None:
                raise ConnectionError("the server has closed the connection")
            message = await receiver.consume(fragment)
        return message

    async def _patch(self, event: Any) -> None:
        await self._send("PATCH-DOC", [event])

    async def _send(self, kind: str, *content: object) -> None:
        await self._protocol.create(kind, *content).send(self._sender)
