"""Editing points by hand on the boundary: paint, move, erase."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np
import param

from playground.errors import InputError
from playground.problems.points import OWN, Points
from playground.views.gestures import Place

SPREAD = 0.45
"""How far from the brush points are strewn, in units of the plane."""
EVERY = 0.35
"""How far the brush must move before it leaves another point."""
REACH = 0.5
"""How near a point must be to be taken hold of or erased."""

MODES = ("look", "paint", "move", "erase")


class Brush(param.Parameterized):
    """What strokes on the boundary do to the points.

    Parameters
    ----------
    problem : Points
        Its points become the person's own with the first change.
    say : callable
        Told in one sentence what could not be done.
    """

    mode: param.Selector[str] = param.Selector(
        default="look", objects=list(MODES), doc="What a stroke does."
    )
    label = param.Integer(default=0, bounds=(0, 5), doc="The class that is painted.")
    value = param.Number(default=1.0, bounds=(-1, 1), doc="The value painted in regression.")

    def __init__(self, problem: Points, say: Callable[[str], None]) -> None:
        super().__init__()
        self._problem = problem
        self._say = say
        self._held: int | None = None
        self._last: Place | None = None
        self._rng = np.random.default_rng(0)

    def tap(self, place: Place) -> None:
        """Paint or erase at a place."""
        if self.mode == "paint":
            self._change(lambda: self._add(place))
        elif self.mode == "erase":
            self._change(lambda: self._erase(place))

    def press(self, place: Place) -> None:
        """Begin a stroke."""
        self._last = None
        if self.mode == "move":
            self._own()
            self._held = self._problem.own.nearest(place, REACH)
        else:
            self.drag(place)

    def drag(self, place: Place) -> None:
        """Go on with a stroke."""
        held = self._held
        if self.mode == "move" and held is not None:
            self._change(lambda: self._problem.own.move(held, place))
        elif self.mode == "erase":
            self._change(lambda: self._erase(place))
        elif self.mode == "paint" and (along := self._along(place)):
            self._last = along[-1]
            self._change(lambda: self._strew(along))

    def release(self, _place: Place) -> None:
        """End a stroke."""
        self._held = None

    def _add(self, place: Place) -> None:
        own = self._problem.own
        own.add(place, self.value if own.regression else self.label)

    def _strew(self, places: Sequence[Place]) -> None:
        for place in places:
            self._add(self._near(place))

    def _along(self, place: Place) -> list[Place]:
        """Places to leave points at since the last one; a fast stroke passes several at once."""
        if self._last is None:
            return [place]
        last, way = np.asarray(self._last), np.subtract(place, self._last)
        length = float(np.hypot(*way))
        passed = np.arange(EVERY, length + 1e-9, EVERY) / max(length, EVERY)
        return [(float(x), float(y)) for x, y in last + np.outer(passed, way)]

    def _near(self, place: Place) -> Place:
        across, up = self._rng.normal(place, SPREAD / 2)
        return float(across), float(up)

    def _erase(self, place: Place) -> None:
        found = self._problem.own.within(place, REACH)
        if len(found):
            self._problem.own.remove(found)

    def _own(self) -> None:
        if self._problem.shape != OWN:
            self._problem.adopt()

    def _change(self, change: Callable[[], None]) -> None:
        self._own()
        try:
            change()
        except InputError as error:
            self._say(str(error))
        self._problem.param.trigger("shape")
