"""The tabs of what can be taken away, without a browser and in one."""

from __future__ import annotations

import asyncio
from base64 import b64decode
from pathlib import Path

import onnx
import pytest
from playwright.sync_api import Page, expect

from playground.errors import InputError
from playground.export.code import script
from playground.pages.keep import take_tab
from playground.pages.keep.code_tab import CodeTab
from playground.pages.keep.code_view import CodeView
from playground.pages.keep.download import Download
from playground.pages.keep.take_tab import TakeTab
from playground.problems import OWN, Gates, Points
from tests.learning import make_trainer
from tests.widgets import click, text

# Panel 1.9.4 would have widgets called by their label, which its own `from_param` does not do yet.
pytestmark = pytest.mark.filterwarnings("ignore:Widget.name is deprecated")


def download(tab: CodeTab | TakeTab, label: str) -> Download:
    (found,) = (each for each in tab.__panel__().select(Download) if each.label == label)
    return found


def content(button: Download) -> bytes | None:
    """Click a download, and take what comes."""
    asyncio.run(button._async_sync_data())
    return None if button.data is None else b64decode(button.data.partition("base64,")[2])


def code(tab: CodeTab) -> str:
    (view,) = tab.__panel__().select(CodeView)
    return str(view.text)


def test_the_code_is_that_of_the_moment() -> None:
    trainer = make_trainer(Gates(gate="XOR"))
    tab = CodeTab(trainer)
    assert code(tab) == ""
    click(tab, "Show the code")
    assert code(tab) == script(trainer)
    trainer.training.optimiser = "SGD"
    click(tab, "Show the code")
    assert "torch.optim.SGD" in code(tab)
    assert content(download(tab, "Download")) == script(trainer).encode()


def test_why_there_is_no_code_is_said() -> None:
    tab = CodeTab(make_trainer(Points(shape=OWN)))
    click(tab, "Show the code")
    assert code(tab) == ""
    assert "nothing to learn from yet" in text(tab)
    assert content(download(tab, "Download")) is None


def test_files_to_take_away() -> None:
    trainer = make_trainer()
    tab = TakeTab(trainer, lambda: "<p>page</p>")
    assert content(download(tab, "Snapshot")) == b"<p>page</p>"
    assert (content(download(tab, "Report as HTML")) or b"").startswith(b"<!DOCTYPE html>")
    assert (content(download(tab, "Report as Markdown")) or b"").startswith(b"# A neural network")
    assert b"0.weight" in (content(download(tab, "safetensors")) or b"")
    assert b'"0.weight"' in (content(download(tab, "JSON")) or b"")
    onnx.load_from_string(content(download(tab, "ONNX")))
    assert "being made" not in text(tab)


def test_no_snapshot_is_offered_where_there_is_none() -> None:
    labels = [each.label for each in TakeTab(make_trainer()).__panel__().select(Download)]
    assert "Snapshot" not in labels


def test_a_refusal_is_said_and_gone_with_the_next_file() -> None:
    def refuse() -> str:
        raise InputError("There is <b>nothing</b> to see.")

    tab = TakeTab(make_trainer(), refuse)
    assert content(download(tab, "Snapshot")) is None
    assert "There is &lt;b&gt;nothing" in text(tab)
    content(download(tab, "JSON"))
    assert "nothing" not in text(tab)


def test_a_failure_is_said(caplog) -> None:
    def fail() -> str:
        raise RuntimeError("disk on fire")

    tab = TakeTab(make_trainer(), fail)
    assert content(download(tab, "Snapshot")) is None
    assert "snapshot.html could not be made: disk on fire" in text(tab)
    assert "could not be made" in caplog.text


def test_onnx_says_what_it_lacks(monkeypatch) -> None:
    monkeypatch.setattr(take_tab, "why_not", lambda: "Exporting ONNX needs onnx.")
    tab = TakeTab(make_trainer())
    assert download(tab, "ONNX").disabled
    assert "needs onnx" in text(tab)


APP = """
import panel as pn
from playground.pages.keep.code_tab import CodeTab
from playground.pages.keep.take_tab import TakeTab
from playground.pages.style import COLOURS, dressed
from playground.problems import Gates
from playground.training.trainer import Trainer

with dressed():
    trainer = Trainer(Gates(gate="XOR"))
    tabs = pn.Tabs(("Code", CodeTab(trainer)), ("Take away", TakeTab(trainer)), dynamic=True)
    pn.Column(tabs, css_classes=["pg"], stylesheets=[COLOURS]).servable()
"""


@pytest.fixture
def shown(page: Page, serve, tmp_path: Path) -> Page:
    app = tmp_path / "tabs.py"
    app.write_text(APP)
    page.goto(serve(app))
    return page


def test_in_the_browser(shown: Page) -> None:
    shown.context.grant_permissions(["clipboard-read", "clipboard-write"])
    shown.get_by_role("button", name="Show the code").click()
    expect(shown.locator("pre")).to_contain_text("nn.Linear(2, 4)")
    shown.get_by_role("button", name="Copy", exact=True).click()
    expect(shown.get_by_role("button", name="Copied")).to_be_visible()
    copied = shown.evaluate("navigator.clipboard.readText()")
    assert copied == script(make_trainer(Gates(gate="XOR")))
    shown.get_by_text("Take away").click()
    with shown.expect_download() as waiting:
        shown.get_by_text("Report as Markdown").click()
    assert Path(waiting.value.path()).read_text().startswith("# A neural network learns XOR")
    assert waiting.value.suggested_filename == "report.md"
