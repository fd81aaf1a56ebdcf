"""The app with all pages in a real Chromium: going from one page to another."""

from __future__ import annotations

import re

from playwright.sync_api import Page

from tests.support.browser.digits_browser_page import DelayedWebSocket, DigitsBrowserPage
from tests.support.browser.lab_page import OPENING_MS, LabPage
from tests.support.browser.patient_expect import expect
from tests.support.data.photos import SEVEN

IS_INERT = """each => {
    for (let node = each; node; node = node.parentNode ?? node.host) {
        if (node.inert) return true
    }
    return false
}"""
DIGITS_LINK = "?page=Digits&model=own&own_channels=6&log=true&readers=cnn,mlp&tab=Samples"
LEFT = "model=lenet&own_channels=6&readers=cnn,mlp&log=true&tab=Samples"
"""What the address says of the page about digits when it is left."""


def test_a_link_opens_one_of_the_pages_and_the_others_are_a_click_away(
    page: Page, server: str
) -> None:
    line = DelayedWebSocket(page)
    page.goto(f"{server}/apps{DIGITS_LINK}", timeout=OPENING_MS)

    # The page that the link is about, as the link says.
    expect(page.locator(".pg-details")).to_be_visible(timeout=OPENING_MS)
    digits = DigitsBrowserPage(page)
    nav, setup, notice = digits.part("nav"), digits.part("setup"), ".pg-notice:not(.pg-busy)"
    expect(nav.locator(".bk-active")).to_have_text("Digits")
    expect(setup.get_by_role("button", name="Custom")).to_have_class(re.compile("bk-active"))
    expect(setup.get_by_label("Channels")).to_have_value("6")
    expect(digits.part("curves").get_by_role("checkbox").first).to_be_checked()
    expect(page.locator(".pg-details .bk-tab.bk-active")).to_have_text("Samples")
    expect(page.locator(notice)).to_be_hidden()
    setup.get_by_role("button", name="LeNet-5").click()
    expect_address(page, f"?page=Digits&{LEFT}")
    digits.draw(SEVEN)
    digits.is_predicted("7")
    digits.play()

    # A page that is closing takes no clicks.
    line.hold()
    digits.go_to("Points")
    closing = digits.button("Pause")
    expect(closing).to_be_visible()
    assert closing.evaluate(IS_INERT)
    line.release()

    # Each page begins at its start.
    expect_heading(page, "Data")
    lab = LabPage(page)
    expect_address(
        page,
        "?page=Points&shape=arms&noise=0&classes_count=2&split=exact&features=x,y&hidden=4&pace=5",
    )
    expect(nav.locator(".bk-active")).to_have_text("Points")
    lab.wait_until(lambda: lab.epoch == 0)
    lab.play()
    page.get_by_role("button", name=re.compile("^circle: ")).click()
    expect_address(
        page, "?page=Points&noise=0&classes_count=2&split=exact&features=x,y&hidden=4&pace=5"
    )

    # When one comes back it is as it was left, and paused.
    lab.go_to("Digits")
    expect_heading(page, "Draw a digit")
    expect_address(page, f"?page=Digits&{LEFT}")
    expect(nav.locator(".bk-active")).to_have_text("Digits")
    expect(setup.get_by_role("button", name="LeNet-5")).to_have_class(re.compile("bk-active"))
    digits.is_predicted("7")
    digits.wait_until(lambda: digits.epoch > 0)
    expect(digits.button("Play")).to_be_visible()
    digits.play()
    digits.pause()


def expect_heading(page: Page, name: str) -> None:
    """Wait until the page with this heading is there."""
    expect(page.get_by_role("heading", name=name)).to_be_visible(timeout=OPENING_MS)


def expect_address(page: Page, query: str) -> None:
    """Wait until the address bar says this and nothing else."""
    expect(page).to_have_url(re.compile(rf"/apps{re.escape(query)}$"))
