"""What is kept, on the real pages: the past, the drawer, and work that outlives its server."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.lab_page import LabPage
from tests.page_watch import PageWatch
from tests.server import ROOT, PanelServer

EPOCHS = 60
APP = ROOT / "apps" / "gates.py"


@pytest.fixture
def url(server: str) -> str:
    return f"{server}/gates"


def slider_handle(page: Page):
    return page.locator(".pg-past-slider .noUi-handle")


def drag_slider_back(page: Page) -> None:
    box = slider_handle(page).bounding_box()
    assert box is not None
    page.mouse.move(box["x"] + 8, box["y"] + 8)
    page.mouse.down()
    page.mouse.move(box["x"] - 100, box["y"] + 8, steps=12)
    page.mouse.up()


def slider_epoch(page: Page) -> int:
    """The epoch at which the slider stands in the browser: there is a checkpoint of each epoch."""
    return round(float(slider_handle(page).get_attribute("aria-valuenow") or "nan"))


def trained_page(page: Page, url: str) -> LabPage:
    """A page that has learned for exactly `EPOCHS`."""
    lab = LabPage(page, f"{url}?stop_epoch={EPOCHS}&pace=200")
    lab.button("Play").click()
    lab.wait_until(lambda: lab.epoch == EPOCHS)
    expect(lab.button("Play")).to_be_visible()
    return lab


def test_checkpoints_are_shown_branched_from_and_compared(page: Page, url: str) -> None:
    lab = trained_page(page, url)
    now = lab.picture("boundary")
    drag_slider_back(page)
    lab.wait_until(lambda: lab.epoch < EPOCHS)
    lab.wait_until(lambda: lab.epoch == slider_epoch(page))
    lab.wait_until(lambda: lab.picture("boundary") != now)
    lab.button("Pin this checkpoint for the Compare tab").click()
    pinned = lab.epoch
    lab.button("Latest").click()
    lab.wait_until(lambda: lab.epoch == EPOCHS)
    page.locator(".bk-tab", has_text="Compare").click()
    expect(page.locator(".pg-compare .bk-Figure")).to_have_count(2)
    expect(page.locator(".pg-compare-words").first).to_contain_text(f"epoch {pinned}")
    drag_slider_back(page)
    lab.wait_until(lambda: lab.epoch < EPOCHS)
    lab.button("Continue from here").click()
    expect(lab.button("Continue from here")).to_be_hidden()
    back = int(re.sub(r"\D", "", LabPage.read(page.locator(".pg-past-where"))))
    assert back < EPOCHS
    lab.wait_until(lambda: lab.epoch == back)
    lab.button("One epoch: all samples once").click()
    lab.wait_until(lambda: lab.epoch == back + 1)
    # What came later is set aside, not lost.
    lab.button("Other branch").click()
    lab.wait_until(lambda: lab.epoch == EPOCHS)
    lab.button("Other branch").click()
    lab.wait_until(lambda: lab.epoch == back + 1)


def test_replay(page: Page, url: str) -> None:
    lab = trained_page(page, url)
    lab.button("Replay").click()
    lab.wait_until(lambda: lab.epoch < EPOCHS / 2)
    lab.wait_until(lambda: lab.epoch == EPOCHS)
    expect(lab.button("Replay")).to_be_visible()


def test_a_run_is_saved_and_opened_again(page: Page, url: str) -> None:
    lab = trained_page(page, url)
    lab.button("Runs, files and code").click()
    page.get_by_label("Name").fill("before")
    page.get_by_label("Name").press("Enter")
    expect(page.locator(".runs li")).to_have_count(1)
    expect(page.locator(".runs li img")).to_be_visible()
    lab.button("Reset to the same initial weights").click()
    lab.wait_until(lambda: lab.epoch == 0)
    page.locator(".runs button").first.click()
    lab.button("Open").click()
    lab.wait_until(lambda: lab.epoch == EPOCHS)


def test_files_and_code_are_downloaded(page: Page, url: str, tmp_path: Path) -> None:
    lab = trained_page(page, url)
    lab.button("Runs, files and code").click()
    page.locator(".bk-tab", has_text="Files").click()
    for name, filename, begins in (
        ("Snapshot", "snapshot.html", b"<!doctype html>"),
        ("Report as Markdown", "report.md", b"# "),
        ("JSON", "network.json", b"{"),
    ):
        with page.expect_download() as download:
            page.get_by_role("button", name=name, exact=True).click()
        assert download.value.suggested_filename == filename
        download.value.save_as(tmp_path / filename)
        assert (tmp_path / filename).read_bytes().startswith(begins)
    page.locator(".bk-tab", has_text="Code").click()
    lab.button("Show the code").click()
    expect(page.get_by_text(re.compile("import torch"))).to_be_visible()


def test_work_outlives_its_server(
    page: Page, page_watch: PageWatch, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PLAYGROUND_RUNS", str(tmp_path / "runs"))
    server = PanelServer(APP, log=tmp_path / "first.txt")
    address = server.url()
    lab = trained_page(page, f"{address}/gates")
    saved = tmp_path / "runs" / "autosaves"
    lab.wait_until(lambda: any(saved.glob("*.safetensors")))
    server.kill()
    expect(page.get_by_role("alert")).to_contain_text("The server cannot be reached")
    page_watch.clear()
    second = PanelServer(APP, log=tmp_path / "second.txt", port=int(address.rpartition(":")[2]))
    try:
        second.url()
        page.reload()
        expect(lab.button("Play")).to_be_visible()
        lab.wait_until(lambda: lab.epoch == EPOCHS)
        expect(page.get_by_text("Your work was restored")).to_be_visible()
    finally:
        second.stop()
        page_watch.clear()
    second.log.check()
