"""A list of runs, one of which is chosen, and some of which are compared."""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import param

from playground.pages.runs.run_description import score_text, settings_text
from playground.runs import RunRecord, StoreEntry
from playground.serving.browser.browser_component import BrowserComponent
from playground.training.core.metrics import Curves

HERE = Path(__file__)
SPARKLINE_WIDTH, SPARKLINE_HEIGHT = 64, 22
"""Pixels; `run_list.js` has the same numbers."""
MAX_SPARKLINE_POINTS = 32

Row = dict[str, Any]
"""What the browser is sent of a run: texts, an image as a data URI, and the points of a curve."""


class RunList(BrowserComponent):
    """Rows with a thumbnail, a description and a sparkline; a click chooses, a tick compares.

    One component, however many runs there are. Whatever it shows is inserted as text, never as
    HTML.

    Attributes
    ----------
    on_choose : callable
        Given the id of a row that was clicked.
    on_compare : callable
        Given the id of a row whose box was ticked or cleared, and whether it is ticked.
    """

    rows = param.List(default=[], item_type=dict, doc="What `row` makes of each run.")
    chosen = param.String(default="", doc="Id of the run that the buttons act on.")
    colours = param.Dict(default={}, doc="Index of each compared run's colour, by id.")

    _esm = HERE.with_suffix(".js").read_text()
    _stylesheets = [HERE.with_suffix(".css").read_text()]  # noqa: RUF012 (as Panel declares it)

    def __init__(self, **params: Any) -> None:
        super().__init__(margin=0, sizing_mode="stretch_width", **params)
        self.on_choose: Callable[[str], None] = lambda id: None
        self.on_compare: Callable[[str, bool], None] = lambda id, wanted: None

    def undo_tick(self) -> None:
        """Show the box that was last ticked or cleared as it was before."""
        self._send_msg("show")

    def receive(self, message: object) -> bool:
        """Choose or compare a run of the list."""
        match message:
            case {"choose": str(id)} if self._has(id):
                self.on_choose(id)
            case {"compare": str(id), "wanted": bool(wanted)} if self._has(id):
                self.on_compare(id, wanted)
            case _:
                return False
        return True

    def _has(self, id: str) -> bool:
        return any(row["id"] == id for row in self.rows)


def row(record: StoreEntry, mark: str = "") -> Row:
    """Make the row of a run, or of a file that cannot be opened; `mark` is a word before it."""
    if not isinstance(record, RunRecord):
        return {
            "id": record.id,
            "name": "A file that cannot be opened",
            "about": record.reason,
            "score": "",
            "saved": record.saved.isoformat(),
            "picture": "",
            "curve": "",
            "broken": True,
        }
    png = record.thumbnail
    return {
        "id": record.id,
        "name": record.name,
        "about": " · ".join(filter(None, [mark, record.page, settings_text(record.settings)])),
        "score": score_text(record.summary),
        "saved": record.saved.isoformat(),
        "picture": f"data:image/png;base64,{b64encode(png).decode()}" if png else "",
        "curve": sparkline(record.curves),
        "broken": False,
    }


def sparkline(curves: Curves) -> str:
    """The training loss as points of an SVG polyline; "" with fewer than two finite values."""
    finite = np.flatnonzero(np.isfinite(curves.train_loss))
    if len(finite) < 2:
        return ""
    count = min(len(finite), MAX_SPARKLINE_POINTS)
    chosen = finite[np.linspace(0, len(finite) - 1, count).astype(int)]
    epoch, loss = (line[chosen].astype(np.float64) for line in (curves.epoch, curves.train_loss))
    # The denominators' lower bounds keep a flat curve, or a single epoch, from dividing by zero.
    across = (epoch - epoch[0]) / max(epoch[-1] - epoch[0], 1e-9)
    down = 1 - (loss - loss.min()) / max(np.ptp(loss), 1e-9)
    x = across * (SPARKLINE_WIDTH - 2) + 1
    y = down * (SPARKLINE_HEIGHT - 2) + 1
    return " ".join(f"{x:.1f},{y:.1f}" for x, y in zip(x, y, strict=True))
