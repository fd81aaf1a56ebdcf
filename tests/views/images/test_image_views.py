"""Views of readers: what they show, and that patching shows what rendering shows."""

from __future__ import annotations

import dataclasses

import numpy as np
import pytest

from playground.views.confusion import confusion
from playground.views.curves.metric_curves import loss_curves
from playground.views.images.architecture_diagram import architecture_diagram
from playground.views.images.embedding_scatter import points, y_limit
from playground.views.images.feature_map_tiles import feature_map_tiles
from playground.views.images.gallery import mistakes, samples, training_samples
from playground.views.images.probability_bars import DIM, OTHER, WINNER, probability_bars
from playground.views.images.single_image import picture
from playground.views.images.unit_tile import unit_tile
from playground.views.images.view_data import BarsData, FeatureMapsData, PictureData, UnitTileData
from playground.views.images.weight_tiles import (
    MODES,
    tile_at,
    tile_grid,
    tile_values,
    weight_tiles,
)
from playground.views.live_view import element_plots
from playground.views.theme import DARK, LIGHT, diverging_palette
from tests.support.patching import (
    Shown,
    all_columns,
    assert_patches_equal_renders,
    axes,
    render,
)
from tests.support.training.image_frames import make_image_frame

FASHION = ("T-shirt/top", "Trouser", "Pullover", "Dress")
FRAMES = {
    "mlp": make_image_frame(),
    "trained": make_image_frame(1),
    "cnn": make_image_frame(2, "cnn", (32, 3, 3), probe_set=60, mistakes=60, classes=FASHION),
    "deep": make_image_frame(3, "deep", (32, 3, 3), mistakes=0),
    "no tiles": make_image_frame(5, tiles=(0, 1, 1)),
    "one": make_image_frame(6, probe_set=1, mistakes=1, tiles=(1, 28, 28)),
}
FRAME_VIEWS = {
    view.__name__: view
    for view in (
        architecture_diagram,
        confusion,
        training_samples,
        loss_curves,
        mistakes,
        weight_tiles,
        points,
        samples,
    )
}


def picture_of(seed):
    return np.random.default_rng(seed).integers(0, 256, (28, 28), np.uint8)


def values(*shape):
    return np.random.default_rng(0).uniform(-1, 1, shape).astype(np.float32)


def shares(models, classes=10, seed=0):
    return np.random.default_rng(seed).dirichlet(np.ones(classes), models)


TILES, INPUTS = FRAMES["mlp"].tiles, FRAMES["mlp"].augmented_inputs
MAPS = FeatureMapsData((("0", values(8, 14, 14)), ("1", values(64, 1, 1))))
VIEW_DATA = {
    probability_bars: (
        BarsData(("MLP", "CNN"), np.full((2, 10), np.nan)),
        BarsData(("MLP", "CNN"), shares(2)),
        BarsData(("a", "b", "c"), shares(3), doubtful=True),
        BarsData(("a",), shares(1, 4), FASHION),
        BarsData((), np.zeros((0, 10))),
    ),
    picture: (
        PictureData(None),
        PictureData(picture_of(0)),
        PictureData(picture_of(1), values(28, 28)),
    ),
    feature_map_tiles: (FeatureMapsData(()), MAPS, Shown(MAPS, layer=1), Shown(MAPS, layer=7)),
    unit_tile: (
        UnitTileData(TILES, 3, INPUTS[:0]),
        UnitTileData(FRAMES["cnn"].tiles, 5, INPUTS[:8]),
        UnitTileData(TILES, 99, INPUTS[:0]),
    ),
}


def in_light(view):
    return lambda data: view(data, LIGHT)


def column(view, part, name):
    return element_plots(render(view))[part].handles["source"].data[name]


BARE = {"mistakes": "deep", "architecture_diagram": "deep", "weight_tiles": "no tiles"}
MODE_CHOICES = (
    Shown(FRAMES["mlp"], mode=MODES[1]),
    Shown(FRAMES["cnn"], mode=MODES[2], selected=4),
)


@pytest.mark.parametrize("name", FRAME_VIEWS)
def test_a_patch_shows_another_frame_as_a_render_does(name):
    """Also nothing at all, other choices, another size and another theme."""
    view = FRAME_VIEWS[name]
    size = {"size": (350, 190)} if "size" in view(FRAMES["one"], LIGHT).choices else {}
    assert_patches_equal_renders(
        in_light(view),
        FRAMES["one"],
        FRAMES["cnn"],
        *([FRAMES[BARE[name]]] if name in BARE else []),
        *(MODE_CHOICES if view is weight_tiles else ()),
        Shown(FRAMES["mlp"], DARK, **size),
    )


def test_most_views_fit_into_a_size():
    frame = FRAMES["one"]
    unsized = [
        name for name, view in FRAME_VIEWS.items() if "size" not in view(frame, LIGHT).choices
    ]
    assert unsized == ["confusion", "loss_curves"]


@pytest.mark.parametrize("view", VIEW_DATA, ids=lambda view: view.__name__)
def test_a_patch_shows_other_data_as_a_render_does(view):
    assert_patches_equal_renders(in_light(view), *VIEW_DATA[view])


@pytest.mark.parametrize("view", [training_samples, weight_tiles, points])
def test_unchanged_columns_are_not_sent_again(view):
    live = view(FRAMES["mlp"], LIGHT)
    plot = render(live)
    later = dataclasses.replace(FRAMES["mlp"], step=301)
    live.push(later)
    before = dict(element_plots(plot)[0].handles["source"].data)
    live.push(dataclasses.replace(later, step=302))
    after = element_plots(plot)[0].handles["source"].data
    assert [name for name in before if after[name] is not before[name]] == []


