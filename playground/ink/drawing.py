"""A drawing while it is being made: strokes, the one under way, and the way back."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import param

from playground.ink.strokes import MOST_POINTS, Line, Stroke, parsed

MOST_STEPS = 200
"""Steps that can be taken back."""

Lines = tuple[Line, ...]


class Drawing(param.Parameterized):
    """Pen strokes on a unit canvas, y downwards.

    Strokes come in one by one, `begin` and then `extend`, or all at once by `take`. Each stroke,
    and each `clear`, can be undone.
    """

    lines: Lines = param.Parameter(  # type: ignore[assignment]
        default=(),
        doc="The points of each stroke, float64 (n, 2), the newest last; replaced as a whole.",
    )
    brush = param.Integer(
        default=3, bounds=(1, 5), doc="How thick ink is; it makes no difference to what is read."
    )

    def __init__(self, **params: object) -> None:
        super().__init__(**params)
        self._before: list[Lines] = []

    @property
    def strokes(self) -> list[Stroke]:
        """All strokes as pairs (xs, ys), as `playground.predict` takes them."""
        return [(line[:, 0], line[:, 1]) for line in self.lines]

    @property
    def undoable(self) -> bool:
        """Whether there is a step to take back."""
        return bool(self._before)

    def begin(self, x: float, y: float) -> None:
        """Start a stroke."""
        self._remember()
        self.lines = (*self.lines, np.array([[x, y]], np.float64))

    def extend(self, x: float, y: float) -> None:
        """Go on with the newest stroke; nothing happens where there is none, or no more room."""
        if self.lines and sum(map(len, self.lines)) < MOST_POINTS:
            *rest, last = self.lines
            self.lines = (*rest, np.vstack([last, (x, y)]))

    def take(self, strokes: Sequence[Stroke]) -> None:
        """Replace all strokes by what somebody has drawn elsewhere.

        A stroke that has come point by point already is only put right.

        Raises
        ------
        InputError
            If the strokes cannot be understood; the drawing stays as it is.
        """
        lines = tuple(parsed(strokes))
        if _same(lines, self.lines):
            return
        if len(lines) != len(self.lines):
            self._remember()
        self.lines = lines

    def undo(self) -> None:
        """Take the last step back, if there is one."""
        if self._before:
            self.lines = self._before.pop()

    def clear(self) -> None:
        """Take all strokes away."""
        if self.lines:
            self._remember()
            self.lines = ()

    def _remember(self) -> None:
        self._before = [*self._before, self.lines][-MOST_STEPS:]


def _same(one: Lines, other: Lines) -> bool:
    return len(one) == len(other) and all(map(np.array_equal, one, other))
