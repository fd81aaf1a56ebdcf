"""Points that are painted, moved and erased."""

from __future__ import annotations

from typing import Any

import numpy as np
import panel as pn
import pytest

from playground.pages.gates import GatesPage
from playground.pages.points import PointsPage
from playground.pages.points.point_brush import MODES, SCATTER, SPACING, PointBrush
from playground.problems.points.point_set import MAX_POINTS, PointSet
from playground.problems.points.point_snapshot import empty_snapshot
from playground.problems.points.points import OWN, Points
from tests.support.data.shared_pages import lending_fixture
from tests.support.widgets import widgets

# Panel 1.9.4 would have widgets called by their label, which its own `from_param` does not do yet.
pytestmark = pytest.mark.filterwarnings("ignore:Widget.name is deprecated")
gates, points = lending_fixture(GatesPage), lending_fixture(PointsPage)


class BrushHarness:
    """A brush on points, and what it said."""

    def __init__(self, own: PointSet | None = None, **choices: Any) -> None:
        self.reported: list[str] = []
        shape = {"shape": OWN} if own is not None else {}
        self.problem = Points(own=own, **shape, **choices)
        self.brush = PointBrush(self.problem, self.reported.append)

    def stroke(self, *places: tuple[float, float]) -> None:
        self.brush.press(places[0])
        for place in places[1:]:
            self.brush.drag(place)
        self.brush.release(places[-1])


def points_at(*places: tuple[float, float], regression: bool = False) -> PointSet:
    points = PointSet(empty_snapshot(regression=regression))
    points.add(np.reshape(places, (-1, 2)), np.zeros(len(places)))
    return points


def test_looking_changes_nothing() -> None:
    canvas = BrushHarness()
    before = canvas.problem.snapshot()
    canvas.brush.tap((0, 0))
    canvas.stroke((0, 0), (3, 3))
    assert canvas.problem.snapshot() is before
    assert canvas.problem.shape == "circle"


def test_a_tap_paints_one_point_where_it_is() -> None:
    canvas = BrushHarness(points_at())
    canvas.brush.mode = "paint"
    canvas.brush.label = 1
    canvas.brush.tap((2.5, -1.5))
    assert canvas.problem.own.x.tolist() == [[2.5, -1.5]]
    assert canvas.problem.own.y.tolist() == [1]


def test_a_stroke_strews_points_along_it() -> None:
    canvas = BrushHarness(points_at())
    canvas.brush.mode = "paint"
    line = [(x, 1.0) for x in np.linspace(-4, 4, 200)]
    canvas.stroke(*line)
    x = canvas.problem.own.x
    # A point every 0.35 of 8 units, however many events the stroke came in.
    assert 18 <= len(x) <= 24
    assert np.abs(x[:, 1] - 1).mean() < 0.5
    assert x[:, 0].min() < -3
    assert x[:, 0].max() > 3


def test_generated_points_become_ones_own_with_the_first_change() -> None:
    canvas = BrushHarness()
    before = canvas.problem.snapshot()
    canvas.brush.mode = "paint"
    canvas.brush.tap((0, 0))
    assert canvas.problem.shape == OWN
    assert len(canvas.problem.own) == len(before) + 1
    np.testing.assert_array_equal(canvas.problem.own.x[:-1], before.x)


def test_a_new_class_is_painted() -> None:
    canvas = BrushHarness(points_at((0, 0)))
    canvas.brush.mode = "paint"
    canvas.brush.label = 3
    canvas.brush.tap((1, 1))
    assert canvas.problem.classes == ("0", "1", "2", "3")


def test_a_value_is_painted_in_regression() -> None:
    canvas = BrushHarness(points_at((0, 0), regression=True))
    canvas.brush.mode = "paint"
    canvas.brush.value = -0.5
    canvas.brush.tap((1, 1))
    assert canvas.problem.own.y.tolist() == [0, -0.5]


def test_the_nearest_point_is_moved() -> None:
    canvas = BrushHarness(points_at((0, 0), (3, 3)))
    canvas.brush.mode = "move"
    canvas.stroke((2.9, 2.9), (2, 2), (-1, 4))
    assert canvas.problem.own.x.tolist() == [[0, 0], [-1, 4]]
    canvas.brush.drag((5, 5))
    assert canvas.problem.own.x.tolist() == [[0, 0], [-1, 4]]


def test_nothing_is_moved_where_there_is_nothing() -> None:
    canvas = BrushHarness(points_at((0, 0)))
    canvas.brush.mode = "move"
    canvas.stroke((4, 4), (5, 5))
    assert canvas.problem.own.x.tolist() == [[0, 0]]


def test_the_brush_erases_what_it_passes() -> None:
    canvas = BrushHarness(points_at((0, 0), (1, 0), (2, 0), (0, 3)))
    canvas.brush.mode = "erase"
    canvas.stroke((0, 0.1), (1, 0.1), (2, 0.1))
    assert canvas.problem.own.x.tolist() == [[0, 3]]
    canvas.brush.tap((0, 3))
    assert len(canvas.problem.own) == 0


def test_too_many_points_are_refused_in_a_sentence() -> None:
    canvas = BrushHarness(points_at(*[(0.0, 0.0)] * MAX_POINTS))
    canvas.brush.mode = "paint"
    canvas.brush.tap((1, 1))
    assert len(canvas.problem.own) == MAX_POINTS
    assert canvas.reported == [
        "There are 10000 points; with 1 more they would be 10001, and 10000 is the most allowed."
    ]


def test_each_change_triggers_watchers() -> None:
    canvas = BrushHarness(points_at((0, 0)))
    events: list[object] = []
    canvas.problem.param.watch(events.append, "shape", onlychanged=False)
    canvas.brush.mode = "paint"
    canvas.brush.tap((1, 1))
    assert events


def test_a_fast_stroke_leaves_no_gaps() -> None:
    canvas = BrushHarness(points_at())
    canvas.brush.mode = "paint"
    canvas.brush.press((-4.0, 0.0))
    canvas.brush.drag((4.0, 0.0))
    across = np.sort(canvas.problem.own.x[:, 0])
    assert len(across) == 1 + int(8 / SPACING)
    assert np.diff(across).max() < 4 * SCATTER


def test_the_brush_is_chosen_on_the_page(points: PointsPage) -> None:
    def shown(options: list[object]) -> Any:
        return next(
            each
            for each in widgets(points)
            if isinstance(each, pn.widgets.RadioButtonGroup) and list(each.values) == options
        )

    mode, label = shown(list(MODES)), shown([*range(6)])
    value = [each for each in widgets(points) if each.name == "Value"][-1]
    assert not label.visible
    assert not value.visible
    mode.value = "paint"
    label.value = 4
    brush = points._points_card.brush
    assert (brush.mode, brush.label) == ("paint", 4)
    assert label.visible
    assert not value.visible
    points.problem.shape = "plane"
    assert value.visible
    assert not label.visible
