"""A diagram that is larger than its place and scrolls there."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import param

from playground.serving.browser.browser_component import OUT_OF_FLOW, BrowserComponent
from playground.views.size_tracking import MAX_SIDE, Size


class DiagramScrolling(BrowserComponent):
    """An invisible component that tells how much of a diagram is seen, and brings parts into view.

    In the browser it also sets `--pg-scrolled`, by which what stands over the diagram follows.

    Parameters
    ----------
    on_resize : callable
        Called with the width and height in pixels of what is seen of the diagram, and whether the
        output stands right beside it.
    """

    shown = param.List(default=[], doc="Left and right end, in pixels, of what is to be seen.")

    _esm = Path(__file__).with_suffix(".js").read_text()

    def __init__(self, on_resize: Callable[[Size, bool], None]) -> None:
        super().__init__(width=0, height=0, margin=0, styles=OUT_OF_FLOW)
        self._on_resize = on_resize

    def receive(self, message: object) -> bool:
        """Take the size of what is seen, and whether the output is beside it."""
        match message:
            case [int(width), int(height), bool(is_beside)] if (
                0 < width <= MAX_SIDE and 0 < height <= MAX_SIDE
            ):
                self._on_resize((width, height), is_beside)
                return True
        return False
