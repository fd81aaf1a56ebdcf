"""The page about points in the plane."""

from __future__ import annotations

from typing import Any, ClassVar

from playground.pages.lab import Lab
from playground.pages.points_card import PointsCard
from playground.problems.points import Points
from playground.views.gestures import Gestures


class PointsPage(Lab[Points]):
    """Watch a network learn to tell points apart, or to give their value.

    Examples
    --------
    >>> PointsPage(shape="spiral", hidden=[8, 8])
    """

    title: ClassVar[str] = "Points"
    kind = Points
    # With these every shape is learned within 100 epochs; with x and y alone the spiral takes 500.
    presets: ClassVar[dict[str, Any]] = {
        "features": ["x", "y", "sin x", "sin y"],
        "hidden": [8, 4],
        "count": 400,
        "noise": 0.05,
        "learning_rate": 0.02,
        "l2": 0.001,
        "pace": 20.0,
    }

    def problem_card(self) -> PointsCard:
        """The card of choices about the points."""
        self._points = PointsCard(self.problem)
        return self._points

    def strokes(self) -> Gestures:
        """The brush."""
        brush = self._points.brush
        brush.param.watch(lambda _event: self._boundary.show_test(), "mode")
        return Gestures(tap=brush.tap, press=brush.press, drag=brush.drag, release=brush.release)

    def boundary_tools(self) -> tuple[Any, ...]:
        """What the brush does."""
        return (self._points.brushes(),)
