"""Links in a browser: the address bar follows, a link restores, frames and hiding work."""

from __future__ import annotations

import re
from html import escape
from pathlib import Path
from urllib.parse import quote

import pytest
from playwright.sync_api import BrowserContext, Frame, FrameLocator, Locator, Page

from tests.support.browser.lab_page import DESKTOP, OPENING_MS, PHONE, LabPage
from tests.support.browser.patient_expect import expect

ACTIVE = re.compile("active")
"""The class of a button that is pressed."""


@pytest.fixture
def app(server: str) -> str:
    return f"{server}/apps"


def expect_query(lab: LabPage, query: str) -> None:
    """Wait until the address bar says this and nothing else."""
    expect(lab.page).to_have_url(re.compile(rf"/apps{re.escape(query)}$"))


def history_length(page: Page) -> int:
    return int(page.evaluate("() => window.history.length"))


def discretise(shown: Page | FrameLocator) -> Locator:
    return shown.locator(".pg-boundary").get_by_role("checkbox").first


def log_scale(shown: Page | FrameLocator) -> Locator:
    return shown.locator(".pg-curves").get_by_role("checkbox").first


def notice(page: Page) -> str:
    expect(page.locator(".pg-notice:not(.pg-busy)")).to_be_visible()
    text = page.locator(".pg-notice-text")
    return str(text.evaluate("each => each.shadowRoot.lastElementChild.textContent"))


COUNT_WRITES = """() => {
    const write = history.replaceState.bind(history)
    window.written = 0
    history.replaceState = (...all) => { window.written += 1; write(...all) }
}"""
PRESS_KEYS = """(handle, keys) => {
    handle.focus()
    for (const key of keys) {
        handle.dispatchEvent(new KeyboardEvent("keydown", { key, bubbles: true, cancelable: true }))
    }
}"""
"""Presses keys one right after the other, however slow the machine is."""
WITHOUT_CLIPBOARD = """() => {
    Object.defineProperty(navigator, "clipboard", {value: undefined})
    document.execCommand = name => {
        window.copied = `${name} ${getSelection()}`
        window.field = document.activeElement.value
        return true
    }
}"""


HOSTILE = (
    f"a=1?b=2&gate={quote('<img src=x onerror=window.hurt=1>')}&<script>=1&hidden={'x,' * 4000}"
    f"&learning_rate=nan&%ff%zz=%&&&=&%3Cb%3E=%3Cb%3E&features={'[' * 9000}"
)


