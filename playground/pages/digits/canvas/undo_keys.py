"""Ctrl+Z and Cmd+Z on the canvas."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from playground.serving.browser.browser_component import BrowserComponent


class UndoKeys(BrowserComponent):
    """An invisible component that reports Ctrl+Z and Cmd+Z if the canvas was clicked last.

    Parameters
    ----------
    undo : callable
        Called with no arguments each time.
    """

    _esm = Path(__file__).with_suffix(".js").read_text()

    def __init__(self, undo: Callable[[], None]) -> None:
        super().__init__(width=0, height=0, margin=0, styles={"position": "absolute"})
        self._undo = undo

    def receive(self, message: object) -> bool:
        """Undo, if that is the message."""
        if message != "undo":
            return False
        self._undo()
        return True
