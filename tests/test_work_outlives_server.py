"""Work that outlives its server: saved by itself, and back when the page is loaded again."""

from __future__ import annotations

from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.page_watch import PageWatch
from tests.server import ROOT, PanelServer
from tests.trained_page import TrainedPage

APP = ROOT / "apps" / "gates.py"


def test_work_outlives_its_server(
    page: Page, page_watch: PageWatch, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PLAYGROUND_RUNS", str(tmp_path / "runs"))
    server = PanelServer(APP, log=tmp_path / "first.txt")
    address = server.url()
    lab = TrainedPage(page, f"{address}/gates")
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
        lab.wait_until_trained()
        expect(page.get_by_text("Your work was restored")).to_be_visible()
    finally:
        second.stop()
        page_watch.clear()
    second.log.check()
