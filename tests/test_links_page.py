"""Links in a browser: the address bar follows, a link restores, frames and hiding work."""

from __future__ import annotations

import re
from pathlib import Path
from urllib.parse import quote

import pytest
from playwright.sync_api import BrowserContext, Locator, Page, expect

from tests.lab_page import DESKTOP, OPENING_MS, PHONE, LabPage, wait_until


@pytest.fixture
def app(server: str) -> str:
    return f"{server}/apps"


def expect_query(lab: LabPage, query: str) -> None:
    """Wait until the address bar says this and nothing else."""
    expect(lab.page).to_have_url(re.compile(rf"/apps{re.escape(query)}$"))


def history_length(page: Page) -> int:
    return int(page.evaluate("() => window.history.length"))


def active_buttons(lab: LabPage, part: str) -> list[str]:
    """Buttons of a part that are pressed."""
    return lab.part(part).locator(".bk-active").all_inner_texts()


def discretise(page: Page) -> Locator:
    return page.locator(".pg-boundary").get_by_role("checkbox").first


def log_scale(page: Page) -> Locator:
    return page.locator(".pg-curves").get_by_role("checkbox").first


def notice(page: Page) -> str:
    expect(page.locator(".pg-notice:not(.pg-busy)")).to_be_visible()
    text = page.locator(".pg-notice-text")
    return str(text.evaluate("each => each.shadowRoot.lastElementChild.textContent"))


COUNT_WRITES = """() => {
    const write = history.replaceState.bind(history)
    window.written = 0
    history.replaceState = (...all) => { window.written += 1; write(...all) }
}"""
WITHOUT_CLIPBOARD = """() => {
    Object.defineProperty(navigator, "clipboard", {value: undefined})
    document.execCommand = name => {
        window.copied = `${name} ${getSelection()}`
        window.field = document.activeElement.value
        return true
    }
}"""


def test_the_address_follows_what_is_done_and_brings_it_back(
    page: Page, context: BrowserContext, app: str
) -> None:
    lab = LabPage(page, f"{app}?page=Gates")
    before = history_length(page)
    expect_query(lab, "?page=Gates")

    # A slider that is dragged does not flood the address bar.
    page.evaluate(COUNT_WRITES)
    slider = lab.slider("problem", 1)
    slider.focus()
    for _ in range(40):
        slider.press("ArrowRight")
    expect_query(lab, "?page=Gates&noise=0.5")
    assert 1 <= page.evaluate("() => window.written") < 20

    # The link is copied.
    copy = "Copy a link to this page as it is"
    context.grant_permissions(["clipboard-read", "clipboard-write"])
    lab.click(copy)
    expect(lab.button("Copied")).to_be_visible()
    assert page.evaluate("() => navigator.clipboard.readText()") == f"{app}?page=Gates&noise=0.5"
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

    # Opened, it shows all of that.
    again = LabPage(page, page.url)
    expect(again.part("dark").first).to_be_visible()
    assert "NAND" in active_buttons(again, "problem")
    expect(discretise(page)).to_be_checked()
    expect(log_scale(page)).to_be_checked()
    expect(page.get_by_text("2 hidden layers")).to_be_visible()
    again.click("NAND")
    again.click("XOR")
    expect_query(again, "?page=Gates&dark=true&hidden=6,6&discretise=true&log=true")


def test_what_is_hidden_leaves_no_hole(page: Page, app: str) -> None:
    page.goto(f"{app}?hide=training,details,noise,starts")
    for size in (DESKTOP, PHONE):
        page.set_viewport_size({"width": size[0], "height": size[1]})
        for area in ("problem", "network", "boundary", "curves"):
            expect(page.locator(f".pg-{area}.pg-card")).to_be_visible(timeout=OPENING_MS)
        for area in ("training", "details"):
            expect(page.locator(f".pg-{area}.pg-card")).to_be_hidden()
        expect(page.locator(".pg-problem").get_by_role("slider")).to_have_count(1)
        expect(page.locator(".pg-notice:not(.pg-busy)")).to_be_hidden()
        wait_until(page, lambda size=size: cards_fill_the_page(page, size))


def cards_fill_the_page(page: Page, size: tuple[int, int]) -> bool:
    """Whether the last card is as far right as the others, and on a phone as far down as can be."""
    curves, boundary = (
        page.locator(f".pg-{area}.pg-card").bounding_box() for area in ("curves", "boundary")
    )
    assert curves is not None
    assert boundary is not None
    width, height = page.evaluate(
        "() => [document.documentElement.scrollWidth, document.documentElement.scrollHeight]"
    )
    right = [box["x"] + box["width"] for box in (curves, boundary)]
    is_last = size == DESKTOP or curves["y"] + curves["height"] > height - 30
    return abs(right[0] - right[1]) <= 1 and width <= size[0] and is_last


def test_a_frame_in_a_page_from_disk_learns(page: Page, app: str, tmp_path: Path) -> None:
    lesson = tmp_path / "lesson.html"
    source = f"{app}?embed=1&gate=OR&hide=training,details"
    lesson.write_text(
        f'<!doctype html><h1>Lesson</h1><iframe src="{source}" width="1200" height="700"></iframe>'
    )
    page.goto(lesson.as_uri())
    frame = page.frame_locator("iframe")
    play = frame.get_by_role("button", name="Play", exact=True)
    expect(play).to_be_visible(timeout=OPENING_MS)
    for part in ("brand", "nav", "theme", "link", "training"):
        expect(frame.locator(f".pg-{part}")).to_be_hidden()
    play.click()
    expect(frame.locator(".pg-figures b").first).not_to_have_text("0")
    frame.get_by_role("button", name="Pause", exact=True).click()
    expect(play).to_be_visible()
    frame.get_by_role("button", name="AND", exact=True).click()
    inner = page.frames[1]
    page.wait_for_function("true")
    expect(frame.get_by_role("button", name="AND", exact=True)).to_have_class(re.compile("active"))
    inner.wait_for_url(re.compile(r"\?page=Gates&gate=AND&hide=training,details&embed=1$"))


HOSTILE = (
    f"a=1?b=2&gate={quote('<img src=x onerror=window.hurt=1>')}&<script>=1&hidden={'9,' * 4000}"
    f"&noise=1e999&learning_rate=99&%ff%zz=%&&&=&hide=%3Cb%3E&features={'[' * 9000}"
)


def test_a_hostile_link_opens_and_says_so(page: Page, app: str) -> None:
    lab = LabPage(page, f"{app}?{HOSTILE}")
    assert notice(page)
    assert page.evaluate("() => window.hurt") is None
    assert lab.epoch == 0
    lab.click("NOR")
    expect(page).to_have_url(re.compile("gate=NOR"))
    lab.click("Close")
    expect(page.locator(".pg-notice:not(.pg-busy)")).to_be_hidden()
