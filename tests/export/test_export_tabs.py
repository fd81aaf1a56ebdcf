"""The tabs of files and code, without a browser."""

from __future__ import annotations

import asyncio
from base64 import b64decode
from dataclasses import replace

import pytest

from playground.errors import InputError
from playground.export.code import script
from playground.export.formats import EXPORTS
from playground.pages.controls.async_download import AsyncDownload
from playground.pages.controls.code_view import CodeView
from playground.pages.runs.drawer.code_tab import CodeTab
from playground.pages.runs.drawer.files_tab import FilesTab
from playground.problems import OWN, Gates, Points
from tests.support.training.dense_training import make_trainer
from tests.support.widgets import click, text

# Panel 1.9.4 would have widgets called by their label, which its own `from_param` does not do yet.
pytestmark = pytest.mark.filterwarnings("ignore:Widget.name is deprecated")


def download(tab: CodeTab | FilesTab, label: str) -> AsyncDownload:
    (found,) = (each for each in tab.__panel__().select(AsyncDownload) if each.label == label)
    return found


def content(button: AsyncDownload) -> bytes | None:
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


def test_missing_code_is_explained() -> None:
    tab = CodeTab(make_trainer(Points(shape=OWN)))
    click(tab, "Show the code")
    assert code(tab) == ""
    assert "nothing to learn from yet" in text(tab)
    assert content(download(tab, "Download")) is None


def test_file_exports() -> None:
    trainer = make_trainer()
    tab = FilesTab(trainer, lambda: "<p>page</p>")
    assert content(download(tab, "Snapshot")) == b"<p>page</p>"
    assert (content(download(tab, "Report as HTML")) or b"").startswith(b"<!DOCTYPE html>")
    assert (content(download(tab, "Report as Markdown")) or b"").startswith(b"# A neural network")
    assert b"0.weight" in (content(download(tab, "safetensors")) or b"")
    assert b'"0.weight"' in (content(download(tab, "JSON")) or b"")
    assert "being made" not in text(tab)


def test_no_snapshot_is_offered_where_there_is_none() -> None:
    labels = [each.label for each in FilesTab(make_trainer()).__panel__().select(AsyncDownload)]
    assert "Snapshot" not in labels


def test_a_refusal_is_shown_until_the_next_file() -> None:
    def refuse() -> str:
        raise InputError("There is <b>nothing</b> to see.")

    tab = FilesTab(make_trainer(), refuse)
    assert content(download(tab, "Snapshot")) is None
    assert "There is &lt;b&gt;nothing" in text(tab)
    content(download(tab, "JSON"))
    assert "nothing" not in text(tab)


def test_a_failed_export_is_reported(caplog) -> None:
    def fail() -> str:
        raise RuntimeError("disk on fire")

    tab = FilesTab(make_trainer(), fail)
    assert content(download(tab, "Snapshot")) is None
    assert "snapshot.html could not be made: disk on fire" in text(tab)
    assert "could not be made" in caplog.text


def test_onnx_says_what_it_lacks(monkeypatch) -> None:
    without = replace(EXPORTS["onnx"], unavailable_reason=lambda: "Exporting ONNX needs onnx.")
    monkeypatch.setitem(EXPORTS, "onnx", without)
    tab = FilesTab(make_trainer())
    assert download(tab, "ONNX").disabled
    assert "needs onnx" in text(tab)
