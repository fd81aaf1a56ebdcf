"""Finding a page's widgets by what a person calls them, and showing a page the state of things."""

from __future__ import annotations

from typing import Any

import panel as pn
from panel.widgets import Widget


def widgets(part: Any) -> list[Widget]:
    """Return all widgets of a page or a part of one, in the order in which they are shown."""
    shown = part.__panel__()
    return shown.select(Widget) if hasattr(shown, "select") else [shown]


def widget(part: Any, name: str) -> Any:
    """Return the first widget of that name, the one above all others of the same name."""
    found = [each for each in widgets(part) if each.name == name]
    assert found, f"no {name!r} among {sorted({each.name for each in widgets(part)})}"
    return found[0]


def click(part: Any, name: str) -> None:
    """Click a button by its name."""
    widget(part, name).clicks += 1


def text(part: Any) -> str:
    """Return the HTML of everything that is shown as text, hidden panes left out."""
    panes = part.__panel__().select(pn.pane.HTML)
    return "\n".join(pane.object for pane in panes if pane.visible)


def refresh(page: Any) -> Any:
    """Show a page the state of things, as its heartbeat does."""
    page.heartbeat.frame = page.trainer.frame()
    page.update(page.heartbeat.frame)
    return page
