"""Work that outlives its server: saved by itself, and back when the page is loaded again."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.support.browser.lab_page import OPENING_MS, wait_until
from tests.support.browser.page_watch import PageWatch
from tests.support.servers.server import ROOT, PanelServer

APP = ROOT / "tests" / "support" / "servers" / "small_app.py"
EPOCHS = 20


def test_work_outlives_its_server(
    page: Page, page_watch: PageWatch, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PLAYGROUND_RUNS", str(tmp_path / "runs"))
    server = PanelServer(APP, log=tmp_path / "first.txt")
    address = server.url()
    play, numbers = page.get_by_role("button", name="Play"), page.locator(".pg-numbers")
    page.goto(f"{address}/small_app?stop_epoch={EPOCHS}&pace=200", timeout=OPENING_MS)
    play.click(timeout=OPENING_MS)
    expect(numbers).to_contain_text(re.compile(rf"\b{EPOCHS}\s*epoch"))
    saved = tmp_path / "runs" / "autosaves"
    wait_until(page, lambda: any(saved.glob("*.safetensors")))
    server.kill()
    expect(page.get_by_role("alert")).to_contain_text("The server cannot be reached")
    page_watch.clear()
    second = PanelServer(APP, log=tmp_path / "second.txt", port=int(address.rpartition(":")[2]))
    try:
        second.url()
        page.reload()
        expect(play).to_be_visible(timeout=OPENING_MS)
        expect(numbers).to_contain_text(re.compile(rf"\b{EPOCHS}\s*epoch"))
        messages = page.get_by_role("region", name="Messages")
        expect(messages).to_contain_text("Your work was restored")
    finally:
        second.stop()
        page_watch.clear()
    second.log.check()
