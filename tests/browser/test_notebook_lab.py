"""Notebooks in the browser: in a real JupyterLab, and as apps of `panel serve`."""

from __future__ import annotations

import asyncio
import json
import re
from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Locator, Page

from tests.support.browser.jupyter import KERNEL, KERNEL_MS, JupyterLab, NotebookPage
from tests.support.browser.lab_page import wait_until
from tests.support.browser.patient_expect import expect
from tests.support.in_new_thread import in_new_thread
from tests.support.servers.server import ROOT
from tests.support.servers.socket_client import SocketClient, get

GO = "go"
"""A file on which a cell waits, so that the kernel is busy until then."""
BUSY_SECONDS = 15
"""How long it waits at most."""
EPOCHS = 100
"""How many a cell has the network learn."""
CELLS = (
    'from playground import Gates\ng = Gates("xor")\ng',
    "from pathlib import Path\nfrom time import monotonic, sleep\n"
    f"end = monotonic() + {BUSY_SECONDS}\n"
    f"while monotonic() < end and not Path('{GO}').exists():\n    sleep(0.05)",
    "g.boundary",
    "g.diagram",
    f"g.trainer.train(epochs={EPOCHS}).epoch",
    "g.hidden = [3, 2]",
)


@pytest.fixture(scope="module")
def lab(tmp_path_factory: pytest.TempPathFactory) -> Iterator[JupyterLab]:
    folder = tmp_path_factory.mktemp("notebooks")
    code = {"cell_type": "code", "metadata": {}, "outputs": [], "execution_count": None}
    notebook = {
        "cells": [{**code, "source": each} for each in CELLS],
        "metadata": {"kernelspec": {"name": KERNEL, "display_name": "Test"}},
        "nbformat": 4,
        "nbformat_minor": 4,
    }
    (folder / "test.ipynb").write_text(json.dumps(notebook))
    server = JupyterLab(tmp_path_factory.mktemp("jupyter"), folder)
    yield server
    server.stop()


@pytest.fixture
def notebook(lab: JupyterLab, page: Page) -> NotebookPage:
    page.set_default_timeout(KERNEL_MS)
    return NotebookPage(page, lab.url("test.ipynb"))


def epoch(cell: Locator) -> int:
    """Return the number in the page's header."""
    text = cell.locator(".pg-figures b").first.text_content() or ""
    return int(text.replace(",", ""))


def figure(cell: Locator) -> Locator:
    """Find the first figure that a cell shows."""
    return cell.locator(".bk-Figure").first


@pytest.mark.slow
def test_a_page_learns_in_jupyterlab_and_its_views_follow(
    lab: JupyterLab, notebook: NotebookPage, page: Page
) -> None:
    shown, busy, boundary, diagram, trained, grown = (
        notebook.cell(number) for number in range(len(CELLS))
    )
    notebook.run(0)
    notebook.run(1)
    # As in the app: Play, and the numbers rise; also if it is clicked while a cell runs.
    shown.get_by_role("button", name="Play", exact=True).click()
    (lab.notebooks / GO).touch()
    expect(busy.locator(".jp-InputPrompt")).to_have_text("[2]:", timeout=KERNEL_MS)
    wait_until(page, lambda: epoch(shown) >= 3)
    shown.get_by_role("button", name="Pause", exact=True).click()
    expect(shown.get_by_role("button", name="Play", exact=True)).to_be_visible(timeout=KERNEL_MS)
    for number in (2, 3):
        notebook.run(number)
    for cell in (shown, boundary, diagram):
        expect(figure(cell)).to_be_visible(timeout=KERNEL_MS)

    # As nowhere else: a cell has the network learn, and what stands in other cells follows.
    before = figure(boundary).screenshot()
    notebook.run(4)
    learned = int(trained.locator(".jp-OutputArea-output pre").inner_text())
    assert learned >= EPOCHS + 3
    wait_until(page, lambda: epoch(shown) == learned)
    wait_until(page, lambda: figure(boundary).screenshot() != before)

    notebook.run(5)
    expect(shown.get_by_text("2 hidden layers")).to_be_visible(timeout=KERNEL_MS)
    assert grown.locator(".jp-OutputArea-output").count() == 0
    wait_until(page, lambda: all(fits(page)))


def fits(page: Page) -> list[bool]:
    """Return of each diagram whether its coordinates are the pixels that it is shown in."""
    figures = page.evaluate(
        """() => Bokeh.documents.flatMap(each => [...each._all_models.values()])
            .filter(each => each.type == "Figure" && each.x_range.start == 0
                            && each.y_range.start == 0 && each.y_range.end > 100)
            .map(each => [each.inner_width, each.x_range.end])"""
    )
    assert len(figures) == 2, "the page's diagram, and the one by itself"
    return [width == end for width, end in figures]


def test_a_notebook_is_an_app_too(serve: Callable[..., str]) -> None:
    """It learns, and needs nothing from elsewhere; of the two, that with a module of one's own."""
    address = f"{serve(ROOT / 'apps' / 'notebook_own_model.ipynb')}/notebook_own_model"

    async def visit() -> None:
        assert not re.search(r"(src|href)=.https?://(?!127\.0\.0\.1)", await get(address))
        client = await SocketClient.open(address)
        await client.train()
        await client.click("pg-play")
        await client.close()

    # Playwright leaves an event loop running in the thread of the tests.
    in_new_thread(lambda: asyncio.run(visit()))
