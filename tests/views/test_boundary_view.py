from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
import torch

from playground.problems.problem import AxisUnits, Plane
from playground.training.dense.frame import EnlargedUnit
from playground.views.boundary import (
    FEATURE_LAYER,
    BoundaryChoices,
    boundary,
    finer_field,
    properties,
    upsample,
)
from playground.views.figure import MARGINS, SMOOTH
from playground.views.live_view import element_plots
from playground.views.theme import (
    DARK,
    LIGHT,
    diverging_palette,
    full_colour_index,
    margin_index,
    margin_palette,
    value_index,
)
from tests.support.patching import (
    Shown,
    all_columns,
    assert_patches_equal_renders,
    render,
)
from tests.support.training.dense_frames import make_frame

CHANGES = (
    {"classes": 6, "samples": (300, 200), "low": -1.0, "high": 2.0, "inputs": ("a", "b", "c")},
    {"regression": True, "samples": (5, 0)},
    {"hidden": (8, 8, 8), "features": ("x", "y", "xy"), "samples": (0, 0)},
    {"samples": (1, 1), "side": 20},
)
"""Other classes, samples and planes; values; another network, without samples; a finer field."""
UNITS = AxisUnits("length", 5.0, 2.0), AxisUnits("time", 1.7e9, 1e3)


def view(frame):
    return boundary(frame, LIGHT)


@pytest.fixture(scope="module")
def rendering():
    live = view(make_frame(side=10))
    return live, render(live), live.choices


@pytest.fixture
def show(rendering):
    """Show another frame in the plot that all tests share, with the usual choices and theme."""
    live, plot, choices = rendering

    def show_frame(frame):
        if live.theme is not LIGHT:
            live.restyle(LIGHT)
        live.push(frame, **choices)
        return live, plot

    return show_frame


def in_units(frame):
    return replace(frame, plane=replace(frame.plane, units=UNITS))


def test_a_patch_shows_what_a_render_shows():
    changed = [make_frame(**({"side": 10, "seed": 1} | change)) for change in CHANGES]
    one_class = make_frame(side=10)
    one_class.samples.train.y[:] = 0
    assert_patches_equal_renders(
        view,
        make_frame(side=10),
        *changed,
        *(Shown(frame, show_test=True, discretise=True) for frame in changed),
        in_units(one_class),
    )


def test_the_browser_interpolates_margins_and_the_palette_makes_them_discrete(show):
    frame = make_frame(side=10, classes=3)
    live, plot = show(frame)
    handles = element_plots(plot)[0].handles
    image, glyph, mapper = (handles[name] for name in ("source", "glyph", "color_mapper"))
    assert image.data["image"][0].dtype == np.uint8
    np.testing.assert_array_equal(image.data["image"][0], margin_index(frame.field))
    assert glyph.tags == [SMOOTH, f"{MARGINS}3"]
    assert mapper.palette == margin_palette(LIGHT, 3)
    live.set(discretise=True)
    np.testing.assert_array_equal(image.data["image"][0], margin_index(frame.field))
    assert mapper.palette == margin_palette(LIGHT, 3, discretise=True)
    live.set(unit=(0, 0))
    assert glyph.tags == [SMOOTH, f"{MARGINS}2"]


def test_a_finer_field_is_what_a_linear_network_says(show):
    side = np.linspace(-1, 1, 201)[1::2]
    logits = 60 * (side[None, :] - 0.3 * side[:, None]) - 5

    def predict(logits):
        return np.stack([1 / (1 + np.exp(logits)), 1 / (1 + np.exp(-logits))], -1)

    frame = replace(make_frame(side=10), field=predict(logits).astype(np.float32))
    fine = np.linspace(-1, 1, 801)[1::2]
    exact = predict(60 * (fine[None, :] - 0.3 * fine[:, None]) - 5)
    inner = slice(4, -4)  # beyond the centres of the cells at the edge nothing is known
    np.testing.assert_allclose(finer_field(frame)[inner, inner], exact[inner, inner], atol=1e-3)


@pytest.mark.parametrize("shape", [(7, 5), (7, 5, 3)])
def test_upsampling_is_bilinear_interpolation(shape):
    picture = np.random.default_rng(0).normal(size=shape).astype(np.float32)
    planes = torch.from_numpy(picture).reshape(*shape[:2], -1).permute(2, 0, 1)
    expected = torch.nn.functional.interpolate(planes[None], scale_factor=2, mode="bilinear")[0]
    result = upsample(picture).reshape(14, 10, -1).transpose(2, 0, 1)
    assert upsample(picture).dtype == np.float32
    np.testing.assert_allclose(result, expected.numpy(), atol=1e-6)


def test_rows_go_upwards(show):
    frame = make_frame(side=10)
    frame.field[:] = (1, 0)
    frame.field[5:] = (0, 1)
    picture = all_columns(show(frame)[1])[0]["image"][0]
    assert picture[0, 0] == full_colour_index(0, 2)
    assert picture[-1, 0] == full_colour_index(1, 2)


def test_values_have_the_full_colour_at_the_largest_to_be_learned(show):
    frame = make_frame(side=10, regression=True)
    limit = np.abs(frame.samples.train.y).max()
    _live, plot = show(frame)
    np.testing.assert_array_equal(
        all_columns(plot)[0]["image"][0], value_index(frame.field[..., 0], limit)
    )
    assert element_plots(plot)[0].handles["color_mapper"].palette == diverging_palette(LIGHT)


