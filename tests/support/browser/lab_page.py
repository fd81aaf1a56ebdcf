"""A page with a network, as a person in front of the browser sees and uses it."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from itertools import pairwise
from pathlib import Path
from typing import ClassVar

from playwright.sync_api import FloatRect, Locator, Page

from playground.views.diagram.diagram_layout import Layout, compute_layout
from tests.support.browser.patient_expect import SECONDS, expect, is_after

STEADY_SECONDS = 0.5
"""How long a figure must stay the same to be at rest: a server may need that long to answer."""
PICTURE_MS = 100
"""Milliseconds between two looks at a figure, which has to be compressed for each."""
WATCH_MS = 2000
"""How long one figure is looked at before it is looked for again."""
OPENING_MS = 60_000
"""Milliseconds until a page is open: a server's first page imports all that it needs."""
DESKTOP = (1440, 900)
PHONE = (390, 844)
TOUCH_STEPS = 5
"""Messages a finger sends between one place of a stroke and the next."""

Places = list[tuple[float, float]]

CANVASES = """figure => {
    const found = []
    const search = (root) => {
        for (const each of root.querySelectorAll("*")) {
            if (each instanceof HTMLCanvasElement && each.width * each.height > 0)
                found.push(each.toDataURL())
            if (each.shadowRoot) search(each.shadowRoot)
        }
    }
    search(figure.shadowRoot)
    return found.join()
}"""
"""What is painted on a figure; a screenshot of it takes ten times as long."""
WATCH = f"""async (figure, {{before, same, steady, last, pause}}) => {{
    const paint = {CANVASES}
    const begin = performance.now()
    let [look, since] = [paint(figure), begin]
    const isReached = (now) =>
        steady ? now - since >= steady : (look === before) === same
    for (let now = begin; figure.isConnected && now < begin + last; now = performance.now()) {{
        if (isReached(now)) return look
        await new Promise(resolve => setTimeout(resolve, pause))
        const next = paint(figure)
        if (next !== look) [look, since] = [next, performance.now()]
    }}
    return null
}}"""
"""Looks at a figure again and again in the browser: to have each look asked for takes longer."""


def wait_until(page: Page, condition: Callable[[], bool], seconds: float = SECONDS) -> None:
    """Wait until something holds, and fail if it takes too long."""
    assert is_after(page, condition, seconds), "it never came"


