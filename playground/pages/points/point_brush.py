"""The brush that paints, moves and erases points on the boundary."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np
import param

from playground.errors import InputError
from playground.problems.points.points import OWN, Points
from playground.problems.points.position_checks import MAX_CLASSES
from playground.views.gestures import Place

SCATTER = 0.45
"""Distance from the brush within which nearly all points are painted, in units of the plane."""
SPACING = 0.35
"""Distance that the brush moves between two points, in units of the plane."""
MAX_PLACES = 100
"""The most points that one movement of the brush paints; across the plane are 50."""
PICK_RADIUS = 0.5
"""Distance within which a point is moved or erased, in units of the plane."""

MODES = ("look", "paint", "move", "erase")
"""What the brush does; in "look" mode nothing."""


class PointBrush(param.Parameterized):
    """Changes points in answer to gestures on the boundary.

    Parameters
    ----------
    problem : Points
        With the first change its points become the person's own.
    notify : callable
        Given a sentence that says what could not be done.
    """

    mode: param.Selector[str] = param.Selector(
        default="look", objects=list(MODES), doc="What a gesture does."
    )
    label = param.Integer(default=0, bounds=(0, MAX_CLASSES - 1), doc="The class that is painted.")
    value = param.Number(default=1.0, bounds=(-1, 1), doc="The value painted in regression.")

    def __init__(self, problem: Points, notify: Callable[[str], None]) -> None:
        super().__init__()
        self._problem = problem
        self._notify = notify
        self._dragged: int | None = None
        self._last_place: Place | None = None
        self._rng = np.random.default_rng(0)

    def tap(self, place: Place) -> None:
        """Paint a point at a place, or erase those near it."""
        if self.mode == "paint":
            self._change(lambda: self._add(place))
        elif self.mode == "erase":
            self._change(lambda: self._erase(place))

    def press(self, place: Place) -> None:
        """Start a stroke; in "move" mode pick up the nearest point."""
        self._last_place = None
        if self.mode == "move":
            self._make_own()
            self._dragged = self._problem.own.nearest(place, PICK_RADIUS)
        else:
            self.drag(place)

    def drag(self, place: Place) -> None:
        """Continue a stroke."""
        dragged = self._dragged
        if self.mode == "move" and dragged is not None:
            self._change(lambda: self._problem.own.move(dragged, place))
        elif self.mode == "erase":
            self._change(lambda: self._erase(place))
        elif self.mode == "paint" and (spaced := self._spaced_places(place)):
            self._last_place = spaced[-1]
            self._change(lambda: self._scatter(spaced))

    def release(self, _place: Place) -> None:
        """End a stroke."""
        self._dragged = None

    def _add(self, place: Place) -> None:
        own = self._problem.own
        own.add(place, self.value if own.regression else self.label)

    def _scatter(self, places: Sequence[Place]) -> None:
        for place in places:
            self._add(self._jitter(place))

    def _spaced_places(self, place: Place) -> list[Place]:
        """Places `SPACING` apart from the last point to `place`; a fast stroke has several."""
        if self._last_place is None:
            return [place]
        last, offset = np.asarray(self._last_place), np.subtract(place, self._last_place)
        length = float(np.hypot(*offset))
        spacing = max(SPACING, length / MAX_PLACES)
        distances = np.arange(spacing, length + 1e-9, spacing) / max(length, spacing)
        return [(float(x), float(y)) for x, y in last + np.outer(distances, offset)]

    def _jitter(self, place: Place) -> Place:
        across, up = self._rng.normal(place, SCATTER / 2)
        return float(across), float(up)

    def _erase(self, place: Place) -> None:
        found = self._problem.own.within(place, PICK_RADIUS)
        if len(found):
            self._problem.own.remove(found)

    def _make_own(self) -> None:
        if self._problem.shape != OWN:
            self._problem.adopt()

    def _change(self, change: Callable[[], None]) -> None:
        self._make_own()
        try:
            change()
        except InputError as error:
            self._notify(str(error))
        self._problem.param.trigger("shape")
