"""The pages for those who use a keyboard or a screen reader, in a real Chromium."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from playground.pages.accessibility.keys import KEYS
from tests import chromium_finder
from tests.digits_browser_page import DigitsBrowserPage
from tests.lab_page import LabPage
from tests.server import ROOT

GRAVE = ("serious", "critical")
FOCUSED = """() => {
    let active = document.activeElement
    while (active?.shadowRoot?.activeElement) active = active.shadowRoot.activeElement
    return active.getAttribute("aria-label") ?? active.textContent.trim()
}"""
"""Name of the element that has the focus."""


SMALL_TARGETS = """() => {
    const pressed =
        "button, input, select, textarea, summary, a[href], [role=tab], .noUi-touch-area"
    const found = []
    const look = (root) => {
        for (const each of root.querySelectorAll("*")) {
            const { width, height } = (each.closest("label") ?? each).getBoundingClientRect()
            const isSeen = width > 1 && height > 1
                && each.checkVisibility({ visibilityProperty: true })
            const isSmall = Math.min(width, height) < 23.5
            if (each.matches(pressed) && !each.matches("input[type=file]") && isSeen && isSmall) {
                found.push(`${each.outerHTML.slice(0, 120)}: ${width} x ${height}`)
            }
            if (each.shadowRoot) look(each.shadowRoot)
        }
    }
    look(document)
    return found
}"""
"""What is pressed and is less than 24 pixels wide or high."""


def grave_findings(page: Page) -> list[str]:
    """What axe-core finds that keeps somebody from using the page."""
    if not chromium_finder.is_required():
        pytest.importorskip("axe_playwright_python")
    from axe_playwright_python.sync_playwright import Axe

    # It would fetch the style sheets of each of a thousand shadow roots, more than a browser can.
    options = {"preload": False, "resultTypes": ["violations"]}
    found: list[dict[str, Any]] = Axe().run(page, options=options).response["violations"]
    return [
        f"{rule['id']}: {node['target'][-1][-1]}"
        for rule in found
        if rule["impact"] in GRAVE
        for node in rule["nodes"]
    ]


@pytest.mark.parametrize(
    ("app", "opened"),
    [("gates", LabPage), ("points", LabPage), ("digits", DigitsBrowserPage)],
)
def test_axe_finds_nothing_grave_light_or_dark(
    page: Page, server: str, app: str, opened: Callable[..., LabPage]
) -> None:
    shown = opened(page, f"{server}/{app}")
    assert grave_findings(page) == []
    assert page.evaluate(SMALL_TARGETS) == []
    # What is folded away or closed at first, in the other theme.
    for title in shown.part("more-title").locator("visible=true").all():
        title.click()
    shown.click("Runs, files and code")
    expect(shown.part("drawer")).to_be_visible()
    shown.click("Light or dark")
    expect(shown.part("dark")).to_be_visible()
    assert grave_findings(page) == []
    assert page.evaluate(SMALL_TARGETS) == []


def test_the_guide_lists_the_keys() -> None:
    guide = (ROOT / "docs" / "using.md").read_text()
    assert [key for key in KEYS if f"| {key.keys} | {key.does} |" not in guide] == []


def test_a_weight_is_set_frozen_and_saved_with_the_keyboard_alone(page: Page, server: str) -> None:
    gates = LabPage(page, f"{server}/gates")
    keys = page.keyboard

    def focused() -> str:
        return str(page.evaluate(FOCUSED))

    def tab_to(pattern: str, key: str = "Tab") -> None:
        for _ in range(80):
            keys.press(key)
            if re.search(pattern, focused()):
                return
        raise AssertionError(f"{key} never reaches {pattern}")

    tab_to("^XOR$")
    keys.press("Enter")
    expect(gates.button("XOR")).to_have_attribute("aria-pressed", "true")
    tab_to("^One neuron more$")
    keys.press("Enter")
    expect(page.get_by_role("application")).to_have_attribute(
        "aria-label", re.compile("hidden layers: 7;")
    )
    assert focused() == "One neuron more"
    tab_to("^Network, features")
    # From the first feature along its first link.
    keys.press("ArrowRight")
    said = gates.part("network").locator("[aria-live]")
    expect(said).to_contain_text("feature A → hidden 1, unit 1: weight")
    keys.press("Enter")
    expect(gates.field("Weight")).to_be_focused()
    keys.type("3")
    keys.press("Enter")
    expect(gates.part("held")).to_contain_text("weight 3.00")
    tab_to("^frozen$")
    keys.press("Space")
    keys.press("Escape")
    gates.wait_until(lambda: focused().startswith("Network, features"))
    keys.press("Space")
    gates.wait_for_epochs()
    keys.press("Space")
    expect(gates.button("Play")).to_be_visible()
    keys.press("ArrowLeft")
    keys.press("ArrowRight")
    expect(said).to_contain_text("weight 3.00, gradient")
    expect(said).to_contain_text("frozen")
    tab_to("^Runs, files and code$", "Shift+Tab")
    keys.press("Enter")
    drawer = gates.part("drawer")
    expect(gates.button("Save as …")).to_be_visible()
    before = drawer.get_by_role("listitem").count()
    tab_to("^Save as …$")
    keys.press("Enter")
    expect(drawer.get_by_text(re.compile("^Saved"))).to_be_visible()
    expect(drawer.get_by_role("listitem")).to_have_count(before + 1)
    keys.press("Escape")
    expect(drawer).not_to_be_visible()
    assert focused() == "Runs, files and code"
    keys.press("Tab")
    keys.press("?")
    expect(page.get_by_role("dialog")).to_be_visible()
    keys.press("Escape")
    expect(page.get_by_role("dialog")).not_to_be_visible()
