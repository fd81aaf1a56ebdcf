"""The page about points in the plane."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar

from playground.pages.given import TakesData
from playground.pages.lab import Lab
from playground.pages.packed_points import OwnPoints
from playground.pages.points_card import PointsCard
from playground.problems.points import OWN, Points
from playground.problems.saved_table import CLASS_HEADER, write_points
from playground.problems.table import read_points
from playground.settings import Owner
from playground.views.gestures import Gestures


class PointsPage(TakesData, Lab[Points]):
    """Watch a network learn to tell points apart, or to give their value.

    Examples
    --------
    >>> PointsPage(shape="spiral", hidden=[8, 8])
    """

    title: ClassVar[str] = "Points"
    kind = Points
    first = "shape"
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

    def problem_owners(self) -> tuple[Owner, ...]:
        """The points, one's own too, and the brush."""
        renamed = {"mode": "brush", "label": "brush_class", "value": "brush_value"}
        return self.problem, OwnPoints(self.problem), (self._points.brush, renamed)

    def extra(self) -> dict[str, Any]:
        """One's own points, all of them, just as they are."""
        own = self.problem.shape == OWN and len(self.problem.own)
        return {"points": write_points(self.problem.own)} if own else {}

    def take_extra(self, extra: Mapping[str, Any]) -> None:
        """Learn the points of a run."""
        if "points" in extra:
            table = str(extra["points"])
            last = "label" if table.startswith(",".join(CLASS_HEADER)) else "value"
            self.problem.adopt(read_points(table.encode(), "x", "y", last))

    def strokes(self) -> Gestures:
        """The brush."""
        brush = self._points.brush
        brush.param.watch(lambda _event: self._boundary.param.update(show_test=True), "mode")
        return Gestures(tap=brush.tap, press=brush.press, drag=brush.drag, release=brush.release)

    def boundary_tools(self) -> tuple[Any, ...]:
        """What the brush does."""
        return (self._points.brushes(),)