@pytest.mark.parametrize("frame", ["mlp", "cnn"])
def test_the_tile_under_a_place_is_the_one_that_is_outlined(frame):
    live = weight_tiles(FRAMES[frame], LIGHT)
    outline = element_plots(render(live))[1].handles["source"].data
    for unit in (0, 5, len(FRAMES[frame].tiles.now) - 1):
        live.set(selected=unit)
        left, bottom, right, top = (
            float(outline[side][0]) for side in ("left", "bottom", "right", "top")
        )
        assert tile_at(live, (left + right) / 2, (bottom + top) / 2) == unit
    assert tile_at(live, -50, 50) is None


def test_a_weight_tile_shows_its_unit():
    frame = FRAMES["mlp"]
    live = weight_tiles(frame, LIGHT)
    image = column(live, 0, "image")[0][::-1].astype(float)
    down, across = divmod(7, tile_grid(frame, live.choices["size"]).columns)
    shown = image[down * 30 : down * 30 + 28, across * 30 : across * 30 + 28]
    limit = 3 * np.sqrt(np.square(frame.tiles.now).mean())
    expected = np.clip(frame.tiles.now[7] / limit, -1, 1) * 127.5 + 128
    np.testing.assert_allclose(shown, expected, atol=1.01)


def test_modes_are_differences():
    tiles = FRAMES["mlp"].tiles
    shown = [tile_values(tiles, mode) for mode in MODES]
    expected = [tiles.now, tiles.since_start, tiles.since_last_epoch]
    for mine, theirs in zip(shown, expected, strict=True):
        np.testing.assert_array_equal(mine, theirs)


def test_an_unchanged_network_is_neutral_all_over():
    tiles = dataclasses.replace(FRAMES["mlp"].tiles, start=FRAMES["mlp"].tiles.now)
    live = weight_tiles(dataclasses.replace(FRAMES["mlp"], tiles=tiles), LIGHT)
    live.set(mode="Since start")
    assert set(np.unique(column(live, 0, "image")[0])) == {0, 128}


def test_bars_show_the_prediction_of_each_model():
    heights = np.zeros((2, 10))
    heights[0, 7], heights[0, 1] = 0.75, 0.25
    plot = render(probability_bars(BarsData(("MLP", "CNN"), heights), LIGHT))
    _, bars, *words = all_columns(plot)
    assert [list(each["text"]) for each in words[:3]] == [["MLP", "CNN"], ["7", ""], ["75%", ""]]
    colours = np.reshape(bars["fill_color"], (2, 10))
    assert np.flatnonzero(colours[0] == WINNER).tolist() == [7]
    assert colours[0, 1] == OTHER
    lengths = np.reshape(bars["right"], (2, 10)) - [[0], [1]]
    assert lengths[0, 7] == pytest.approx(3 * lengths[0, 1])


def test_a_doubtful_prediction_is_dimmed_with_a_question_mark():
    plot = render(probability_bars(BarsData(("MLP",), shares(1), doubtful=True), LIGHT))
    _, bars, _, predicted, *_ = all_columns(plot)
    assert predicted["text"][0].endswith("?")
    assert set(bars["fill_color"]) == {DIM}


def test_captions_show_prediction_and_true_class():
    frame = FRAMES["mlp"]
    seen = frame.samples
    _, outlines, *words = all_columns(render(samples(frame, LIGHT)))
    right, wrong = (list(each["text"]) for each in words[:2])
    expected = [
        f"{sure:.0%} {predicted}" + (f"\nis {label}" if predicted != label else "\n")
        for predicted, sure, label in zip(seen.predicted, seen.confidence, seen.labels, strict=True)
    ]
    assert sorted(right + wrong) == sorted(expected)
    assert len(wrong) == (seen.predicted != seen.labels).sum() == len(outlines["left"])


def test_pictures_that_would_be_too_small_are_left_out():
    live = mistakes(FRAMES["cnn"], LIGHT)
    live.set(size=(200, 200))
    captions = [text for each in all_columns(render(live))[2:4] for text in each["text"]]
    assert 0 < len(captions) < len(FRAMES["cnn"].mistakes.labels)


def test_all_points_are_seen_at_one_scale():
    frame = FRAMES["trained"]
    live = points(frame, LIGHT)
    live.set(size=(600, 300))
    (left, right, *_), (low, high, *_) = (axes(render(live))[name] for name in ("xaxis", "yaxis"))
    assert right - left == pytest.approx(2 * (high - low))
    assert high == y_limit(frame.points, (600, 300)) >= np.abs(frame.points[:, 1]).max()
    assert right >= np.abs(frame.points[:, 0]).max()


def test_wrong_points_are_told_from_right_ones_without_colour():
    frame = FRAMES["mlp"]
    marker = np.array(column(points(frame, LIGHT), 0, "marker"))
    assert ((marker == "diamond") == (frame.probe_set.predicted != frame.probe_set.labels)).all()


def test_ten_classes_are_right_in_blue_and_wrong_in_orange():
    counts = np.zeros((10, 10), int)
    counts[3] = [0, 0, 0, 99, 0, 1, 0, 0, 0, 0]
    plot = render(confusion(make_image_frame(confusion=counts), LIGHT))
    squares, numbers = all_columns(plot)
    cells = np.reshape(squares["fill_color"], (10, 10))
    assert cells[3, 3] > 250
    assert cells[3, 5] < 120  # one in a hundred can be seen
    assert cells[0, 0] == cells[3, 4] == 128
    assert [text for text in numbers["text"] if text] == ["99", "1"]
    mapper = element_plots(plot)[0].handles["fill_color_color_mapper"]
    assert mapper.palette == diverging_palette(LIGHT)
