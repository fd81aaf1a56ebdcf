"""Many starts of the network of a page, and its loss landscape, used in a real Chromium."""

from __future__ import annotations

from playwright.sync_api import Page

from tests.support.browser.lab_page import PHONE, LabPage
from tests.support.browser.patient_expect import expect


def test_the_starts_fill_the_wall_and_one_is_opened(page: Page, server: str) -> None:
    lab = LabPage(page, f"{server}/gates?hidden=2&learning_rate=0.03")
    lab.click("One epoch: all samples once")  # what has learned nothing is not set aside
    lab.wait_until(lambda: lab.epoch == 1)
    start = lab.button("Train this network from other first weights")
    lab.unfold("Things to try", start)
    start.click()
    verdict = lab.part("verdict")
    expect(verdict).to_contain_text("of 16 starts")
    expect(verdict).to_contain_text("Epoch 300")
    expect(verdict).not_to_contain_text("so far")
    picture = lab.part("wall").locator("canvas").first
    picture.click(force=True)  # Bokeh's layer for events lies above it
    expect(lab.part("figures")).to_contain_text("300")
    expect(lab.button("Other branch")).to_be_visible()
    walk_through_the_landscape(lab)


def walk_through_the_landscape(lab: LabPage) -> None:
    """Open the landscape of the network on the page, read it, and go to another place in it."""
    figure = lab.figure("landscape-picture")
    lab.unfold("Loss landscape", figure)
    figure.scroll_into_view_if_needed()
    box = lab.box("landscape-picture")
    corner = box["x"] + 0.3 * box["width"], box["y"] + 0.2 * box["height"]
    lab.wait_for_reading("landscape", "Loss here: [0-9]", corner)
    lab.page.mouse.click(*corner)
    reading = lab.part("landscape").locator(".pg-reading").first
    lab.wait_until(lambda: "The network has these weights now" in lab.read(reading))
    lab.click("One epoch: all samples once")
    lab.wait_until(lambda: lab.epoch == 301)
    light = lab.wait_steady("landscape-picture")
    lab.click("Light or dark")
    lab.wait_until_changed("landscape-picture", light)
    with lab.on_a_phone():
        figure.scroll_into_view_if_needed()
        lab.wait_until(lambda: 200 < lab.box("landscape-picture")["width"] <= PHONE[0])
        assert lab.page.evaluate("document.documentElement.scrollWidth") <= PHONE[0]
