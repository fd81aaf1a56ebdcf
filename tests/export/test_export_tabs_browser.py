"""The tabs of what can be taken away, in a browser."""

from __future__ import annotations

from pathlib import Path

from playwright.sync_api import Page

from playground.export.code import script
from playground.problems import Gates
from tests.support.browser.patient_expect import expect
from tests.support.training.dense_training import make_trainer


def test_code_is_shown_and_copied_and_a_file_downloaded(page: Page, server: str) -> None:
    page.goto(f"{server}/export_tabs_app")
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    page.get_by_role("button", name="Show the code").click()
    expect(page.locator("pre")).to_contain_text("nn.Linear(2, 4)")
    page.get_by_role("button", name="Copy", exact=True).click()
    expect(page.get_by_role("button", name="Copied")).to_be_visible()
    copied = page.evaluate("navigator.clipboard.readText()")
    assert copied == script(make_trainer(Gates(gate="XOR")))
    page.get_by_text("Take away").click()
    with page.expect_download() as waiting:
        page.get_by_text("Report as Markdown").click()
    assert Path(waiting.value.path()).read_text().startswith("# A neural network learns XOR")
    assert waiting.value.suggested_filename == "report.md"
