"""The page about digits, as a person in front of the browser sees and uses it."""

from __future__ import annotations

import re
from collections.abc import Iterator

from playwright.sync_api import FilePayload, Locator, Page

from tests.support.browser.lab_page import LabPage, Places
from tests.support.browser.patient_expect import expect
from tests.support.data.photos import Shape

HOLDABLE = """() => {
    let waiting = null
    window.heldUp = {
        hold: () => { waiting = [] },
        release: () => {
            const messages = waiting ?? []
            waiting = null
            for (const pass of messages) pass()
        },
    }
    window.WebSocket = class extends WebSocket {
        get onmessage() {
            return super.onmessage
        }
        set onmessage(handle) {
            super.onmessage = (event) => {
                const pass = () => handle.call(this, event)
                if (waiting === null) pass()
                else waiting.push(pass)
            }
        }
    }
}"""
"""Has messages wait in the page; Playwright's own way takes each through its process and here."""


class DelayedWebSocket:
    """The way from the server to a page, on which messages can be held up.

    Parameters
    ----------
    page : Page
        Of Playwright; still empty.
    """

    def __init__(self, page: Page) -> None:
        self._page = page
        page.add_init_script(f"({HOLDABLE})()")

    def hold(self) -> None:
        """Let nothing through from now on."""
        self._page.evaluate("heldUp.hold()")

    def release(self) -> None:
        """Let everything through, in order."""
        self._page.evaluate("heldUp.release()")


class DigitsBrowserPage(LabPage):
    """Words for what is on the page about digits and what can be done there."""

    areas = ("sheet", "seen", "readings", "weights", "curves", "details")

    # What can be seen ---------------------------------------------------------------------

    @property
    def verdict(self) -> Locator:
        """The verdict: what the classifiers predict."""
        return self.part("verdict").locator("p")

    @property
    def explanation(self) -> Locator:
        """The sentence in the tab that is open beside the canvas."""
        return self.part("explanation").locator(".pg-reading").last

    @property
    def strokes_shown(self) -> int:
        """How many strokes are on the sheet in the browser."""
        return int(
            self.page.evaluate("""() => {
                const tool = (each) => each.type == "FreehandDrawTool"
                const [{renderers}] = [...Bokeh.documents[0]._all_models.values()].filter(tool)
                return renderers[0].data_source.data.xs.length
            }""")
        )

    def choice(self, part: str, name: str) -> Locator:
        """Find a button in one part of the page, by its whole name."""
        return self.part(part).get_by_role("button", name=name, exact=True)

    def strokes(
        self, shape: Shape, corner: tuple[float, float] = (0.2, 0.2), scale: float = 0.6
    ) -> Iterator[Places]:
        """Yield the places on the screen of each stroke of a shape, by shares of the sheet."""
        box = self.box("sheet")
        for stroke in shape:
            yield [
                (
                    box["x"] + (corner[0] + scale * x) * box["width"],
                    box["y"] + (corner[1] + scale * y) * box["height"],
                )
                for x, y in stroke
            ]

    # What can be waited for ---------------------------------------------------------------

    def is_predicted(self, name: str) -> None:
        """Wait until most classifiers predict this."""
        expect(self.verdict).to_have_text(re.compile(rf"^(Most predict|Prediction:) {name}\b"))

    # What can be done ---------------------------------------------------------------------

    def restore(self) -> None:
        """Also open the first tab beside the sheet, and clear the sheet."""
        self.open_tab("reading-card", "They read")
        self.clear()
        super().restore()

    def clear(self) -> None:
        """Clear the sheet, and wait until nothing is predicted any more."""
        if self.button("Clear").is_enabled():
            self.click("Clear")
        self.wait_until(lambda: self.strokes_shown == 0)
        expect(self.verdict).to_contain_text("Draw a digit")

    def open_tab(self, part: str, title: str) -> None:
        """Open a tab of a card."""
        self.part(part).locator(".bk-tab").get_by_text(title, exact=True).click()

    def trace(self, places: Places) -> None:
        """Move the mouse to each of the places in turn, as steadily as a hand."""
        for place in places:
            self.page.mouse.move(*place, steps=6)

    def draw(
        self, shape: Shape, corner: tuple[float, float] = (0.2, 0.2), scale: float = 0.6
    ) -> None:
        """Draw with the mouse."""
        for first, *rest in self.strokes(shape, corner, scale):
            self.page.mouse.move(*first)
            self.page.mouse.down()
            self.trace(rest)
            self.page.mouse.up()

    def upload_image(self, name: str, data: bytes) -> None:
        """Give a picture file to the page."""
        file: FilePayload = {"name": name, "mimeType": "image/png", "buffer": data}
        self.page.locator("input[type=file]").set_input_files(file)
