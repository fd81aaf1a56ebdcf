from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from playground.views.activations import activation_statistics
from playground.views.gradient_norms import MIN_NORM, gradient_norms
from playground.views.theme import LIGHT
from tests.support.patching import all_columns, assert_patches_equal_renders, axes, render
from tests.support.training.dense_frames import make_frame

CHANGES = {
    "deeper": {"hidden": (32,) * 8},
    "no hidden layer": {"hidden": ()},
    "one unit": {"hidden": (1,), "regression": True},
}


def norms(frame):
    return gradient_norms(frame, LIGHT)


def activations(frame):
    return activation_statistics(frame, LIGHT)


def with_layers(frame, **changes):
    return replace(frame, layers=tuple(replace(layer, **changes) for layer in frame.layers))


@pytest.mark.parametrize("factory", [norms, activations])
def test_a_patch_shows_what_a_render_shows(factory):
    changed = [make_frame(side=4, seed=1, **change) for change in CHANGES.values()]
    assert_patches_equal_renders(factory, make_frame(side=4), *changed)


def test_norms_are_those_of_all_gradients_of_a_layer():
    frame = make_frame(side=4, hidden=(3, 5))
    _, dots = all_columns(render(norms(frame)))
    for height, layer in zip(dots["norm"], frame.layers, strict=True):
        gradient = np.concatenate([layer.weight_gradient.ravel(), layer.bias_gradient])
        assert 10**height == pytest.approx(np.sqrt(np.sum(gradient**2)), rel=1e-5)


def test_all_norms_lie_inside_the_axis_with_stems_from_its_foot():
    plot = render(norms(make_frame(side=4, hidden=(3, 5))))
    low, high, *_ = axes(plot)["yaxis"]
    stems, dots = all_columns(plot)
    assert (stems["bottom"] == low).all()
    assert ((dots["norm"] > low) & (dots["norm"] < high)).all()


@pytest.mark.parametrize("value", [0, np.nan, np.inf])
def test_gradients_without_a_length_are_drawn(value):
    frame = make_frame(side=4)
    for layer in frame.layers:
        layer.weight_gradient[:] = value
        layer.bias_gradient[:] = 0
    low, high, *_ = axes(render(norms(frame)))["yaxis"]
    assert np.log10(MIN_NORM) - 1 <= low < high <= -np.log10(MIN_NORM) + 1


def test_layers_are_numbered_and_the_last_is_the_output():
    *_, labels = axes(render(norms(make_frame(side=4, hidden=(3, 5)))))["xaxis"]
    assert labels == {1: "1", 2: "2", 3: "output"}


def test_each_unit_has_its_mean_and_deviation_beside_its_layer():
    frame = make_frame(side=4, hidden=(3, 5))
    lines, dots, _ = all_columns(render(activations(frame)))
    mean = np.concatenate([layer.mean for layer in frame.layers])
    deviation = np.concatenate([layer.deviation for layer in frame.layers])
    np.testing.assert_array_equal(dots["mean"], mean)
    np.testing.assert_allclose(lines["high"] - lines["low"], 2 * deviation, atol=1e-6)
    np.testing.assert_array_equal(np.round(dots["x"]), np.repeat([1, 2, 3], [3, 5, 2]))
    assert len(np.unique(dots["x"])) == 10


def test_saturated_and_dead_units_are_counted_above_each_layer():
    frame = with_layers(make_frame(side=4, hidden=(3,)), saturated=0.25, dead=2)
    plot = render(activations(frame))
    assert all_columns(plot)[2]["text"] == ["25%", "25%", "2", "2"]
    *_, labels = axes(plot)["yaxis"]
    assert {"saturated", "dead"} < set(labels.values())


def test_counts_stand_above_all_units():
    plot = render(activations(make_frame(side=4)))
    lines, _, remarks = all_columns(plot)
    assert remarks["mean"].min() > lines["high"].max()
    assert remarks["mean"].max() < axes(plot)["yaxis"][1]


def test_only_values_have_grid_lines():
    plot = render(activations(make_frame(side=4)))
    *_, places, labels = axes(plot)["yaxis"]
    values = [place for place in places if labels[place] not in {"saturated", "dead"}]
    assert plot.state.ygrid[0].ticker.ticks == values


def test_activations_without_a_value_are_drawn():
    frame = with_layers(make_frame(side=4), mean=np.full(2, np.nan, np.float32))
    frame = with_layers(frame, deviation=np.full(2, np.inf, np.float32))
    low, high, *_ = axes(render(activations(frame)))["yaxis"]
    assert np.isfinite([low, high]).all()
