"""A websocket to a served page that sends whatever a test wants, in Bokeh's protocol or not."""

from __future__ import annotations

import asyncio
import html
import json
import re
from collections.abc import Mapping
from typing import Any, Self
from urllib.request import Request

from bokeh.protocol import Protocol
from bokeh.protocol.receiver import Receiver
from tornado.httpclient import HTTPRequest
from tornado.websocket import WebSocketClientConnection, WebSocketClosedError, websocket_connect

from tests.support.servers.server import OPENER_WITHOUT_PROXY

TOKEN = re.compile(r'"token":\s*"([^"]+)"')
SECONDS = 60.0


def page_token(address: str) -> str:
    """Return the token that a page's HTML holds, which names its session."""
    with OPENER_WITHOUT_PROXY.open(Request(address), timeout=SECONDS) as answer:
        found = TOKEN.search(html.unescape(answer.read().decode()))
    assert found
    return found[1]


class RawSocket:
    """A connected websocket; use `RawSocket.open`."""

    def __init__(self, socket: WebSocketClientConnection) -> None:
        self._socket = socket
        self._receiver = Receiver(Protocol())
        self._ended = False

    @classmethod
    async def open(
        cls, address: str, token: str | None = None, headers: Mapping[str, str] | None = None
    ) -> Self:
        """Connect to a page's session, and read the acknowledgement."""
        token = await asyncio.to_thread(page_token, address) if token is None else token
        request = HTTPRequest(
            address.replace("http", "ws", 1).rstrip("/") + "/ws",
            headers=dict(headers or {}),
            request_timeout=SECONDS,
        )
        socket = cls(await websocket_connect(request, subprotocols=["bokeh", token]))
        assert (await socket.message()).msgtype == "ACK"
        return socket

    async def send(self, *fragments: str | bytes) -> None:
        """Send parts of a message as they are."""
        for fragment in fragments:
            try:
                await self._socket.write_message(fragment, binary=isinstance(fragment, bytes))
            except WebSocketClosedError:
                raise ConnectionError("closed") from None

    async def ask(self, kind: str, content: object, buffers: Mapping[str, bytes] = {}) -> Any:
        """Send a message, and return the answer to it; of others that come before, nothing."""
        header = {"msgid": "1", "msgtype": kind, "num_buffers": len(buffers)}
        await self.send(json.dumps(header), "{}", json.dumps(content))
        for name, data in buffers.items():
            await self.send(json.dumps({"id": name}), data)
        while (answer := await self.message()).header.get("reqid") != "1":
            pass
        return answer

    async def patch(self, *events: object, **buffers: bytes) -> Any:
        """Send events, and return the answer."""
        return await self.ask("PATCH-DOC", {"events": list(events)}, buffers)

    async def document(self) -> Any:
        """Return the session's document as JSON."""
        return (await self.ask("PULL-DOC-REQ", {})).content["doc"]

    async def message(self) -> Any:
        """Return the next message; raise ConnectionError if the server closes instead."""
        while True:
            fragment = await asyncio.wait_for(self._socket.read_message(), SECONDS)
            if fragment is None:
                self._ended = True
                raise ConnectionError(f"{self._socket.close_code} {self._socket.close_reason}")
            if (message := await self._receiver.consume(fragment)) is not None:
                return message

    async def close(self) -> None:
        """Close the websocket, and wait until the server has done so too."""
        self._socket.close()
        while not self._ended:
            self._ended = await asyncio.wait_for(self._socket.read_message(), SECONDS) is None


def model_with(content: Any, css_class: str) -> Any:
    """Return the first model with a CSS class in a document's JSON: its id and attributes."""
    children = content.values() if isinstance(content, dict) else content
    if isinstance(content, dict) and css_class in content.get("attributes", {}).get(
        "css_classes", ()
    ):
        return content
    found = (model_with(each, css_class) for each in children if isinstance(each, (dict, list)))
    return next((each for each in found if each is not None), None)
