"""A list of runs: one of them is chosen, and some are compared."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import panel as pn
import param

HERE = Path(__file__)


class RunList(pn.custom.JSComponent):
    """Rows with a picture, a few words and a small curve; a click chooses, a tick compares.

    One component, however many runs there are. All that it shows is put in as text.

    Attributes
    ----------
    on_choose : callable
        Given the id of a row that was clicked.
    on_compare : callable
        Given the id of a row whose tick was set or taken away, and which of the two.
    """

    rows = param.List(default=[], item_type=dict, doc="See `playground.pages.runs.run_rows`.")
    chosen = param.String(default="", doc="Id of the run that buttons are about.")
    colours = param.Dict(default={}, doc="Numbers of the compared runs' colours, by id.")

    _esm = HERE.with_suffix(".js").read_text()
    _stylesheets = [HERE.with_suffix(".css").read_text()]  # noqa: RUF012 (as Panel declares it)

    def __init__(self, **params: Any) -> None:
        super().__init__(margin=0, sizing_mode="stretch_width", **params)
        self.on_choose: Callable[[str], None] = lambda id: None
        self.on_compare: Callable[[str, bool], None] = lambda id, wanted: None

    def undo_tick(self) -> None:
        """Show what was last ticked as it was before."""
        self._send_msg("show")

    def _handle_msg(self, msg: object) -> None:
        match msg:
            case {"choose": str(id)} if self._has(id):
                self.on_choose(id)
            case {"compare": str(id), "wanted": bool(wanted)} if self._has(id):
                self.on_compare(id, wanted)

    def _has(self, id: str) -> bool:
        return any(row["id"] == id for row in self.rows)