def test_discretised_values_have_two_colours(show):
    live, plot = show(make_frame(side=10, regression=True))
    live.set(discretise=True)
    assert set(np.unique(all_columns(plot)[0]["image"][0])) <= {0, 128, 255}


def test_test_samples_are_squares_seen_on_demand(show):
    frame = make_frame(side=10)
    live, plot = show(frame)
    assert len(all_columns(plot)[1]["x"]) == 0
    live.set(show_test=True)
    np.testing.assert_array_equal(all_columns(plot)[1]["x"], frame.samples.test.x[:, 0])
    markers = [part.handles["glyph"].marker for part in element_plots(plot)[1:3]]
    assert markers == ["square", "circle"]


def test_samples_lie_where_the_axes_of_the_plane_say(show):
    plane = Plane((2, 0), -1.0, 1.0, (0.0, 0.5, 0.0))
    frame = make_frame(side=10, inputs=("a", "b", "c"), low=-1.0, high=1.0, plane=plane)
    _live, plot = show(frame)
    train = all_columns(plot)[2]
    samples = frame.samples.train.x
    of_the_slice = samples[np.abs(samples[:, 1] - 0.5) <= 0.5]
    assert 0 < len(of_the_slice) < len(samples)
    np.testing.assert_array_equal(train["x"], of_the_slice[:, 2])
    np.testing.assert_array_equal(train["y"], of_the_slice[:, 0])
    handles = element_plots(plot)[0].handles
    assert [handles[axis].axis_label for axis in ("xaxis", "yaxis")] == ["c", "a"]
    assert (handles["x_range"].start, handles["y_range"].end) == (-1, 1)


@pytest.mark.parametrize(("unit", "maps"), [((0, 2), "layers"), ((FEATURE_LAYER, 1), "features")])
def test_one_unit_is_enlarged(show, unit, maps):
    frame = make_frame(side=10, classes=3)
    live, plot = show(frame)
    live.set(unit=unit)
    source = frame.layers[0].maps if maps == "layers" else frame.feature_maps
    limit = max(1, np.abs(source[unit[1]]).max())
    share = 0.5 * source[unit[1]] / limit
    expected = margin_index(np.stack([0.5 - share, 0.5 + share], axis=-1))
    np.testing.assert_array_equal(all_columns(plot)[0]["image"][0], expected)
    assert element_plots(plot)[0].handles["color_mapper"].palette == margin_palette(LIGHT, 2)
    fine = EnlargedUnit(*unit, np.full((20, 20), -1, np.float32))
    live.push(replace(frame, enlarged=fine))
    assert set(all_columns(plot)[0]["image"][0].ravel()) == {127}, "the full colour of minus"
    live.push(replace(frame, enlarged=fine._replace(unit=9)))
    np.testing.assert_array_equal(all_columns(plot)[0]["image"][0], expected)


@pytest.mark.parametrize("unit", [(0, 99), (99, 0), (FEATURE_LAYER, 99)])
def test_a_unit_that_is_no_more_leaves_the_field(show, unit):
    live, plot = show(make_frame(side=10))
    before = all_columns(plot)[0]["image"][0]
    live.set(unit=unit)
    np.testing.assert_array_equal(all_columns(plot)[0]["image"][0], before)
    assert element_plots(plot)[0].handles["color_mapper"].palette == margin_palette(LIGHT, 2)


def test_the_ring_is_seen_while_the_network_is_asked_about_the_pointer(show):
    live, plot = show(make_frame(side=10))
    live.set(pointer=(1.0, -2.0))
    assert len(all_columns(plot)[3]["x"]) == 0
    live.push(make_frame(side=10, probe_outputs={"pointer": np.zeros((1, 2), np.float32)}))
    assert [all_columns(plot)[3][name].tolist() for name in "xy"] == [[1.0], [-2.0]]
    live.set(pointer=None)
    assert len(all_columns(plot)[3]["x"]) == 0


def test_a_theme_changes_palettes_and_leaves_the_picture(show):
    live, plot = show(make_frame(side=10))
    before = all_columns(plot)[0]["image"][0]
    live.restyle(DARK)
    assert element_plots(plot)[0].handles["color_mapper"].palette == margin_palette(DARK, 2)
    np.testing.assert_array_equal(all_columns(plot)[0]["image"][0], before)


def test_a_network_that_says_nan_is_drawn():
    frame = make_frame(side=10)
    frame.field[:] = np.nan
    assert not all_columns(render(view(frame)))[0]["image"][0].any()


def test_nothing_of_the_view_scrolls_or_drags():
    assert render(view(make_frame(side=10))).state.toolbar.tools == []


def test_axes_are_in_units_and_large_numbers_are_short():
    frame = make_frame(side=10)
    other = in_units(frame)
    choices = BoundaryChoices(discretise=False, show_test=False, unit=None, pointer=None)
    found = properties(other, LIGHT, **choices)
    assert found["0.xaxis.axis_label"] == "length"
    assert found["0.xaxis.major_label_overrides"][0] == "5"
    assert found["0.yaxis.axis_label"] == "time − 1,699,900,000"
    assert found["0.yaxis.major_label_overrides"][0] == "100k"
    assert properties(frame, LIGHT, **choices)["0.xaxis.axis_label"] == frame.inputs[0]
