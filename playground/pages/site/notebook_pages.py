"""Notebooks served beside the app, as pages of the same `panel serve`."""

from __future__ import annotations

import json
from html import escape
from pathlib import Path
from typing import Any

import panel as pn

from playground.pages.server import prepare_document
from playground.pages.site.error_page import message_pane
from playground.serving.identity.person import current_owner
from playground.serving.session_limits import admit
from playground.serving.sessions import browser_session

ARGUMENT = "notebook"
"""In the address: the name of a notebook, or nothing for the list of all."""
_PREFIX = "notebook_"


def notebook_requested() -> bool:
    """Whether the address of the session asks for a notebook, as `?notebook=gates` does."""
    return ARGUMENT in pn.state.session_args


def serve_notebook(folder: Path) -> None:
    """Make a notebook of a folder the document, or a list of links if there is none of that name.

    Of a notebook, what its cells mark as servable is shown, as `panel serve` does.

    Parameters
    ----------
    folder : Path
        With files named notebook_*.ipynb.
    """
    prepare_document()
    paths = {
        path.stem.removeprefix(_PREFIX): path for path in sorted(folder.glob(f"{_PREFIX}*.ipynb"))
    }
    name = pn.state.session_args[ARGUMENT][0].decode(errors="replace")
    path = paths.get(name)
    if (document := pn.state.curdoc) is not None:
        document.title = f"Playground: {_title(path) if path else 'notebooks'}"
    if path is None:
        pn.pane.HTML(_index(paths), margin=24).servable()
        return
    session = browser_session()
    if session is not None and (reason := admit(session, current_owner())):
        message_pane(reason).servable()
        return
    namespace: dict[str, object] = {"__name__": "__main__"}
    for number, cell in enumerate(_cells(path)):
        if cell["cell_type"] == "code":
            source = "".join(cell["source"])
            exec(compile(source, f"{path.name}, cell {number}", "exec"), namespace)


def _cells(path: Path) -> list[dict[str, Any]]:
    cells: list[dict[str, Any]] = json.loads(path.read_text(encoding="utf-8"))["cells"]
    return cells


def _title(path: Path) -> str:
    """Return the heading of a notebook's first cell."""
    return "".join(_cells(path)[0]["source"]).partition("\n")[0].removeprefix("# ")


def _index(paths: dict[str, Path]) -> str:
    items = "".join(
        f'<li><a href="?{ARGUMENT}={escape(name)}">{escape(_title(path))}</a></li>'
        for name, path in paths.items()
    )
    return f"<h1>Notebooks</h1><ul>{items}</ul>"
