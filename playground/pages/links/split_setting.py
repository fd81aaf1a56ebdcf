"""How points are split, as a setting that stands in links and runs only where it matters."""

from __future__ import annotations

from collections.abc import Callable

import param

from playground.problems.points.points import EXACT, Points
from playground.settings.value_types import ChoiceType


class SplitSetting:
    """Whether points are split exactly in their ratio, where earlier versions did not.

    Parameters
    ----------
    owner : Parameterized
        Has the settings that determine the points.
    points : callable
        Returns the points; None while something else is learned.
    """

    name = "split"
    if_missing = ""
    """Links and runs of earlier versions do not have it."""

    def __init__(self, owner: param.Parameterized, points: Callable[[], Points | None]) -> None:
        self.owner, self._points = owner, points
        self.value_type = ChoiceType(("", EXACT))

    @property
    def value(self) -> str:
        """Return "exact", or "" where the samples are those of earlier versions."""
        points = self._points()
        return "" if points is None else points.split_mark

    def assign(self, value: str) -> None:
        """Split the points in this way."""
        points = self._points()
        if points is not None:
            points.split_mark = value

    def watch(self, call: Callable[[], None]) -> None:
        """Do nothing: it changes with other settings only, which are watched themselves."""
