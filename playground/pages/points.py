"""The page about points in the plane."""

from __future__ import annotations

from typing import Any, ClassVar

from playground.pages.lab import Lab, taken
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
    # With these every shape is learned within 100 epochs; x and y alone take the spiral hundreds.
    presets: ClassVar[dict[str, Any]] = {
        "features": ["x", "y", "sin x", "sin y"],
        "hidden": [8, 4],
        "learning_rate": 0.03,
        "pace": 20.0,
    }

    def __init__(self, **choices: Any) -> None:
        super().__init__(Points(**taken(choices, Points)), **choices)

    def problem_card(self) -> PointsCard:
        """The card of choices about the points."""
        self._points = PointsCard(self.problem)
        return self._points

    def strokes(self) -> Gestures:
        """The brush."""
        brush = self._points.brush
        return Gestures(tap=brush.tap, press=brush.press, drag=brush.drag, release=brush.release)

    def boundary_tools(self) -> tuple[Any, ...]:
        """What the brush does."""
        return (self._points.brushes(),)
