"""Closes what lies over a page when a person clicks beside it."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import param

from playground.serving.browser.browser_component import BrowserComponent


class ClickOutside(BrowserComponent):
    """An invisible component, inside what lies over the page, that calls back for clicks beside it.

    The button that opens it does not count: it closes it too.

    Parameters
    ----------
    act : callable
    """

    over = param.String(default="pg-drawer-place", constant=True, doc="Class of what lies over.")
    opener = param.String(default="pg-keep", constant=True, doc="Class of what opens it.")

    _esm = Path(__file__).with_suffix(".js").read_text()

    def __init__(self, act: Callable[[], object], **params: Any) -> None:
        super().__init__(width=0, height=0, margin=0, **params)
        self._act = act

    def receive(self, message: object) -> bool:
        """Call back."""
        if message != "outside":
            return False
        self._act()
        return True
