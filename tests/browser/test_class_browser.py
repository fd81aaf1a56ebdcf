"""A lesson in browsers, from joining to the end: a teacher and a pupil.

`test_class_server.py` has several pupils.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import BrowserContext, Page

from tests.support.browser.lab_page import DESKTOP, LabPage
from tests.support.browser.page_watch import PageWatch
from tests.support.browser.patient_expect import expect
from tests.support.servers.server import PanelServer

PASSWORD = "correct horse"


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    server = PanelServer(
        log=tmp_path_factory.mktemp("server") / "log.txt",
        environment={
            "PLAYGROUND_CLASS_PASSWORD": PASSWORD,
            "PLAYGROUND_RUNS": str(tmp_path_factory.mktemp("runs")),
        },
    )
    yield server.url()
    server.stop()
    server.log.check()


def join(page: LabPage, code: str, nickname: str) -> None:
    page.click("Join a class")
    page.field("Code of the class").fill(code)
    page.field("Nickname").fill(nickname)
    page.click("Join")
    expect(page.page.get_by_text(f"You are in the class as {nickname}.")).to_be_visible()


def test_a_lesson(
    address: str, page: Page, context: BrowserContext, page_watch: PageWatch, tmp_path: Path
) -> None:
    page.set_viewport_size({"width": DESKTOP[0], "height": DESKTOP[1]})
    page.goto(f"{address}/class")
    page.get_by_label("Password of teachers").fill(PASSWORD)
    page.keyboard.press("Enter")
    code_text = page.locator(".pg-class-code code")
    expect(code_text).to_have_text(re.compile(r"[2-9A-Z]{6}"))
    code = code_text.text_content() or ""

    ada = LabPage(context.new_page(), f"{address}/?page=Gates")
    join(ada, code, "Ada")
    tile = page.locator("button.tile")
    expect(tile).to_have_count(1)
    ada.page.bring_to_front()
    ada.play()
    expect(tile).to_contain_text("training")
    expect(tile.locator("img")).to_have_attribute("src", re.compile("^data:image/png"))

    ada.click("Ask for help")
    expect(tile).to_contain_text("asks for help")

    # Hidden pages are painted seldom, and Playwright waits for two paints before it clicks.
    page.bring_to_front()
    page.get_by_role("button", name="Pause all").click()
    expect(ada.button("Play")).to_be_visible()
    tile.click()
    expect(page.locator(".pg-pupil .bk-Figure").first).to_be_visible()
    page.get_by_role("button", name="Show this one to all").click()
    expect(ada.part("class-shown")).to_be_visible()
    expect(ada.part("class-shown")).to_contain_text("Ada")
    expect(page.get_by_text("All see the network of Ada.")).to_be_visible()
    page.get_by_role("button", name="Show it no more").first.click()
    expect(ada.part("class-shown")).to_be_hidden()

    page.get_by_label("Link").fill("?page=Gates&gate=AND")
    page.get_by_role("button", name="Everybody to this link").click()
    expect(ada.page).to_have_url(re.compile("gate=AND"))
    expect(ada.page.get_by_text("among your runs: Saved as").first).to_be_visible()
    expect(tile).to_contain_text("AND")

    with page.expect_download() as download:
        page.get_by_text("Results as CSV").click()
    path = tmp_path / "class.csv"
    download.value.save_as(path)
    rows = [*csv.DictReader(path.read_text().splitlines())]
    assert [(each["nickname"], each["asks for help"]) for each in rows] == [("Ada", "yes")]

    page.get_by_role("button", name="End the lesson").click()
    page.get_by_role("button", name="End it now").click()
    expect(page.get_by_label("Password of teachers")).to_be_visible()
    expect(ada.page.get_by_text("The lesson has ended.").first).to_be_visible()
    page_watch.check()
