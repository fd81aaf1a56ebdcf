"""One visit of the page with an empty browser cache, and measurements of it."""

from __future__ import annotations

from itertools import chain, repeat
from pathlib import Path
from time import perf_counter
from types import TracebackType
from typing import Any
from urllib.parse import urlsplit

import _root  # noqa: F401 (makes `tests` importable)
from _chromium import open_window
from playwright.sync_api import Browser, Request

from tests.support.servers.server import LOCAL_HOSTS

PROBE = Path(__file__).with_name("_paint_probe.js")
SETTLE_MS = 1000
"""Milliseconds to wait at the start of training, and between two clicks."""
DISCRETISE = ".pg-boundary .pg-heading input"
CONTROLS = {
    "discretise": (DISCRETISE, DISCRETISE),
    "neuron": tuple(f"role=button[name='One neuron {which}']" for which in ("more", "fewer")),
}
"""Selectors of what is clicked in turn, by the name of the effect in `_paint_probe.js`."""


class PageVisit:
    """A page in a new browser context; a context manager that closes it.

    Attributes
    ----------
    first_paint_s : float
        Seconds from the start of navigation until the play button and the boundary were visible.
    http_bytes, socket_bytes : int
        Bytes received until `stop_counting_bytes`, over HTTP with headers, and over the page's
        web socket.
    foreign_requests : int
        Number of requests to other hosts so far.
    """

    def __init__(self, browser: Browser, address: str) -> None:
        self.http_bytes = self.socket_bytes = self.foreign_requests = 0
        self._page = open_window(browser)
        self._context = self._page.context
        self._context.on("request", self._note_host)
        network = self._context.new_cdp_session(self._page)
        network.on("Network.loadingFinished", self._note_http)
        network.on("Network.webSocketFrameReceived", self._note_socket)
        network.send("Network.enable")
        self._network = network
        self._page.add_init_script(path=PROBE)
        self._page.goto(address)
        first_paint = self._page.wait_for_function("bench.firstPaint", timeout=60_000)
        self.first_paint_s: float = first_paint.json_value()

    def __enter__(self) -> PageVisit:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._context.close()

    def toggle_training(self) -> None:
        """Click play or pause, and wait until it has taken effect."""
        self._page.locator(".pg-play button").click()
        self._page.wait_for_timeout(SETTLE_MS)

    def stop_counting_bytes(self) -> None:
        """Stop counting, which costs the browser an event for each message it receives."""
        self._network.send("Network.disable")

    def rates_per_second(self, seconds: float) -> tuple[float, float]:
        """Return painted frames and epochs per second."""
        rates = self._page.evaluate("seconds => bench.pace(seconds)", seconds)
        return rates["frames"], rates["epochs"]

    def scrub(self, seconds: float) -> float:
        """Return painted frames per second while the checkpoint slider is dragged to and fro."""
        handle = self._page.locator(".pg-past-slider .noUi-handle").bounding_box()
        track = self._page.locator(".pg-past-slider .noUi-target").bounding_box()
        assert handle is not None
        assert track is not None
        mouse, y = self._page.mouse, handle["y"] + handle["height"] / 2
        mouse.move(handle["x"] + handle["width"] / 2, y)
        mouse.down()
        before, begun = self._page.evaluate("bench.frames"), perf_counter()
        positions = chain.from_iterable(repeat([*range(95, 5, -1), *range(5, 95)]))  # percent
        while (passed := perf_counter() - begun) < seconds:
            mouse.move(track["x"] + next(positions) / 100 * track["width"], y)
        frames: int = self._page.evaluate("bench.frames") - before
        mouse.up()
        self._page.wait_for_timeout(SETTLE_MS / 2)
        return frames / passed

    def control_ms(self, name: str, number: int) -> float:
        """Return the milliseconds from a click on one of `CONTROLS` until its effect is painted.

        Every second one, by its number, undoes the one before.
        """
        self._page.evaluate("name => bench.arm(name)", name)
        self._page.locator(CONTROLS[name][number % 2]).first.click()
        answer: float = self._page.evaluate("() => bench.answer")
        self._page.wait_for_timeout(SETTLE_MS / 2)
        return answer

    def _note_host(self, request: Request) -> None:
        host = urlsplit(request.url).hostname
        # blob: and data: URLs, which are part of the page, have no host.
        self.foreign_requests += host is not None and host not in LOCAL_HOSTS

    def _note_http(self, event: dict[str, Any]) -> None:
        self.http_bytes += int(event["encodedDataLength"])

    def _note_socket(self, event: dict[str, Any]) -> None:
        self.socket_bytes += len(event["response"]["payloadData"])
