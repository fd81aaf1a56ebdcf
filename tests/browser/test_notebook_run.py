"""The demo notebooks, run from top to bottom in a kernel."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tests.support.browser.jupyter import KERNEL, NOTEBOOKS, environment, load_nbformat
from tests.support.servers.server import ROOT

if TYPE_CHECKING:
    from nbformat import NotebookNode

SECONDS = 120
"""Until a cell counts as stuck."""


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_a_notebook_is_kept_without_its_outputs(path: Path) -> None:
    nbformat = load_nbformat()
    notebook = nbformat.read(path, as_version=4)
    nbformat.validate(notebook)
    for cell in notebook.cells:
        assert cell.get("outputs", []) == []
        assert cell.get("execution_count") is None
    assert notebook.metadata.kernelspec.name == "python3"


@pytest.fixture(scope="module")
def executed_cells(tmp_path_factory: pytest.TempPathFactory) -> dict[Path, list[NotebookNode]]:
    """Run all notebooks, one after another, in one kernel; return the cells of each.

    The kernel forgets all names between two of them. To start one takes seconds.
    """
    nbformat = load_nbformat()
    from nbclient import NotebookClient

    cells = {path: nbformat.read(path, as_version=4).cells for path in NOTEBOOKS}
    both = []
    for path in NOTEBOOKS:
        both += [*cells[path], nbformat.v4.new_code_cell("%reset -f")]
    for number, cell in enumerate(both):
        cell.id = f"cell-{number}"  # unique among those of all notebooks
    notebook = nbformat.v4.new_notebook(cells=both)
    with pytest.MonkeyPatch.context() as patch:
        for name, value in environment(tmp_path_factory.mktemp("jupyter")).items():
            patch.setenv(name, value)
        client = NotebookClient(
            notebook,
            timeout=SECONDS,
            kernel_name=KERNEL,
            resources={"metadata": {"path": str(ROOT)}},
        )
        asyncio.run(client.async_execute())  # which raises what a cell raises
    return cells


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
@pytest.mark.slow
def test_a_notebook_runs_and_shows_its_page(
    path: Path, executed_cells: dict[Path, list[NotebookNode]]
) -> None:
    outputs = [output for cell in executed_cells[path] for output in cell.get("outputs", [])]
    assert not [output for output in outputs if output.get("name") == "stderr"]
    shown = [output.data for output in outputs if "data" in output]
    pages = [data for data in shown if "application/vnd.holoviews_exec.v0+json" in data]
    assert len(pages) >= 2, "the page, and at least one view by itself"
    # Whatever the browser needs comes with the notebook.
    assert not [data for data in shown if "cdn.holoviz.org" in data.get("text/html", "")]
    # And little of it: a page's style sheets are not written once more for each of its widgets.
    assert max(len(data.get("text/html", "")) for data in pages) < 10**6
    assert max(len(data.get("text/plain", "")) for data in pages) < 1000, "text of a whole layout"
