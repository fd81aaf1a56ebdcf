"""What axe-core, a checker of accessibility, finds on a page in the browser."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pytest
from playwright.sync_api import Page

from tests.support.browser import chromium_finder
from tests.support.browser.lab_page import LabPage
from tests.support.browser.patient_expect import expect

GRAVE = ("serious", "critical")
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

EMPTY_UPLOADS = ".filepond--root:not(:has(.filepond--item)) .filepond--drop-label"

COLOURS = ("color-contrast",)
"""The rules that depend on the theme."""


def check(page: Page, rules: Sequence[str] = ()) -> None:
    """Fail if a target is small, or axe-core finds a barrier.

    Parameters
    ----------
    page
        As it is.
    rules
        Of axe-core, by their ids; all of them if left out.
    """
    if not chromium_finder.is_required():
        pytest.importorskip("axe_playwright_python")
    from axe_playwright_python.sync_playwright import Axe

    for label in page.locator(EMPTY_UPLOADS).locator("visible=true").all():
        expect(label).to_have_css("opacity", "1")  # it appears slowly
    # It would fetch the style sheets of each of a thousand shadow roots, more than a browser can.
    options: dict[str, Any] = {"preload": False, "resultTypes": ["violations"]}
    if rules:
        options["runOnly"] = list(rules)
    found: list[dict[str, Any]] = Axe().run(page, options=options).response["violations"]
    grave = [
        f"{rule['id']}: {node['target'][-1]} {node['html']}"
        for rule in found
        if rule["impact"] in GRAVE
        for node in rule["nodes"]
    ]
    found_at_all = [*grave, *page.evaluate(SMALL_TARGETS)]
    assert not found_at_all, "\n".join(found_at_all)


def check_both_themes(shown: LabPage, *, drawer: bool = True) -> None:
    """Check a page, its colours in both themes; leave it light.

    Parameters
    ----------
    shown
        The page; all that is folded away in it is unfolded, and stays so.
    drawer
        Whether the page is checked with its drawer open.
    """
    unfold_all(shown)
    check(shown.page, COLOURS)
    shown.click("Light or dark")
    expect(shown.part("dark")).to_be_visible()
    if drawer:
        check_with_drawer(shown)
    else:
        check(shown.page)
    shown.click("Light or dark")
    expect(shown.part("dark")).to_be_hidden()


def check_with_drawer(shown: LabPage) -> None:
    """Check a page while its drawer is open."""
    shown.click("Runs, files and code")  # A click beside the drawer would close it.
    expect(shown.part("drawer")).to_be_visible()
    check(shown.page)
    shown.page.keyboard.press("Escape")
    expect(shown.part("drawer")).to_be_hidden()


def unfold_all(shown: LabPage) -> None:
    """Open what is folded away."""
    # From below: what comes into a fold moves what stands under it, even in the midst of a click.
    for title in reversed(shown.part("more-title").locator("visible=true").all()):
        if title.get_attribute("aria-expanded") == "false":
            title.click()
            expect(title).to_have_attribute("aria-expanded", "true")
