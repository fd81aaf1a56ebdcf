"""A pen for the canvas that is moved with the arrow keys."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from playground.errors import InputError
from playground.ink.drawing import Drawing
from playground.ink.strokes import Polyline
from playground.pages.accessibility.announcer import LIVE_REGION, LiveRegion
from playground.serving.browser.browser_component import join_scripts

DOT_LENGTH = 0.001
"""Length of the line that a lowered pen draws before it moves, in widths of the canvas."""
OVER_THE_CANVAS = {"position": "absolute", "inset": "0", "pointer-events": "none"}


class PenKeys(LiveRegion):
    """Takes the focus on the canvas: arrows move a pen, Enter or the space bar lowers and lifts it.

    Parameters
    ----------
    drawing : Drawing
    on_refused : callable
        Called with a sentence that says why a stroke can't be kept.
    """

    _esm = join_scripts(LIVE_REGION, Path(__file__).with_suffix(".js"))

    def __init__(self, drawing: Drawing, on_refused: Callable[[str], None]) -> None:
        super().__init__()
        self.styles = OVER_THE_CANVAS
        self._drawing, self._on_refused = drawing, on_refused
        self._line: Polyline | None = None

    def receive(self, message: object) -> bool:
        """Draw to where the pen is; or say that it was lowered or lifted."""
        match message:
            case "up":
                self._line, self.text = None, "Pen lifted."
            case ["down", int() | float() as x, int() | float() as y] if is_place(x, y):
                self._line, self.text = None, "Pen lowered."
                self._draw((x, y), (x + DOT_LENGTH, y))
            case ["to", int() | float() as x, int() | float() as y] if is_place(x, y):
                self._draw((x, y))
            case _:
                return False
        return True

    def _draw(self, *points: tuple[float, float]) -> None:
        """Go on with the stroke under way, or begin one: also where it was removed meanwhile."""
        lines = self._drawing.lines
        try:
            if self._line is not None and lines and lines[-1] is self._line:
                self._drawing.extend(*points)
            else:
                self._drawing.begin(*points)
        except InputError as error:
            self._on_refused(str(error))
        else:
            self._line = self._drawing.lines[-1]


def is_place(x: float, y: float) -> bool:
    """Return whether a place lies on the canvas; NaN does not."""
    return 0 <= x <= 1 and 0 <= y <= 1
