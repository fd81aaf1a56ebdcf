"""A drawing while it is being made: strokes, the one under way, and the way back."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import param

from playground.ink.strokes import MAX_POINTS, Polyline, Stroke, parse_strokes

MAX_UNDO_STEPS = 200
"""Steps that can be taken back."""

Polylines = tuple[Polyline, ...]


class Drawing(param.Parameterized):
    """Pen strokes on a unit canvas, y downwards.

    Strokes come one by one, by `begin` and `extend`, or all at once by `set_strokes`. Each stroke,
    and each `clear`, can be undone.
    """

    lines: Polylines = param.Parameter(  # type: ignore[assignment]
        default=(),
        doc="The points of each stroke, float64 (n, 2), the newest last; replaced as a whole.",
    )
    brush = param.Integer(
        default=3, bounds=(1, 5), doc="How thick ink is; it makes no difference to what is read."
    )

    def __init__(self, **params: object) -> None:
        super().__init__(**params)
        self._undo_stack: list[Polylines] = []

    @property
    def strokes(self) -> list[Stroke]:
        """All strokes as pairs (xs, ys), as `playground.predict` takes them."""
        return [(line[:, 0], line[:, 1]) for line in self.lines]

    @property
    def can_undo(self) -> bool:
        """Whether there is a step to take back."""
        return bool(self._undo_stack)

    def begin(self, x: float, y: float) -> None:
        """Start a stroke."""
        self._push_undo()
        self.lines = (*self.lines, np.array([[x, y]], np.float64))

    def extend(self, x: float, y: float) -> None:
        """Go on with the newest stroke; nothing happens where there is none, or no more room."""
        if self.lines and sum(map(len, self.lines)) < MAX_POINTS:
            *rest, last = self.lines
            self.lines = (*rest, np.vstack([last, (x, y)]))

    def set_strokes(self, strokes: Sequence[Stroke]) -> None:
        """Replace all strokes by what somebody has drawn elsewhere.

        A stroke that has come point by point already is only put right.

        Raises
        ------
        InputError
            If the strokes cannot be understood; the drawing stays as it is.
        """
        lines = tuple(parse_strokes(strokes))
        if _equal_lines(lines, self.lines):
            return
        if len(lines) != len(self.lines):
            self._push_undo()
        self.lines = lines

    def undo(self) -> None:
        """Take the last step back, if there is one."""
        if self._undo_stack:
            self.lines = self._undo_stack.pop()

    def clear(self) -> None:
        """Take all strokes away."""
        if self.lines:
            self._push_undo()
            self.lines = ()

    def _push_undo(self) -> None:
        self._undo_stack = [*self._undo_stack, self.lines][-MAX_UNDO_STEPS:]


def _equal_lines(one: Polylines, other: Polylines) -> bool:
    return len(one) == len(other) and all(map(np.array_equal, one, other))
