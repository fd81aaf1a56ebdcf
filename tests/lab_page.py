"""A page with a network, as a person in front of the browser sees and uses it."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path
from time import monotonic
from typing import ClassVar

from playwright.sync_api import FloatRect, Locator, Page, expect

from playground.views.diagram.diagram_layout import Layout, compute_layout

SECONDS = 20
"""How long a person would wait for anything to show."""
DESKTOP = (1440, 900)
PHONE = (390, 844)

expect.set_options(timeout=SECONDS * 1000)


class LabPage:
    """Words for what is on the page and what can be done there.

    Parameters
    ----------
    page : Page
        Of Playwright; still empty.
    url : str
        Where the app is.
    size : (int, int)
        Of the window, in pixels.
    nav : str, optional
        What the page is called in an app of several pages, where it must be chosen.
    """

    areas: ClassVar[tuple[str, ...]] = ("boundary", "network", "curves")
    """Where a figure is, the last to come last: then nothing moves any more."""

    def __init__(
        self, page: Page, url: str, size: tuple[int, int] = DESKTOP, *, nav: str | None = None
    ) -> None:
        self.page = page
        page.set_viewport_size({"width": size[0], "height": size[1]})
        page.goto(url)
        if nav is not None:
            self.part("nav").get_by_role("button", name=nav).click()
        expect(self.button("Play")).to_be_visible()
        for area in self.areas:
            expect(self.figure(area)).to_be_visible()
        expect(self.part("details")).to_be_visible()

    # What can be seen ---------------------------------------------------------------------

    def part(self, name: str) -> Locator:
        """Find a part of the page by its class."""
        return self.page.locator(f".pg-{name}")

    def button(self, name: str) -> Locator:
        """Find a button by its whole name; the first where several have it."""
        return self.page.get_by_role("button", name=name, exact=True).first

    def figure(self, area: str) -> Locator:
        """Find the first figure of a card."""
        return self.part(area).locator(".bk-Figure").first

    def picture(self, area: str) -> bytes:
        """Return what the figure of a card looks like."""
        return self.figure(area).screenshot()

    def box(self, area: str) -> FloatRect:
        """Return where the figure of a card is: x, y, width and height."""
        box = self.figure(area).bounding_box()
        assert box is not None, f"the figure {area} cannot be seen"
        return box

    @staticmethod
    def read(pane: Locator) -> str:
        """Return the text of a pane, which Playwright by itself does not look for in its shadow."""
        return str(pane.evaluate("each => each.shadowRoot.lastElementChild.textContent"))

    @property
    def epoch(self) -> int:
        """The number in the header."""
        text = self.part("figures").locator("b").first.text_content() or ""
        return int(text.replace(",", ""))

    def layout(self, *counts: int) -> Layout:
        """Return where everything in the diagram is: features, hidden layers, outputs."""
        box = self.box("network")
        return compute_layout(counts, (box["width"], box["height"]), open_end=True)

    # What can be waited for -----------------------------------------------------------------

    def wait_until(self, condition: Callable[[], bool]) -> None:
        """Wait until something holds, looking at every repaint of the page."""
        deadline = monotonic() + SECONDS
        while not condition():
            assert monotonic() < deadline, "it never came"
            self.page.evaluate("() => new Promise(requestAnimationFrame)")

    def wait_for_epochs(self, epochs: int = 2) -> None:
        """Wait until it has learned for some epochs more."""
        goal = self.epoch + epochs
        self.wait_until(lambda: self.epoch >= goal)

    def wait_steady(self, area: str) -> bytes:
        """Wait until a figure has come to rest, and return what it looks like."""
        looks: list[bytes] = []

        def rests() -> bool:
            looks.append(self.picture(area))
            return len(looks) > 3 and len(set(looks[-4:])) == 1

        self.wait_until(rests)
        return looks[-1]

    def wait_until_changed(self, area: str, before: bytes) -> None:
        """Wait until a figure looks different from before."""
        self.wait_until(lambda: self.picture(area) != before)

    def wait_until_same(self, area: str, before: bytes) -> None:
        """Wait until a figure looks as before."""
        self.wait_until(lambda: self.picture(area) == before)

    def wait_for_reading(self, area: str, words: str, place: tuple[float, float]) -> None:
        """Point at a place on the screen until what a card reads out has the words in it."""
        reading = self.part(area).locator(".pg-reading").first

        def has_words() -> bool:
            self.page.mouse.move(place[0] + 1, place[1])
            self.page.mouse.move(*place)
            return re.search(words, self.read(reading)) is not None

        self.wait_until(has_words)

    # What can be done -----------------------------------------------------------------------

    def click(self, name: str) -> None:
        """Click the first button of that name."""
        self.button(name).click()

    def unfold(self, title: str) -> None:
        """Open what is folded away under a title."""
        self.part("more-title").filter(has_text=title).click()

    def play(self) -> None:
        """Start, and wait until it learns."""
        self.click("Play")
        self.wait_for_epochs()

    def pause(self) -> None:
        """Pause, and wait until the page says so."""
        self.click("Pause")
        expect(self.button("Play")).to_be_visible()

    def pause_if_running(self) -> None:
        """Pause if it learns, as the server logs whatever could not be sent to a closed page."""
        if self.button("Pause").is_visible():
            self.pause()

    def diagram_to_screen(self, across: float, up: float) -> tuple[float, float]:
        """Return where on the screen a place in the diagram's coordinates is."""
        box = self.box("network")
        return box["x"] + across, box["y"] + box["height"] - up

    def boundary_to_screen(self, across: float, down: float) -> tuple[float, float]:
        """Return where on the screen a share of the boundary's width and height is."""
        box = self.box("boundary")
        return box["x"] + across * box["width"], box["y"] + down * box["height"]

    def slider(self, part: str, number: int) -> Locator:
        """Find one of the sliders in a part of the page."""
        return self.part(part).get_by_role("slider").nth(number)

    def rows(self, folder: Path) -> list[str]:
        """Download the points, and return the rows of the table."""
        if not self.button("Download these points").is_visible():
            self.unfold("Seed, upload, download")
        with self.page.expect_download() as download:
            self.button("Download these points").click()
        path = folder / "points.csv"
        download.value.save_as(path)
        return path.read_text().splitlines()[1:]
