from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from playground.training.core.metrics import Score
from playground.views import ticks
from playground.views.curves.curve_metrics import smooth
from playground.views.curves.metric_curves import accuracy_curves, loss_curves
from playground.views.theme import LIGHT
from tests.support.patching import (
    Shown,
    all_columns,
    assert_patches_equal_renders,
    axes,
    render,
)
from tests.support.training.dense_frames import make_frame


def loss(frame):
    return loss_curves(frame, LIGHT)


def accuracy(frame):
    return accuracy_curves(frame, LIGHT)


def frame_with(**curves):
    """A frame whose named curves are given and whose others follow from the epochs."""
    frame = make_frame(side=4, epochs=len(next(iter(curves.values()))))
    arrays = {name: np.array(values, np.float32) for name, values in curves.items()}
    return replace(frame, curves=replace(frame.curves, **arrays))


def test_a_patch_shows_what_a_render_shows():
    """Longer, not begun, of one epoch without test samples, and of values."""
    before, longer, empty = (make_frame(side=4, seed=1, epochs=each) for each in (99, 500, 0))
    short = make_frame(side=4, seed=1, epochs=1, samples=(5, 0))
    regression = make_frame(side=4, seed=1, regression=True)
    frames = make_frame(side=4), longer
    smoothed = [Shown(each, smoothing=0.9) for each in (empty, regression, short)]
    logarithms = Shown(before, log=True), Shown(longer, log=True, smoothing=0.5)
    assert_patches_equal_renders(loss, *frames, *smoothed, *logarithms)
    assert_patches_equal_renders(accuracy, *frames, *smoothed, Shown(longer, smoothing=0.9))


def test_loss_starts_at_zero_and_fits():
    frame = frame_with(train_loss=[3, 1, 0.5], test_loss=[4, 2, 1])
    low, high, *_ = axes(render(loss(frame)))["yaxis"]
    assert low == 0
    assert 4 < high < 4.5


def test_a_log_axis_has_logarithms_and_plain_labels():
    live = loss(frame_with(train_loss=[1, 0.1, 0.01], test_loss=[1, 0, -1]))
    plot = render(live)
    live.set(log=True)
    _, _, test, train, *_ = all_columns(plot)
    np.testing.assert_allclose(train["value"], [0, -1, -2], atol=1e-6)
    np.testing.assert_array_equal(test["value"], [0, np.nan, np.nan])
    *_, labels = axes(plot)["yaxis"]
    assert labels == {0: "1", -1: "0.1", -2: "0.01"}


def test_what_has_diverged_leaves_the_axis_alone():
    frame = frame_with(train_loss=[1, 2, np.inf], test_loss=[1, np.nan, np.inf])
    _, high, *_ = axes(render(loss(frame)))["yaxis"]
    assert 2 < high < 2.5


def test_accuracy_is_written_in_percent_up_to_one_hundred():
    frame = frame_with(train_accuracy=[0.5, 1, 1], test_accuracy=[0.5, 0.9, 1])
    low, high, _, _, places, labels = axes(render(accuracy(frame)))["yaxis"]
    assert low < 0.5
    assert 1 < high < 1.05
    assert labels[1] == "100%"
    assert max(places) == 1


def test_newest_values_are_written():
    frame = make_frame(side=4, train=Score(0.0123, 0.987), test=Score(np.nan, np.nan))
    assert all_columns(render(loss(frame)))[4]["text"] == ["train 0.0123", ""]
    assert all_columns(render(accuracy(frame)))[4]["text"] == ["train 98.7%", ""]


def test_hover_reads_what_was_measured_not_what_was_smoothed():
    frame = make_frame(side=4)
    live = loss(frame)
    plot = render(live)
    live.set(smoothing=0.9, log=True)
    train = all_columns(plot)[3]
    np.testing.assert_array_equal(train["train"], frame.curves.train_loss)
    np.testing.assert_array_equal(train["test"], frame.curves.test_loss)
    (tool,) = plot.state.toolbar.tools
    assert tool.mode == "vline"
    assert len(tool.renderers) == 1


def test_unsmoothed_curves_stay_faintly_behind_smoothed_ones():
    frame = make_frame(side=4)
    live = loss(frame)
    plot = render(live)
    assert len(all_columns(plot)[0]["value"]) == 0
    live.set(smoothing=0.5)
    np.testing.assert_array_equal(all_columns(plot)[0]["value"], frame.curves.train_loss)
    np.testing.assert_allclose(all_columns(plot)[3]["value"], smooth(frame.curves.train_loss, 0.5))


def by_definition(values, weight):
    """The weighted mean of all values so far, one by one."""
    result = []
    for end in range(1, len(values) + 1):
        shares = weight ** np.arange(end - 1, -1, -1.0)
        result.append(np.average(values[:end], weights=shares))
    return result


@given(st.lists(st.floats(-1e3, 1e3), max_size=30), st.floats(0.01, 0.99))
def test_smoothing_is_the_debiased_moving_average(values, weight):
    expected = by_definition(values, weight)
    np.testing.assert_allclose(smooth(values, weight), expected, rtol=1e-6, atol=1e-6)


def test_smoothing_by_nothing_changes_nothing():
    values = [1.0, np.nan, -3.0, np.inf]
    np.testing.assert_array_equal(smooth(values, 0), values)


def test_smoothing_passes_over_what_is_not_finite():
    smoothed = smooth([1, np.nan, 3, np.inf, 5], 0.7)
    np.testing.assert_allclose(smoothed[[0, 2, 4]], smooth([1, 3, 5], 0.7))
    np.testing.assert_array_equal(smoothed[[1, 3]], [np.nan, np.inf])


@given(st.floats(-1e4, 1e4), st.floats(1e-3, 1e5))
def test_linear_ticks_are_few_and_inside(low, size):
    places = list(ticks.linear(low, low + size))
    slack = 1e-6 * (abs(low) + size)
    assert 2 <= len(places) <= 8
    assert all(low - slack <= place <= low + size + slack for place in places)


@given(st.floats(-10, 5), st.floats(0.1, 12))
def test_logarithmic_ticks_are_round_numbers_inside(low, size):
    labels = ticks.logarithmic(low, low + size)
    assert 1 <= len(labels) <= 14
    for place, label in labels.items():
        assert low - 1e-6 <= place <= low + size + 1e-6
        value = float(label.replace("−", "-").replace("k", "e3").replace("M", "e6"))
        assert np.log10(value) == pytest.approx(place, abs=1e-6)


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (0, "0"),
        (0.05, "0.05"),
        (-1, "−1"),
        (2500, "2500"),
        (0.99825, "0.99825"),
        (1.5e-5, "1.5e−5"),
        (20_000, "20k"),
        (1_250_000, "1.25M"),
        (-2e9, "−2e9"),
        (1e-5, "1e−5"),
    ],
)
def test_numbers_on_axes_are_short(value, text):
    assert ticks.format_tick(value) == text


def test_a_frame_of_the_past_is_marked_where_it_stands():
    frame = make_frame(side=4)
    live = loss(frame)
    plot = render(live)
    assert len(all_columns(plot)[5]["x0"]) == 0
    back = replace(frame, epoch=int(frame.curves.epoch[1]))
    live.push(back)
    assert list(all_columns(plot)[5]["x0"]) == list(all_columns(plot)[5]["x1"]) == [back.epoch]
