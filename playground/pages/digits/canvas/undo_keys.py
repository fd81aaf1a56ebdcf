"""Ctrl+Z and Cmd+Z on the canvas."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import panel as pn


class UndoKeys(pn.custom.JSComponent):
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

    def _handle_msg(self, _msg: str) -> None:
        self._undo()
