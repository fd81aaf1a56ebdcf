"""The app with all pages in a real Chromium: going from one page to another."""

from __future__ import annotations

from playwright.sync_api import Page, expect

from tests.digits_browser_page import DelayedWebSocket, DigitsBrowserPage
from tests.lab_page import LabPage
from tests.photos import SEVEN

IS_INERT = """each => {
    for (let node = each; node; node = node.parentNode ?? node.host) {
        if (node.inert) return true
    }
    return false
}"""


def test_a_page_that_is_closing_takes_no_clicks(page: Page, server: str) -> None:
    line = DelayedWebSocket(page)
    app = LabPage(page, f"{server}/apps?page=gates")
    line.hold()
    app.go_to("Points")
    closing = app.button("Play")
    expect(closing).to_be_visible()
    assert closing.evaluate(IS_INERT)
    line.release()
    app.play()  # waits for one that can be clicked
    expect(page.get_by_role("heading", name="Data")).to_be_visible()
    app.pause_if_running()


def test_the_app_has_all_pages(page: Page, server: str) -> None:
    app = LabPage(page, f"{server}/apps?page=gates")
    app.play()
    app.go_to("Points")
    expect(page.get_by_role("heading", name="Data")).to_be_visible()
    expect(app.button("Play")).to_be_visible()
    app.wait_until(lambda: app.epoch == 0)
    app.play()
    app.go_to("Gates")
    expect(page.get_by_role("heading", name="Logic gate")).to_be_visible()
    app.wait_until(lambda: app.epoch > 0)
    expect(app.button("Play")).to_be_visible()
    app.play()
    app.pause_if_running()


def test_digits_are_one_of_its_pages(page: Page, server: str) -> None:
    LabPage(page, f"{server}/apps").go_to("Digits")
    digits = DigitsBrowserPage(page)
    digits.draw(SEVEN)
    digits.is_predicted("7")
    digits.play()
    digits.pause_if_running()