def test_the_address_follows_what_is_done_and_brings_it_back(
    page: Page, context: BrowserContext, app: str, tmp_path: Path
) -> None:
    # A hostile link opens, and says so; of it nothing is left in what follows.
    lab = LabPage(page, f"{app}?{HOSTILE}")
    before = history_length(page)
    assert notice(page)
    assert page.evaluate("() => window.hurt") is None
    assert lab.epoch == 0
    assert page.evaluate("() => window.FilePond") is None  # which only uploads need
    lab.click("Close")
    expect(page.locator(".pg-notice:not(.pg-busy)")).to_be_hidden()

    # A slider that is dragged does not flood the address bar.
    page.evaluate(COUNT_WRITES)
    slider = lab.slider("problem", 1)
    slider.evaluate(PRESS_KEYS, ["ArrowRight"] * 10 + ["ArrowLeft"] * 5)
    expect_query(lab, "?page=Gates&noise=0.25")
    assert 1 <= page.evaluate("() => window.written") < 10

    # The link is copied.
    copy = "Copy a link to this page as it is"
    context.grant_permissions(["clipboard-read", "clipboard-write"])
    lab.click(copy)
    expect(lab.button("Copied")).to_be_visible()
    assert page.evaluate("() => navigator.clipboard.readText()") == f"{app}?page=Gates&noise=0.25"
    slider.press("Home")
    expect_query(lab, "?page=Gates")

    # Whatever is changed gets into the address, and none of it into the history.
    lab.click("NAND")
    expect_query(lab, "?page=Gates&gate=NAND")
    lab.click("Add a hidden layer")
    discretise(page).check()
    log_scale(page).check()
    lab.click("Light or dark")
    query = "?page=Gates&dark=true&gate=NAND&hidden=6,6&discretise=true&log=true"
    expect_query(lab, query)
    assert history_length(page) == before

    # Without a clipboard the link is copied all the same.
    page.evaluate(WITHOUT_CLIPBOARD)
    lab.click(copy)
    expect(lab.button("Copied")).to_be_visible()
    assert page.evaluate("() => window.field") == f"{app}{query}"
    assert page.evaluate("() => window.copied").startswith("copy")

    # Opened, it shows all of that, here in a frame of a page from disk.
    shown = open_in_frame(
        page, f"{page.url}&embed=1&hide=training,details,noise,starts,landscape", tmp_path
    )
    frame = page.frame_locator("iframe")
    expect(frame.locator(".pg-dark").first).to_be_visible()
    expect(button(frame, "NAND")).to_have_class(ACTIVE)
    expect(discretise(frame)).to_be_checked()
    expect(log_scale(frame)).to_be_checked()
    expect(frame.get_by_text("2 hidden layers")).to_be_visible()

    # What is hidden leaves no hole.
    expect(frame.locator(".pg-problem").get_by_role("slider")).to_have_count(1)
    for part in ("brand", "nav", "theme", "link", "training", "details", "notice:not(.pg-busy)"):
        expect(frame.locator(f".pg-{part}")).to_be_hidden()
    for size in (DESKTOP, PHONE):
        page.set_viewport_size({"width": size[0], "height": size[1]})
        for area in ("problem", "network", "boundary", "curves"):
            expect(frame.locator(f".pg-{area}.pg-card")).to_be_visible()
        lab.wait_until(lambda size=size: cards_fill_the_frame(shown, size))

    # It learns there, and its address follows.
    page.set_viewport_size({"width": DESKTOP[0], "height": DESKTOP[1]})
    button(frame, "Play").click()
    expect(frame.locator(".pg-figures b").first).not_to_have_text("0")
    button(frame, "Pause").click()
    expect(button(frame, "Play")).to_be_visible()
    button(frame, "AND").click()
    expect(button(frame, "AND")).to_have_class(ACTIVE)
    rest = (
        "hidden=6,6&discretise=true&log=true&hide=training,details,noise,starts,landscape&embed=1"
    )
    shown.wait_for_url(re.compile(rf"\?page=Gates&dark=true&gate=AND&{rest}$"))


def button(frame: FrameLocator, name: str) -> Locator:
    return frame.get_by_role("button", name=name, exact=True)


def open_in_frame(page: Page, source: str, folder: Path) -> Frame:
    """Open a page of the app in a frame as large as the window, of a page from disk."""
    lesson = folder / "lesson.html"
    style = "position: fixed; inset: 0; border: 0; width: 100%; height: 100%"
    lesson.write_text(f'<!doctype html><iframe src="{escape(source)}" style="{style}"></iframe>')
    page.goto(lesson.as_uri())
    play = button(page.frame_locator("iframe"), "Play")
    expect(play).to_be_visible(timeout=OPENING_MS)
    return page.frames[1]


def cards_fill_the_frame(frame: Frame, size: tuple[int, int]) -> bool:
    """Whether the last card is as far right as the others, and on a phone as far down as can be."""
    curves, boundary = (
        frame.locator(f".pg-{area}.pg-card").bounding_box() for area in ("curves", "boundary")
    )
    assert curves is not None
    assert boundary is not None
    width, height, scrolled = frame.evaluate(
        """() => {
            const { scrollWidth, scrollHeight, scrollTop } = document.documentElement
            return [scrollWidth, scrollHeight, scrollTop]
        }"""
    )
    right = [box["x"] + box["width"] for box in (curves, boundary)]
    is_last = size == DESKTOP or curves["y"] + curves["height"] + scrolled > height - 30
    return abs(right[0] - right[1]) <= 1 and width <= size[0] and is_last
