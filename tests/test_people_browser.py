"""Two people on one real server: neither reaches the other's work, by whatever route."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect

from playground.serving.person import COOKIE
from tests.lab_page import LabPage
from tests.server import ROOT, PanelServer

EPOCHS = 20
# What a person could do who changes what the browser does: a row for a run of somebody else, and
# every button enabled.
FORGE = """
id => {
  for (const model of Bokeh.documents[0].all_models) {
    if (model.data?.rows !== undefined) {
      const row = {id, name: "forged", about: "", score: "", saved: "", picture: "", curve: "",
                   broken: false}
      model.data.setv({rows: [row]})
    }
  }
}
"""
ENABLE = """
() => {
  for (const model of Bokeh.documents[0].all_models) {
    if (model.type === "Button") model.disabled = false
  }
}
"""


@pytest.fixture
def people(tmp_path: Path) -> Path:
    return tmp_path / "runs" / "people"


@pytest.fixture
def url(tmp_path: Path) -> Iterator[str]:
    """A server that several people use, started as plain as can be."""
    server = PanelServer(
        ROOT / "apps" / "gates.py",
        log=tmp_path / "log.txt",
        environment={
            "PLAYGROUND_RUNS": str(tmp_path / "runs"),
            "PLAYGROUND_SEPARATE_PEOPLE": "yes",
        },
    )
    yield f"{server.url()}/gates"
    server.stop()
    server.log.check()


@pytest.fixture
def other_context(browser: Browser) -> Iterator[BrowserContext]:
    """The browser of another person, with cookies of its own."""
    context = browser.new_context()
    yield context
    context.close()


def open_drawer(page: Page, lab: LabPage) -> None:
    lab.click("Runs, files and code")
    expect(page.get_by_label("Name to save under")).to_be_visible()


def choose_forged_row(page: Page, id: str) -> None:
    """Have the browser show a row with an id, choose it, and enable what can be done with it."""
    page.evaluate(FORGE, id)
    row = page.locator(".runs button")
    row.click()
    expect(row).to_have_attribute("aria-pressed", "true")
    page.evaluate(ENABLE)


def rows(page: Page) -> list[str]:
    return page.locator(".runs b").all_text_contents()


def test_nobody_reaches_the_work_of_somebody_else(
    page: Page,
    context: BrowserContext,
    other_context: BrowserContext,
    url: str,
    people: Path,
) -> None:
    # Ada trains, and saves a run.
    ada = LabPage(page, f"{url}?stop_epoch={EPOCHS}")
    cookies = {each["name"]: each for each in context.cookies()}
    assert cookies[COOKIE]["httpOnly"]
    assert cookies[COOKIE]["sameSite"] == "Lax"
    ada.click("Play")
    ada.wait_until(lambda: ada.epoch == EPOCHS)
    open_drawer(page, ada)
    page.get_by_label("Name to save under").fill("Ada's")
    page.get_by_label("Name to save under").press("Enter")
    expect(page.locator(".runs b")).to_have_text(["Ada's"])
    (path,) = people.glob("*/runs/*.safetensors")
    ada.wait_until(lambda: any(people.glob("*/runs/autosaves/*.safetensors")))
    tab_id = page.evaluate("sessionStorage.getItem('playground-tab')")

    # Grace takes over the id of Ada's tab, opens a link with the id of Ada's run, and lists.
    other = other_context.new_page()
    other.add_init_script(f"sessionStorage.setItem('playground-tab', '{tab_id}')")
    grace = LabPage(other, f"{url}?stop_epoch={EPOCHS}&run={path.stem}")
    expect(other.get_by_text("This link to a run is not valid")).to_be_visible()
    open_drawer(other, grace)
    expect(other.get_by_text("0 of 200 runs")).to_be_visible()
    assert rows(other) == []
    assert grace.epoch == 0

    # Her browser is told to show a row with that id, and to enable all buttons.
    for button in ("Open", "Duplicate"):
        choose_forged_row(other, path.stem)
        grace.click(button)
        expect(other.get_by_text("This run is no longer there")).to_be_visible()
        expect(other.locator(".runs li")).to_have_count(0)
    choose_forged_row(other, path.stem)
    grace.click("Delete")
    grace.click("Delete permanently")
    expect(other.get_by_text("Deleted.")).to_be_visible()
    assert path.exists()
    assert grace.epoch == 0

    # Ada shares it: with the link Grace has a copy, until Ada ends that.
    page.locator(".runs button").click()
    ada.click("Share")
    link = page.get_by_role("link", name="Link to this run")
    address = url + (link.get_attribute("href") or "")
    copy = LabPage(other, address)
    copy.wait_until(lambda: copy.epoch == EPOCHS)
    expect(other.get_by_text("a copy of a shared run")).to_be_visible()
    ada.click("Stop sharing")
    expect(link).to_be_hidden()
    other.goto("about:blank")
    late = LabPage(other_context.new_page(), address)
    expect(late.page.get_by_text("This link to a run is not valid")).to_be_visible()

    # And her own work is there again.
    page.reload()
    ada.wait_until(lambda: ada.epoch == EPOCHS)
    expect(page.get_by_text("Your work was restored")).to_be_visible()
    for each in (*other_context.pages, page):
        each.goto("about:blank")
