"""A snapshot opened from disk in an offline browser, and what tests do with it."""

from __future__ import annotations

from io import BytesIO
from pathlib import Path
from urllib.parse import urlsplit

import numpy as np
from PIL import Image
from playwright.sync_api import Page, Request

from playground.export.snapshot.assets import bundle

DESKTOP = (1440, 900)
PHONE = (390, 844)
SMOOTHING = 8  # of 255


class SnapshotPage:
    """A snapshot in a browser page.

    Parameters
    ----------
    page : Page
        Of Playwright; still empty.
    html : str
        The whole file.
    folder : Path
        Where the file is written.
    size : (int, int)
        Of the window, in pixels.
    """

    def __init__(
        self, page: Page, html: str, folder: Path, size: tuple[int, int] = DESKTOP
    ) -> None:
        self.page, self.size = page, size
        self.requests: list[str] = []
        page.on("request", self._note)
        page.context.set_offline(True)
        self.resize(size)
        file = folder / "snapshot.html"
        file.write_text(html, encoding="utf-8")
        page.goto(file.as_uri())
        page.wait_for_selector("html[data-ready]")
        self.wait_until_drawn()
        self._first_look = self.screenshot("body")

    def _note(self, request: Request) -> None:
        self.requests.append(request.url)

    def restore(self) -> None:
        """Have it look as when it was opened; load it anew if there is no way back."""
        self.page.mouse.move(0, 0)
        self.page.evaluate("document.activeElement.blur()")
        self.resize(self.size)
        self.wait_until_drawn()
        if not look_alike(self.screenshot("body"), self._first_look):
            self.page.reload()
            self.page.wait_for_selector("html[data-ready]")
            self.wait_until_drawn()

    def resize(self, size: tuple[int, int]) -> None:
        """Make the window larger or smaller."""
        self.page.set_viewport_size({"width": size[0], "height": size[1]})

    @property
    def foreign_requests(self) -> list[str]:
        """Requests for anything but the file itself."""
        own = {"file", "data", "blob"}
        return [url for url in self.requests if urlsplit(url).scheme not in own]

    def wait_until_drawn(self) -> None:
        """Wait until all changes have been drawn, the finer picture included."""
        self.page.evaluate(
            "async () => { do { await new Promise(requestAnimationFrame) }"
            " while (snapshot.state && (snapshot.state.due || snapshot.state.busy)) }"
        )
        self.wait_frames(2)

    def wait_frames(self, count: int) -> None:
        """Wait for so many repaints."""
        for _ in range(count):
            self.page.evaluate("() => new Promise(requestAnimationFrame)")

    def go_to(self, checkpoint: int) -> None:
        """Move the slider to a checkpoint, as a user does."""
        slider = self.page.locator("#checkpoint")
        slider.fill(str(checkpoint))
        self.wait_until_drawn()

    def text(self, place: str) -> str:
        """Return the text of an element."""
        return self.page.locator(place).inner_text()

    def screenshot(self, place: str) -> bytes:
        """Return what an element looks like."""
        return self.page.locator(place).screenshot()


def look_alike(one: bytes, other: bytes) -> bool:
    """Whether two pictures look the same; browsers smooth corners not quite alike each time."""
    images = [Image.open(BytesIO(picture)).convert("RGB") for picture in (one, other)]
    first, second = (np.asarray(image, np.int16) for image in images)
    return first.shape == second.shape and int(np.abs(first - second).max()) <= SMOOTHING


class ScriptPage:
    """An empty page with JavaScript modules of a snapshot, so that tests can call their functions.

    Parameters
    ----------
    page : Page
        Of Playwright; empty.
    *modules : str
        Their files.
    """

    def __init__(self, page: Page, *modules: str) -> None:
        self.page = page
        page.add_script_tag(content=bundle(*modules))

    def restore(self) -> None:
        """Do nothing: calling a function leaves nothing behind."""
