"""A table of runs in the browser, which sorts it by itself."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import param

from playground.serving.browser.browser_component import BrowserComponent

HERE = Path(__file__)
Cell = float | str | None
"""A number, a word, or None for what is missing."""


class RunsTable(BrowserComponent):
    """Rows with headings; a click on a heading sorts, a click on a row selects.

    Attributes
    ----------
    on_select : callable
        Given the numbers of the rows that are selected from now on.
    """

    headings = param.List(default=[], item_type=str, doc="Of the columns.")
    rows = param.List(default=[], item_type=list, doc="The cells of each row.")
    shown = param.List(default=[], item_type=bool, doc="Whether each row is shown.")
    selected = param.List(default=[], item_type=int, doc="Numbers of the selected rows.")

    _esm = HERE.with_suffix(".js").read_text()
    _stylesheets = [HERE.with_suffix(".css").read_text()]  # noqa: RUF012 (as Panel declares it)

    def __init__(self, **params: Any) -> None:
        super().__init__(margin=0, sizing_mode="stretch_both", **params)
        self.on_select: Callable[[tuple[int, ...]], None] = lambda rows: None

    def receive(self, message: object) -> bool:
        """Select rows of the table."""
        match message:
            case {"select": list(rows)} if len(rows) <= len(self.rows) and all(
                type(row) is int and 0 <= row < len(self.rows) for row in rows
            ):
                self.on_select(tuple(dict.fromkeys(rows)))
            case _:
                return False
        return True
