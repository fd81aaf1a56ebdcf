"""The id of the browser's tab that a session belongs to; it outlives the session."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

from playground.runs.ids import is_id
from playground.serving.browser.browser_component import BrowserComponent


class BrowserTab(BrowserComponent):
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

    @property
    def is_shown(self) -> bool:
        """Whether a browser shows it, or is about to: then it will report."""
        return bool(self._models)

    def receive(self, message: object) -> bool:
        """Take the id; the first one counts."""
        match message:
            case {"tab": str(tab_id), "reloaded": bool(reloaded)} if is_id(tab_id):
                if self.tab_id is None:
                    self.tab_id = tab_id
                    self._on_known(tab_id, reloaded)
                return True
        return False
