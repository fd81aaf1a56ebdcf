"""The tab of runs in a real Chromium, and the id of a browser's tab."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from playwright.sync_api import BrowserContext, Locator, Page

from tests.support.browser.lab_page import LabPage
from tests.support.browser.patient_expect import expect

ID = re.compile("[0-9a-f]{32}")


@pytest.fixture
def url(server: str) -> str:
    return f"{server}/runs_tab_app"


def button(page: Page, name: str) -> Locator:
    return page.get_by_role("button", name=name, exact=True)


def rows(page: Page) -> Locator:
    return page.locator(".runs li")


def save(page: Page, name: str) -> None:
    count = rows(page).count()
    page.get_by_label("Name").fill(name)
    page.get_by_label("Name").press("Tab")
    button(page, "Save as …").click()
    expect(rows(page)).to_have_count(count + 1)


def browser_tab_id(page: Page) -> str:
    """The id that has come to Python."""
    shown = page.locator(".known")
    expect(shown).to_have_text(ID)
    return LabPage.read(shown)


def test_runs_are_saved_compared_sent_and_deleted_in_a_tab_with_an_id(
    page: Page, context: BrowserContext, url: str, tmp_path: Path
) -> None:
    page.goto(url)
    expect(button(page, "Save as …")).to_be_visible()
    save(page, "<b>first</b>")
    save(page, "second")
    expect(rows(page).first).to_contain_text("second")
    page.get_by_label("Compare <b>first</b>").check()
    expect(page.locator(".bk-Figure")).to_be_visible()
    page.locator(".runs button").nth(1).click()
    expect(page.locator(".runs button").nth(1)).to_have_attribute("aria-pressed", "true")
    with page.expect_download() as download:
        button(page, "Download").click()
    assert download.value.suggested_filename == "b-first-b.safetensors"
    download.value.save_as(tmp_path / "run.safetensors")
    button(page, "Delete").click()
    button(page, "Delete permanently").click()
    expect(rows(page)).to_have_count(1)
    expect(button(page, "Delete permanently")).to_be_hidden()
    expect(page.locator(".bk-Figure")).to_be_hidden()
    page.locator("input[type=file]").set_input_files(tmp_path / "run.safetensors")
    expect(rows(page)).to_have_count(2)
    expect(rows(page).first).to_contain_text("<b>first</b>")

    # The tab keeps its id, and no other has it.
    first = browser_tab_id(page)
    with context.expect_page() as copied:
        page.evaluate("window.open(location.href)")
    copy = browser_tab_id(copied.value)
    assert copy != first
    copied.value.reload()
    assert browser_tab_id(copied.value) == copy
    page.reload()
    assert browser_tab_id(page) == first
