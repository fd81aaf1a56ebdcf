"""A drawing while it is made: finished strokes, the one under way, and the undo history."""

from __future__ import annotations

import numpy as np
import param

from playground.errors import InputError
from playground.ink.strokes import ADVICE, MAX_POINTS, MAX_STROKES, Polyline, Stroke

MAX_UNDO_STEPS = 200
MAX_UNDO_POINTS = 10 * MAX_POINTS
"""Points in all steps that can be undone, each stroke counted once."""

Point = tuple[float, float]
Polylines = tuple[Polyline, ...]


class Drawing(param.Parameterized):
    """Pen strokes on a unit canvas, y downwards, made point by point.

    Each stroke, and each `clear`, can be undone.
    """

    lines: Polylines = param.Parameter(  # type: ignore[assignment]
        default=(),
        doc="The points of each stroke, float64 (n, 2), the newest last; replaced as a whole.",
    )
    brush = param.Integer(
        default=3,
        bounds=(1, 5),
        doc="Thickness of the ink; it makes no difference to the prediction.",
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
        """Whether there is a step to undo."""
        return bool(self._undo_stack)

    def begin(self, *points: Point) -> None:
        """Add a stroke of one or more points.

        Raises
        ------
        InputError
            If the drawing would have more than 200 strokes or 20,000 points; it stays as it is.
        """
        if len(self.lines) >= MAX_STROKES:
            raise InputError(
                f"The drawing has {MAX_STROKES} strokes, and there is no room for more. {ADVICE}"
            )
        line = np.array(points, np.float64)
        self._check_room(len(line))
        self._push_undo()
        self.lines = (*self.lines, line)

    def extend(self, *points: Point) -> None:
        """Add points to the newest stroke; nothing happens if there is no stroke, or no point.

        Raises
        ------
        InputError
            If the drawing would have more than 20,000 points; it stays as it is.
        """
        if self.lines and points:
            self._check_room(len(points))
            *rest, last = self.lines
            self.lines = (*rest, np.vstack([last, *points]))

    def undo(self) -> None:
        """Undo the last step, if there is one."""
        if self._undo_stack:
            self.lines = self._undo_stack.pop()

    def clear(self) -> None:
        """Remove all strokes."""
        if self.lines:
            self._push_undo()
            self.lines = ()

    def _check_room(self, more: int) -> None:
        if sum(map(len, self.lines)) + more > MAX_POINTS:
            raise InputError(
                f"The drawing has {MAX_POINTS:,} points, and there is no room for more. {ADVICE}"
            )

    def _push_undo(self) -> None:
        """Remember the drawing as it is, and forget the oldest steps that need too much room."""
        stack = [*self._undo_stack, self.lines][-MAX_UNDO_STEPS:]
        seen: set[int] = set()
        points = kept = 0
        for lines in reversed(stack):
            points += sum(len(line) for line in lines if id(line) not in seen)
            if points > MAX_UNDO_POINTS:
                break
            seen.update(map(id, lines))
            kept += 1
        self._undo_stack = stack[len(stack) - kept :]
