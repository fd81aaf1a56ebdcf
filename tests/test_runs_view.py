"""Several runs in one figure."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import pytest

from playground.training.frame import Curves
from playground.views.live import parts
from playground.views.runs import MOST, Shown, run_curves
from playground.views.theme import DARK, LIGHT
from tests.kept_runs import curves
from tests.patching import assert_patch_equals_render, axes, render

NONE = np.empty(0, np.float32)
SIGHTS = {
    "none": {},
    "one": {0: Shown("a", curves(5))},
    "two": {1: Shown("b", curves(9)), 3: Shown("<b>c</b>", curves(2))},
    "empty": {2: Shown("new", Curves(*[NONE] * 5))},
    "all": {number: Shown(str(number), curves(number + 2)) for number in range(MOST)},
}


def view(sight):
    return run_curves(sight, LIGHT)


def columns(plot):
    return [dict(part.handles["source"].data) for part in parts(plot)]


@pytest.mark.parametrize("choices", [{}, {"log": True}, {"quantity": "Accuracy", "log": True}])
@pytest.mark.parametrize(("before", "after"), [*pairwise([*SIGHTS, "none"])])
def test_a_patch_shows_what_a_render_shows(before, after, choices):
    assert_patch_equals_render(view, SIGHTS[before], SIGHTS[after], **choices)


def test_each_run_has_its_colour_and_both_of_its_curves():
    run = Shown("b", curves(4))
    live = view({1: run})
    plot = render(live)
    test, train = columns(plot)[2:4]
    np.testing.assert_array_equal(train["value"], run.curves.train_loss)
    assert np.isnan(test["value"]).all()
    assert set(train["run"]) == {"b"}
    colours = [part.handles["glyph"].line_color for part in parts(plot)]
    assert colours[2:4] == [LIGHT.classes[1]] * 2
    live.restyle(DARK)
    assert parts(plot)[3].handles["glyph"].line_color == DARK.classes[1]


def test_the_axes_have_room_for_all():
    plot = render(view({0: Shown("short", curves(3)), 1: Shown("long", curves(101))}))
    assert axes(plot)["xaxis"][:2] == (0, 100)


def test_what_has_diverged_leaves_the_axis_alone():
    odd = Curves(*np.float32([[0, 1], [1, np.inf], [1, np.nan], [0, 1], [0, 1]]))
    _low, high, *_ = axes(render(view({0: Shown("odd", odd)})))["yaxis"]
    assert 1 < high < 1.5


def test_accuracy_is_written_in_percent():
    live = view(SIGHTS["two"])
    live.set(quantity="Accuracy")
    assert "100%" in axes(render(live))["yaxis"][5].values()
