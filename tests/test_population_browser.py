"""Many starts of the network of a page, in a real Chromium, used as a person would."""

from __future__ import annotations

from playwright.sync_api import Page, expect

from tests.lab_page import LabPage


def test_the_starts_fill_the_wall_and_one_is_opened(page: Page, server: str) -> None:
    lab = LabPage(page, f"{server}/gates?hidden=2&learning_rate=0.03")
    lab.click("One epoch: all samples once")  # what has learned nothing is not set aside
    lab.wait_until(lambda: lab.epoch == 1)
    lab.button("Train this network from other first weights").click()
    verdict = lab.part("verdict")
    expect(verdict).to_contain_text("of 16 starts")
    expect(verdict).to_contain_text("Epoch 300")
    expect(verdict).not_to_contain_text("so far")
    picture = lab.part("wall").locator("canvas").first
    picture.click(force=True)  # Bokeh's layer for events lies above it
    expect(lab.part("figures")).to_contain_text("300")
    expect(lab.button("Other branch")).to_be_visible()