class LabPage:
    """Words for what is on the page and what can be done there.

    Parameters
    ----------
    page : Page
        Of Playwright; still empty.
    url : str, optional
        Where the app is; left out where the page is open already.
    size : (int, int)
        Of the window, in pixels.
    """

    areas: ClassVar[tuple[str, ...]] = ("boundary", "network", "curves")
    """Where a figure is, the last to come last: then nothing moves any more."""

    def __init__(self, page: Page, url: str = "", size: tuple[int, int] = DESKTOP) -> None:
        self.page, self.url, self.size = page, url, size
        self._starts: dict[str, str] = {}
        if url:
            self.resize(self.size)
            page.goto(url, timeout=OPENING_MS)
        expect(self.button("Play")).to_be_visible(timeout=OPENING_MS)
        for area in self.areas:
            expect(self.figure(area)).to_be_visible(timeout=OPENING_MS)
        expect(self.part("details")).to_be_visible()

    # What can be seen ---------------------------------------------------------------------

    def part(self, name: str) -> Locator:
        """Find a part of the page by its class."""
        return self.page.locator(f".pg-{name}")

    def button(self, name: str) -> Locator:
        """Find a button by its whole name; the first where several have it."""
        return self.page.get_by_role("button", name=name, exact=True).first

    def field(self, label: str) -> Locator:
        """Find a field by its whole label."""
        return self.page.get_by_label(label, exact=True)

    def figure(self, area: str) -> Locator:
        """Find the first figure of a card."""
        return self.part(area).locator(".bk-Figure").first

    def picture(self, area: str) -> str:
        """Return what is painted on the figure of a card."""
        figure = self.figure(area)
        expect(figure).to_be_visible()
        return str(figure.evaluate(CANVASES))

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
        is_beside = self.box("boundary")["x"] > box["x"]
        return compute_layout(counts, (box["width"], box["height"]), open_end=is_beside)

    # What can be waited for -----------------------------------------------------------------

    def wait_until(self, condition: Callable[[], bool]) -> None:
        """Wait until something holds."""
        wait_until(self.page, condition)

    def wait_for_epochs(self, epochs: int = 2) -> None:
        """Wait until it has learned for some epochs more."""
        goal = self.epoch + epochs
        self.wait_until(lambda: self.epoch >= goal)

    def wait_steady(self, area: str) -> str:
        """Wait until a figure has come to rest, and return what it looks like."""
        return self._watch(area, steady=1000 * STEADY_SECONDS)

    def wait_for_start(self, area: str) -> str:
        """Wait until a figure looks as at the page's start, and return what it looks like.

        It is waited for with patience once: a page that has been restored looks the same again.
        """
        start = self._starts.get(area)
        if start is None or self.picture(area) != start:
            start = self._starts[area] = self.wait_steady(area)
        return start

    def wait_until_changed(self, area: str, before: str) -> None:
        """Wait until a figure looks different from before."""
        self._watch(area, before=before, same=False)

    def wait_until_same(self, area: str, before: str) -> None:
        """Wait until a figure looks as before."""
        self._watch(area, before=before, same=True)

    def _watch(self, area: str, **goal: object) -> str:
        look: str | None = None

        def is_reached() -> bool:
            nonlocal look
            figure = self.figure(area)
            expect(figure).to_be_visible()
            # A figure may be made anew meanwhile: then the new one is looked at.
            look = figure.evaluate(WATCH, {"last": WATCH_MS, "pause": PICTURE_MS, **goal})
            return look is not None

        self.wait_until(is_reached)
        assert look is not None
        return look

    def wait_for_reading(self, area: str, words: str, place: tuple[float, float]) -> None:
        """Point at a place on the screen until what a card reads out has the words in it."""
        reading = self.part(area).locator(".pg-reading").first

        def has_words() -> bool:
            self.page.mouse.move(place[0] + 1, place[1])
            self.page.mouse.move(*place)
            return re.search(words, self.read(reading)) is not None

        self.wait_until(has_words)

    # What can be done -----------------------------------------------------------------------

    def restore(self) -> None:
        """Have the page learn nothing and be at its start, in a window as large as at first.

        A test that changes a setting changes it back, or the address in the address bar differs.
        """
        self.page.mouse.move(0, 0)
        self.resize(self.size)
        self.page.evaluate("scrollTo(0, 0)")
        self.pause_if_running()
        self.reset()
        expect(self.page).to_have_url(self.url)

    def resize(self, size: tuple[int, int]) -> None:
        """Make the window larger or smaller."""
        self.page.set_viewport_size({"width": size[0], "height": size[1]})

    @contextmanager
    def on_a_phone(self) -> Iterator[None]:
        """Make the window that of a phone with a touch screen, and then as large as at first.

        This does what Playwright does for a whole context, which would load all of Bokeh anew.
        """
        self.resize(PHONE)
        width, height = PHONE
        size = {"width": width, "height": height, "deviceScaleFactor": 1, "mobile": True}
        session = self.page.context.new_cdp_session(self.page)
        session.send("Emulation.setTouchEmulationEnabled", {"enabled": True})
        session.send("Emulation.setDeviceMetricsOverride", size)
        self.wait_until(lambda: bool(self.page.evaluate("innerWidth") == width))
        yield
        session.send("Emulation.setTouchEmulationEnabled", {"enabled": False})
        session.send("Emulation.clearDeviceMetricsOverride")
        session.detach()
        self.resize(self.size)

    def layouts(self) -> int:
        """Return how often the browser has laid out the page, or a part of it, so far."""
        session = self.page.context.new_cdp_session(self.page)
        session.send("Performance.enable")
        metrics = session.send("Performance.getMetrics")["metrics"]
        session.detach()
        return next(int(each["value"]) for each in metrics if each["name"] == "LayoutCount")

    def reset(self) -> None:
        """Go back to the initial weights, and wait until the page says so."""
        self.click("Reset to the same initial weights")
        self.wait_until(lambda: self.epoch == 0)

    def enter(self, label: str, value: str) -> None:
        """Type into a field, and press Enter."""
        field = self.field(label)
        field.fill(value)
        field.press("Enter")

    def click(self, name: str) -> None:
        """Click the first button of that name."""
        self.button(name).click()

    def go_to(self, name: str) -> None:
        """Choose another page of the app; do not wait for it."""
        self.part("nav").get_by_role("button", name=name).click()

    def unfold(self, title: str, inside: Locator) -> None:
        """Open what is folded away under a title, if something inside cannot be seen."""
        if not inside.is_visible():
            self.part("more-title").filter(has_text=title).click()
        expect(inside).to_be_visible()

    @contextmanager
    def more_ways_to_train(self) -> Iterator[None]:
        """Open what lies folded away beside Play, and close it afterwards."""
        folded = self.part("transport-more")
        expect(folded).not_to_be_visible()
        self.click("More: pace, single steps, new weights")
        expect(folded).to_be_visible()
        yield
        self.page.keyboard.press("Escape")
        expect(folded).not_to_be_visible()

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

    def touch(self, places: Places) -> None:
        """Put a finger on the screen, move it to one place after the other, and take it off."""
        session = self.page.context.new_cdp_session(self.page)

        def finger(kind: str, *places: tuple[float, float]) -> None:
            points = [{"x": x, "y": y} for x, y in places]
            session.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": points})

        finger("touchStart", places[0])
        for (x, y), (next_x, next_y) in pairwise(places):
            for step in range(1, TOUCH_STEPS + 1):
                share = step / TOUCH_STEPS
                finger("touchMove", (x + share * (next_x - x), y + share * (next_y - y)))
        finger("touchEnd")
        session.detach()

    def tap(self, name: str) -> None:
        """Tap the first button of that name with a finger."""
        button = self.button(name)
        button.scroll_into_view_if_needed()
        box = button.bounding_box()
        assert box is not None
        self.touch([(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)])

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
        self.unfold("More: shapes", self.button("Download these points"))
        with self.page.expect_download() as download:
            self.button("Download these points").click()
        path = folder / "points.csv"
        download.value.save_as(path)
        return path.read_text().splitlines()[1:]
