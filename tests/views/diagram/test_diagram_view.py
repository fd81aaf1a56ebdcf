"""The diagram patched is the diagram rendered anew."""

import dataclasses

import numpy as np
import pytest

from playground.views.diagram import BiasRef, LinkRef, UnitRef, diagram, layout_of
from playground.views.diagram.elements import BezierLinks, PaletteImages
from playground.views.diagram.glyph_columns import (
    ABOVE,
    FOCUS,
    FROZEN,
    LEFT,
    MINUS,
    PLUS,
    RIGHT,
    SWATCHES,
    TILES,
)
from playground.views.live_view import element_plots
from playground.views.theme import DARK, LIGHT, masked_diverging_palette
from tests.support.patching import Shown, assert_patches_equal_renders, render
from tests.support.training.dense_frames import make_frame

FEATURE_LAYER = ("x", "y", "x²", "y²", "xy", "sin x", "sin y", "cos x", "cos y")
FRAMES = {
    "small": make_frame(hidden=(4, 2), side=25),
    "trained": make_frame(hidden=(4, 2), side=25, seed=1),
    "none": make_frame(hidden=(), side=25, regression=True),
    "classes": make_frame(hidden=(6,), side=25, classes=6, features=FEATURE_LAYER),
    "large": make_frame(hidden=(32,) * 8, side=25),
}


def with_equal_weights(frame):
    """The same with equal weights everywhere, as an initialisation with zeros gives."""
    layers = (
        dataclasses.replace(layer, weight=np.zeros_like(layer.weight)) for layer in frame.layers
    )
    return dataclasses.replace(frame, layers=tuple(layers))


def with_frozen_parameters(frame):
    """The same with the first layer frozen, and one weight and one bias of the second."""
    first, second, *others = frame.layers
    mask = np.zeros_like(second.frozen)
    mask[0, 0] = mask[1, -1] = True
    whole = dataclasses.replace(first, frozen=np.ones_like(first.frozen))
    layers = (whole, dataclasses.replace(second, frozen=mask), *others)
    return dataclasses.replace(frame, layers=layers)


def data(plot, part):
    """The columns of a part of a rendered diagram."""
    return element_plots(plot)[part].handles["source"].data


@pytest.fixture(scope="module")
def rendering():
    view = diagram(FRAMES["small"])
    return view, render(view), view.choices


@pytest.fixture
def small(rendering):
    """A small network as at first, and the plot that all tests share."""
    view, plot, choices = rendering
    view.push(FRAMES["small"], **choices)
    return view, plot


UNIT, BIAS, LINK = UnitRef(0, 1), BiasRef(1, 0), LinkRef(0, 1, 0)


def test_patching_equals_rendering():
    frame = FRAMES["small"]
    assert_patches_equal_renders(
        diagram,
        *FRAMES.values(),
        with_equal_weights(frame),
        Shown(frame, selected=UNIT, hovered=BIAS, size=(360, 300)),
        with_frozen_parameters(frame),
        Shown(FRAMES["trained"], selected=BIAS, hovered=LINK),
        Shown(frame, selected=LINK, hovered=UNIT),
    )


def test_a_theme_is_patched_too():
    view = diagram(FRAMES["classes"], LIGHT)
    plot = render(view)
    view.restyle(DARK)
    handles = [part.handles for part in element_plots(plot)]
    assert handles[TILES]["color_mapper"].palette == masked_diverging_palette(DARK)
    assert handles[PLUS]["glyph"].line_color == DARK.classes[1]
    assert handles[MINUS]["glyph"].line_color == DARK.classes[0]
    assert handles[SWATCHES]["color_color_mapper"].palette == list(DARK.classes)
    assert handles[LEFT]["glyph"].text_color == DARK.muted


def test_signs_are_distinguishable_without_colour(small):
    plus, minus, *_ = element_plots(small[1])
    assert plus.handles["glyph"].line_dash != minus.handles["glyph"].line_dash
    weights = np.concatenate([layer.weight.ravel() for layer in FRAMES["small"].layers])
    assert len(plus.handles["source"].data["x0"]) == (weights > 0).sum()
    assert len(minus.handles["source"].data["x0"]) == (weights < 0).sum()


def test_words_name_features_layers_and_classes(small):
    view, plot = small
    view.push(FRAMES["classes"])
    assert list(data(plot, LEFT)["text"]) == list(FEATURE_LAYER)
    assert list(data(plot, ABOVE)["text"]) == ["features", "6 neurons", "output"]
    assert list(data(plot, RIGHT)["text"]) == list(FRAMES["classes"].classes)
    view.push(FRAMES["none"])
    assert list(data(plot, RIGHT)["text"]) == []


def test_frozen_parameters_are_marked_once(small):
    view, plot = small
    view.push(with_frozen_parameters(FRAMES["small"]))
    assert len(data(plot, FROZEN)["x"]) == 2
    assert list(data(plot, ABOVE)["text"])[1:3] == ["4 neurons ❄", "2 neurons"]


def test_focus_outlines_what_it_names(small):
    view, plot = small
    view.set(selected=UnitRef(0, 2))
    layout, focus = layout_of(view), data(plot, FOCUS)
    middle = (focus["left"] + focus["right"]) / 2
    np.testing.assert_allclose(middle, [layout.x[layout.starts[1] + 2]], rtol=1e-6)
    view.set(selected=LinkRef(0, 2, 1), hovered=BiasRef(1, 0))
    assert len(data(plot, FOCUS)["left"]) == 3


def test_a_reference_to_a_layer_that_was_removed_is_ignored(small):
    view, plot = small
    view.set(selected=UnitRef(1, 1), hovered=LinkRef(2, 0, 1))
    view.push(FRAMES["none"])
    assert len(element_plots(plot)[FOCUS].handles["source"].data["left"]) == 0


def test_the_layout_follows_the_browser():
    view = diagram(FRAMES["small"])
    figure = render(view).state
    figure.trigger("inner_width", None, 512)
    assert view.choices["size"] == (700, 400)
    figure.trigger("inner_height", None, 333)
    assert view.choices["size"] == (512, 333)
    assert (figure.x_range.end, figure.y_range.end) == (512, 333)
    figure.trigger("inner_height", 333, 3)
    assert view.choices["size"] == (512, 333)


def test_pushes_are_small(small):
    view, plot = small
    for name, most in {"small": 12_000, "large": 50_000}.items():
        view.push(FRAMES[name])
        images = data(plot, TILES)["image"]
        assert all(image.dtype == np.uint8 for image in images)
        assert sum(image.size for image in images) < most


def test_the_declared_elements_hold_the_data():
    elements = list(diagram(FRAMES["small"]).dmap[()])
    assert isinstance(elements[PLUS], BezierLinks)
    assert isinstance(elements[TILES], PaletteImages)
    assert len(elements[PLUS]) + len(elements[MINUS]) == 20
    np.testing.assert_array_equal(elements[TILES].dimension_values("x"), elements[TILES].data["x"])
