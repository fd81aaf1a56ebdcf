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


def test_each_page_of_the_app_learns_and_the_one_before_pauses(page: Page, server: str) -> None:
    line = DelayedWebSocket(page)
    app = LabPage(page, f"{server}/apps")
    app.play()

    # A page that is closing takes no clicks.
    line.hold()
    app.go_to("Points")
    closing = app.button("Pause")
    expect(closing).to_be_visible()
    assert closing.evaluate(IS_INERT)
    line.release()

    # Points
    expect(page.get_by_role("heading", name="Data")).to_be_visible()
    expect(app.button("Play")).to_be_visible()
    app.wait_until(lambda: app.epoch == 0)
    app.play()

    # Digits
    app.go_to("Digits")
    digits = DigitsBrowserPage(page)
    digits.draw(SEVEN)
    digits.is_predicted("7")
    digits.play()

    # Gates again
    app.go_to("Gates")
    expect(page.get_by_role("heading", name="Logic gate")).to_be_visible()
    expect(app.button("Play")).to_be_visible()
    app.wait_until(lambda: app.epoch > 0)
    app.play()
    app.pause()
