"""What is kept, on the real pages: the past, and the drawer.

Tests share one open page that has learned. Each leaves it as it was: `TrainedPage.restore`.
"""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from playwright.sync_api import Page

from tests.support.browser.kept_page import KeptPage
from tests.support.browser.lab_page import LabPage
from tests.support.browser.patient_expect import expect
from tests.support.browser.trained_page import EPOCHS, TrainedPage


@pytest.fixture
def lab(kept_page: KeptPage, server: str) -> TrainedPage:
    return kept_page.borrow(lambda page: TrainedPage(page, f"{server}/gates"))


def slider_handle(page: Page):
    return page.locator(".pg-past-slider .noUi-handle")


def drag_slider_back(page: Page) -> None:
    box, track = slider_handle(page).bounding_box(), page.locator(".pg-past-slider").bounding_box()
    assert box is not None
    assert track is not None
    page.mouse.move(box["x"] + 8, box["y"] + 8)
    page.mouse.down()
    page.mouse.move(track["x"] + track["width"] / 2, box["y"] + 8, steps=12)
    page.mouse.up()


def slider_epoch(page: Page) -> int:
    """The epoch at which the slider stands in the browser: there is a checkpoint of each epoch."""
    return round(float(slider_handle(page).get_attribute("aria-valuenow") or "nan"))


def epoch_beside_line(page: Page) -> int:
    """Return the epoch that the words beside the line of time tell."""
    return int(re.sub(r"\D", "", LabPage.read(page.locator(".pg-past-where"))))


def test_a_run_is_saved_and_opened_and_a_file_is_downloaded(lab: TrainedPage) -> None:
    page = lab.page
    lab.click("Runs, files and code")

    # Runs
    before = page.locator(".runs li").count()
    page.get_by_label("Name").fill("before")
    page.get_by_label("Name").press("Enter")
    expect(page.locator(".runs li")).to_have_count(before + 1)
    expect(page.locator(".runs li img").first).to_be_visible()
    lab.reset()  # A click beside the drawer closes it.
    lab.click("Runs, files and code")
    page.locator(".runs button").first.click()
    lab.click("Open")
    lab.wait_until_trained()

    # Files
    page.locator(".bk-tab", has_text="Files").click()
    with page.expect_download() as download:
        lab.click("Snapshot")
    assert download.value.suggested_filename == "snapshot.html"
    assert Path(download.value.path()).read_bytes().startswith(b"<!doctype html>")

    # Code
    page.locator(".bk-tab", has_text="Code").click()
    lab.click("Show the code")
    expect(page.get_by_text(re.compile("import torch"))).to_be_visible()
    lab.click("Runs, files and code")  # The drawer covers the output.


NOTE_EPOCHS = """number => {
    const root = number.getRootNode()
    window.epochs = []
    const note = () => { epochs.push(parseInt(root.querySelector(".pg-figures b")?.textContent)) }
    new MutationObserver(note).observe(root, {
        childList: true, characterData: true, subtree: true
    })
}"""
"""Notes each epoch that the header shows, however short: a replay doesn't wait to be looked at."""


def test_replay(lab: TrainedPage) -> None:
    lab.part("figures").locator("b").first.evaluate(NOTE_EPOCHS)
    lab.click("Replay")
    lab.wait_until(lambda: any(each < EPOCHS / 2 for each in lab.page.evaluate("epochs")))
    lab.wait_until_trained()
    expect(lab.button("Replay")).to_be_visible()


def test_checkpoints_are_shown_branched_from_and_compared(
    kept_page: KeptPage, lab: TrainedPage
) -> None:
    page, now = lab.page, lab.wait_steady("boundary")
    drag_slider_back(page)
    lab.wait_until(lambda: lab.epoch < EPOCHS)
    lab.wait_until(lambda: lab.epoch == slider_epoch(page))
    lab.wait_until_changed("boundary", now)
    lab.click("Pin this checkpoint for the Compare tab")
    pinned = lab.epoch
    lab.click("Back to now")
    lab.wait_until(lambda: lab.epoch == EPOCHS)
    page.locator(".bk-tab", has_text="Compare").click()
    expect(page.locator(".pg-compare .bk-Figure")).to_have_count(2)
    expect(page.locator(".pg-compare-words").first).to_contain_text(f"epoch {pinned}")

    # Continue from an earlier checkpoint
    drag_slider_back(page)
    lab.wait_until(lambda: lab.epoch < EPOCHS)
    lab.click("Continue from here")
    expect(lab.button("Continue from here")).to_be_hidden()
    # The words beside the line follow when the network has gone back.
    lab.wait_until(lambda: epoch_beside_line(page) < EPOCHS)
    back = epoch_beside_line(page)
    lab.wait_until(lambda: lab.epoch == back)
    lab.click("One epoch: all samples once")
    lab.wait_until(lambda: lab.epoch == back + 1)
    # What came later is set aside, not lost.
    lab.click("Other branch")
    lab.wait_until(lambda: lab.epoch == EPOCHS)
    lab.click("Other branch")
    lab.wait_until(lambda: lab.epoch == back + 1)
    kept_page.close()  # it has two branches now
