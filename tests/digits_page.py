"""The page about digits, as a person in front of the browser sees and uses it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import pairwise

from playwright.sync_api import FilePayload, Locator, Page, expect

from tests.lab_page import DESK, LabPage
from tests.photos import Shape

AREAS = ("sheet", "seen", "readings", "weights", "curves", "details")
"""Where a figure is, once there are pictures to learn from."""

Places = list[tuple[float, float]]


class ReaderPage(LabPage):
    """Words for what is on the page about digits and what can be done there.

    Parameters
    ----------
    page : Page
        Of Playwright; still empty.
    url : str
        Where the app is.
    size : (int, int)
        Of the window, in pixels.
    by_nav : bool
        Whether the app has several pages, and this one must be chosen.
    """

    def __init__(
        self, page: Page, url: str, size: tuple[int, int] = DESK, *, by_nav: bool = False
    ) -> None:
        self.page = page
        page.set_viewport_size({"width": size[0], "height": size[1]})
        page.goto(url)
        if by_nav:
            self.part("nav").get_by_role("button", name="Digits").click()
        for area in AREAS:
            expect(self.figure(area)).to_be_visible()
        expect(self.button("Play")).to_be_visible()

    # What can be seen ---------------------------------------------------------------------

    @property
    def verdict(self) -> Locator:
        """The sentence on what the readers make of it."""
        return self.part("verdict").locator("p")

    @property
    def explanation(self) -> Locator:
        """The sentence in the tab that is open beside the canvas."""
        return self.part("explanation").locator(".pg-reading").last

    def choice(self, part: str, name: str) -> Locator:
        """Find a button in one part of the page, by its whole name."""
        return self.part(part).get_by_role("button", name=name, exact=True)

    def strokes(self, shape: Shape) -> Iterator[Places]:
        """Yield the places on the screen of each stroke of a shape in the middle of the sheet."""
        box = self.box("sheet")
        for stroke in shape:
            yield [
                (
                    box["x"] + (0.2 + 0.6 * x) * box["width"],
                    box["y"] + (0.2 + 0.6 * y) * box["height"],
                )
                for x, y in stroke
            ]

    # What can be waited for ---------------------------------------------------------------

    def is_read_as(self, name: str) -> None:
        """Wait until the sentence says that most readers read this."""
        expect(self.verdict).to_have_text(re.compile(rf"^(Most read|Read as) {name}\b"))

    # What can be done ---------------------------------------------------------------------

    def open_tab(self, part: str, title: str) -> None:
        """Open a tab of a card."""
        self.part(part).locator(".bk-tab").get_by_text(title, exact=True).click()

    def trace(self, places: Places) -> None:
        """Move the mouse to each of the places in turn, as steadily as a hand."""
        for place in places:
            self.page.mouse.move(*place, steps=6)

    def draw(self, shape: Shape) -> None:
        """Draw with the mouse."""
        for first, *rest in self.strokes(shape):
            self.page.mouse.move(*first)
            self.page.mouse.down()
            self.trace(rest)
            self.page.mouse.up()

    def touch(self, shape: Shape) -> None:
        """Draw with a finger."""
        session = self.page.context.new_cdp_session(self.page)

        def finger(kind: str, *places: tuple[float, float]) -> None:
            points = [{"x": x, "y": y} for x, y in places]
            session.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": points})

        for places in self.strokes(shape):
            finger("touchStart", places[0])
            for (x, y), (next_x, next_y) in pairwise(places):
                for share in (0.2, 0.4, 0.6, 0.8, 1.0):
                    finger("touchMove", (x + share * (next_x - x), y + share * (next_y - y)))
            finger("touchEnd")

    def give(self, name: str, data: bytes) -> None:
        """Give a picture file to the page."""
        file: FilePayload = {"name": name, "mimeType": "image/png", "buffer": data}
        self.page.locator("input[type=file]").set_input_files(file)
