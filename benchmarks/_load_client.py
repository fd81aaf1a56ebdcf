"""A browser's session for load tests: answers each frame after 30 ms, and costs little itself."""

from __future__ import annotations

import asyncio
import json
import re
from time import perf_counter
from typing import Any

from tests.support.servers.socket_client import SocketClient, wait_until

PAINT_SECONDS = 0.03
"""Seconds after which a frame is answered: so long a browser takes to paint one."""
TICK = re.compile(r'"attr":\s*"tick",\s*"new":\s*(\d+)')
SWITCH = "BoundaryCard.discretise"
EFFECT = '"palette"'
"""What is sent when Discretise is switched, and at no other time."""


class LoadClient(SocketClient):
    """One tab of a browser.

    Attributes
    ----------
    control_ms
        From each switch of Discretise to its effect.
    """

    def __init__(self, address: str, token: str) -> None:
        super().__init__(address, token)
        self.control_ms: list[float] = []
        self._switched_at = 0.0
        self._is_on = False

    @property
    def bytes_received(self) -> int:
        """Bytes on the wire, without those of TCP."""
        return int(self._socket.protocol._wire_bytes_in)  # type: ignore[union-attr]

    async def press_play(self) -> None:
        """Press Play, once it is there."""
        await wait_until(lambda: self.component("BackPressure"))
        await self.send_data("BackPressure", 0)
        await self.click("pg-play")

    async def switch(self) -> None:
        """Switch Discretise, and wait for the effect."""
        model = next(each for each in self.models.values() if SWITCH in each.get("tags", ()))
        self._is_on, self._switched_at = not self._is_on, perf_counter()
        await self.set(model, "active", self._is_on)
        await wait_until(lambda: not self._switched_at)

    async def _read(self) -> None:
        while True:
            header = json.loads(await self._fragment())
            await self._fragment()  # metadata
            text = str(await self._fragment())
            for _ in range(2 * header.get("num_buffers", 0)):
                await self._fragment()
            if header["msgtype"] != "PATCH-DOC":
                continue
            if self._switched_at and EFFECT in text:
                self.control_ms.append(1000 * (perf_counter() - self._switched_at))
                self._switched_at = 0.0
            if '"type":"object"' in text:
                self._learn(json.loads(text))
            if ticks := TICK.findall(text):
                self.frames = max(self.frames, int(ticks[-1]))
                answer = self._answer(self.frames)
                asyncio.get_running_loop().call_later(PAINT_SECONDS, self._send_soon, answer)

    def _send_soon(self, answer: Any) -> None:  # noqa: ANN401 (a coroutine)
        self._answering = asyncio.ensure_future(answer)

    async def _answer(self, frame: int) -> None:
        if not self._is_open:
            return  # It was closed within the 30 ms.
        pressure = self._pressure = self._pressure or self.component("BackPressure")
        if pressure is not None:
            await self.send_event("data_event", pressure, data=frame)

    @property
    def _is_open(self) -> bool:
        protocol = None if self._socket is None else self._socket.protocol
        return protocol is not None and not protocol.client_terminated
