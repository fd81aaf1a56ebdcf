"""The id of the browser's tab that a session belongs to; it outlives the session."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import panel as pn

from playground.runs.ids import is_id


class BrowserTab(pn.custom.JSComponent):
    """An invisible component that reports, once, the id of the browser's tab.

    The id lasts as long as the tab, through reloads and new sessions, and no other tab has it.

    Parameters
    ----------
    on_known : callable
        Given the id, and whether the page was reloaded rather than opened.
    """

    _esm = Path(__file__).with_suffix(".js").read_text()

    def __init__(self, on_known: Callable[[str, bool], None], **params: Any) -> None:
        super().__init__(width=0, height=0, margin=0, **params)
        self._on_known = on_known
        self.tab_id: str | None = None

    def _handle_msg(self, msg: object) -> None:
        data = msg if isinstance(msg, dict) else {}
        tab_id = str(data.get("tab"))
        if self.tab_id is None and is_id(tab_id):
            self.tab_id = tab_id
            self._on_known(tab_id, data.get("reloaded") is True)
