"""Several runs in one figure."""

from __future__ import annotations

from weakref import WeakKeyDictionary

import numpy as np
import pytest

from playground.training.core.metrics import Curves
from playground.views.curves import comparison_curves
from playground.views.curves.comparison_curves import LabelledCurves, run_curves
from playground.views.live_view import element_plots
from playground.views.rendering import figure_template
from playground.views.theme import DARK, LIGHT
from tests.support.data.sample_runs import curves
from tests.support.patching import Shown, all_columns, assert_patches_equal_renders, axes, render

COLOURS = 4
NONE = np.empty(0, np.float32)
RUNS = {
    "none": {},
    "one": {0: LabelledCurves("a", curves(5))},
    "two": {1: LabelledCurves("b", curves(9)), 3: LabelledCurves("<b>c</b>", curves(2))},
    "empty": {2: LabelledCurves("new", Curves(*[NONE] * 5))},
    "all": {number: LabelledCurves(str(number), curves(number + 2)) for number in range(COLOURS)},
}


@pytest.fixture
def few_colours(monkeypatch):
    """Have a figure compare few runs: rendering takes half a second with the curves of all."""
    assert COLOURS < comparison_curves.MAX_RUNS
    monkeypatch.setattr(comparison_curves, "MAX_RUNS", COLOURS)
    monkeypatch.setattr(figure_template, "_templates", WeakKeyDictionary())  # of as many curves


def view(runs):
    return run_curves(runs, LIGHT)


@pytest.mark.usefixtures("few_colours")
def test_a_patch_shows_what_a_render_shows():
    two = RUNS["two"]
    choices = Shown(two, log=True), Shown(two, quantity="Accuracy", log=True)
    assert_patches_equal_renders(view, *RUNS.values(), *choices)


def test_each_run_has_its_colour_and_both_of_its_curves():
    run = LabelledCurves("b", curves(4))
    live = view({1: run})
    plot = render(live)
    test, train = all_columns(plot)[2:4]
    np.testing.assert_array_equal(train["value"], run.curves.train_loss)
    assert np.isnan(test["value"]).all()
    assert set(train["run"]) == {"b"}
    colours = [part.handles["glyph"].line_color for part in element_plots(plot)]
    assert colours[2:4] == [LIGHT.classes[1]] * 2
    live.restyle(DARK)
    assert element_plots(plot)[3].handles["glyph"].line_color == DARK.classes[1]


@pytest.mark.usefixtures("few_colours")
def test_the_axes_have_room_for_all():
    plot = render(
        view({0: LabelledCurves("short", curves(3)), 1: LabelledCurves("long", curves(101))})
    )
    assert axes(plot)["xaxis"][:2] == (0, 100)


@pytest.mark.usefixtures("few_colours")
def test_what_has_diverged_leaves_the_axis_alone():
    odd = Curves(*np.float32([[0, 1], [1, np.inf], [1, np.nan], [0, 1], [0, 1]]))
    _low, high, *_ = axes(render(view({0: LabelledCurves("odd", odd)})))["yaxis"]
    assert 1 < high < 1.5


@pytest.mark.usefixtures("few_colours")
def test_accuracy_is_written_in_percent():
    live = view(RUNS["two"])
    live.set(quantity="Accuracy")
    assert "100%" in axes(render(live))["yaxis"][5].values()
