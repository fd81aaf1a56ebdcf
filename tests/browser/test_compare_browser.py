"""The page Compare in a real Chromium, used as a person would."""

from __future__ import annotations

import re

from playwright.sync_api import Page

from tests.support.browser.axe import check
from tests.support.browser.lab_page import OPENING_MS
from tests.support.browser.patient_expect import expect


def test_a_sweep_is_chosen_trained_and_one_of_its_networks_opened(page: Page, server: str) -> None:
    page.goto(f"{server}/apps?page=Compare&stop_epoch=20", timeout=OPENING_MS)
    play = page.get_by_role("button", name="Play", exact=True)
    expect(play).to_be_visible(timeout=OPENING_MS)
    page.get_by_label("Vary", exact=True).select_option("learning rate")
    values = page.get_by_label("Values of learning rate")
    values.fill("0..1")
    values.press("Enter")
    expect(page.locator(".pg-axes .pg-refused")).to_contain_text("it can be 1e-05 to 10")
    values.fill("0.01..1:3")
    values.press("Enter")
    expect(page).to_have_url(f"{server}/apps?page=Compare&stop_epoch=20&vary="
                             "learning_rate:0.01,0.1,1%3Bseed:1..8")  # fmt: skip
    play.click()
    expect(page.locator(".pg-figures")).to_contain_text("20")
    table = page.get_by_role("table")
    expect(table.get_by_role("row")).to_have_count(25)
    page.get_by_label("Only rows with").fill("0.1")
    page.get_by_label("Only rows with").press("Enter")
    expect(table.get_by_role("row")).to_have_count(9)
    check(page)
    table.get_by_role("button", name="seed").click()
    table.get_by_role("button", name="seed").click()
    first = table.get_by_role("row").nth(1)
    expect(first).to_contain_text("0.18")
    picture = page.locator(".pg-heatmap .bk-Figure").first
    box = picture.bounding_box()
    assert box is not None
    place = {"x": 0.6 * box["width"], "y": 0.4 * box["height"]}
    picture.click(position=place, force=True)  # Bokeh's layer for events lies above it
    selected = page.locator(".pg-selection")
    expect(selected).to_contain_text("Selected: learning rate 0.1, seed")
    expect(table.locator("tr.chosen")).to_have_count(1)
    # A drag along the axis of the learning rate, the first of seven, from above 0.1 to its end.
    axes = page.locator(".pg-parallel .bk-Figure").first
    axes.scroll_into_view_if_needed()
    box = axes.bounding_box()
    assert box is not None
    x = box["x"] + 0.1 * box["width"]
    page.mouse.move(x, box["y"] + 0.33 * box["height"])
    page.mouse.down()
    page.mouse.move(x, box["y"] + 0.2 * box["height"])
    page.mouse.move(x, box["y"] + 0.02 * box["height"])
    page.mouse.up()
    expect(selected).to_contain_text("8 are selected; this is the first.")
    expect(selected).to_contain_text("Selected: learning rate 1, seed 1")
    table.get_by_role("row").filter(has_text="0.1").nth(2).get_by_role("cell").nth(3).click()
    expect(selected).to_contain_text("Selected: learning rate 0.1, seed")
    page.get_by_role("button", name="Open this network").click()
    expect(page.locator(".pg-network")).to_be_visible(timeout=OPENING_MS)
    expect(page.locator(".pg-figures")).to_contain_text(re.compile(r"^\s*20epoch"))
    expect(page).to_have_url(re.compile("page=Gates.*learning_rate=0.1"))
    page.get_by_role("button", name="Your data", exact=True).click()
    expect(page.get_by_text("Drop a CSV file")).to_be_visible(timeout=OPENING_MS)
    check(page)
