"""Views of readers: what they show, and that patching shows what rendering shows."""

from __future__ import annotations

import dataclasses

import numpy as np
import pytest

from playground.views.confusion import confusion
from playground.views.curves import loss_curves
from playground.views.digits.architecture import architecture
from playground.views.digits.bars import DIM, OTHER, WINNER, bars
from playground.views.digits.gallery import learned_from, mistakes, samples
from playground.views.digits.maps import feature_maps
from playground.views.digits.mosaic import MODES, grid_of, mosaic, tile_at, weights
from playground.views.digits.per_class import per_class
from playground.views.digits.picture import picture
from playground.views.digits.points import points, reach
from playground.views.digits.sights import BarsSight, MapsSight, PictureSight, TileSight
from playground.views.digits.tile import tile
from playground.views.live import parts
from playground.views.theme import DARK, LIGHT, diverging
from tests.patching import assert_patch_equals_render, axes, properties, render
from tests.reader_frames import make_reader_frame

FASHION = ("T-shirt/top", "Trouser", "Pullover", "Dress")
FRAMES = {
    "mlp": make_reader_frame(),
    "trained": make_reader_frame(1),
    "cnn": make_reader_frame(2, "cnn", (32, 3, 3), panel=60, mistakes=60),
    "deep": make_reader_frame(3, "deep", (32, 3, 3), mistakes=0),
    "fashion": make_reader_frame(4, classes=FASHION),
    "no tiles": make_reader_frame(5, tiles=(0, 1, 1)),
    "one": make_reader_frame(6, panel=1, mistakes=1, tiles=(1, 28, 28)),
}
OF_FRAMES = {
    view.__name__: view
    for view in (
        architecture,
        confusion,
        learned_from,
        loss_curves,
        mistakes,
        mosaic,
        per_class,
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


NOTHING = BarsSight(("MLP", "CNN"), np.full((2, 10), np.nan))
SIGHTS = {
    "bars": (bars, NOTHING, BarsSight(("MLP", "CNN"), shares(2))),
    "more bars": (bars, NOTHING, BarsSight(("a", "b", "c"), shares(3), doubtful=True)),
    "other bars": (bars, NOTHING, BarsSight(("a",), shares(1, 4), FASHION)),
    "no bars": (bars, NOTHING, BarsSight((), np.zeros((0, 10)))),
    "picture": (picture, PictureSight(None), PictureSight(picture_of(1))),
    "saliency": (picture, PictureSight(picture_of(0)), PictureSight(picture_of(1), values(28, 28))),
    "maps": (
        feature_maps,
        MapsSight(()),
        MapsSight((("0", values(8, 14, 14)), ("1", values(64, 1, 1)))),
    ),
    "tile": (
        tile,
        TileSight(FRAMES["mlp"].tiles, 3, FRAMES["mlp"].shown[:0]),
        TileSight(FRAMES["cnn"].tiles, 5, FRAMES["mlp"].shown[:8]),
    ),
    "no tile": (
        tile,
        TileSight(FRAMES["mlp"].tiles, 3, FRAMES["mlp"].shown[:8]),
        TileSight(FRAMES["mlp"].tiles, 99, FRAMES["mlp"].shown[:0]),
    ),
}


def light(view):
    return lambda sight: view(sight, LIGHT)


def column(view, part, name):
    return parts(render(view))[part].handles["source"].data[name]


@pytest.mark.parametrize(("before", "after"), [("mlp", "cnn"), ("cnn", "fashion"), ("one", "mlp")])
@pytest.mark.parametrize("view", OF_FRAMES.values(), ids=OF_FRAMES)
def test_a_patch_shows_another_frame_as_a_render_does(view, before, after):
    assert_patch_equals_render(light(view), FRAMES[before], FRAMES[after])


@pytest.mark.parametrize(
    ("view", "bare"), [(mistakes, "deep"), (architecture, "deep"), (mosaic, "no tiles")]
)
def test_a_patch_shows_what_is_not_there_as_a_render_does(view, bare):
    assert_patch_equals_render(light(view), FRAMES["mlp"], FRAMES[bare])
    assert_patch_equals_render(light(view), FRAMES[bare], FRAMES["mlp"])


@pytest.mark.parametrize(("view", "before", "after"), SIGHTS.values(), ids=SIGHTS)
def test_a_patch_shows_another_sight_as_a_render_does(view, before, after):
    assert_patch_equals_render(light(view), before, after)
    assert_patch_equals_render(light(view), after, before)


SIZED = [name for name in OF_FRAMES if name not in ("confusion", "loss_curves", "per_class")]


@pytest.mark.parametrize("name", SIZED)
def test_a_patch_fits_a_new_size_as_a_render_does(name):
    frames = FRAMES["cnn"], FRAMES["trained"]
    assert_patch_equals_render(light(OF_FRAMES[name]), *frames, size=(350, 190))


@pytest.mark.parametrize("choices", [{"mode": MODES[1]}, {"mode": MODES[2], "selected": 4}])
def test_a_patch_turns_the_switches_of_the_mosaic_as_a_render_does(choices):
    assert_patch_equals_render(light(mosaic), FRAMES["mlp"], FRAMES["cnn"], **choices)


@pytest.mark.parametrize("layer", [1, 7])
def test_a_patch_shows_another_layer_as_a_render_does(layer):
    assert_patch_equals_render(light(feature_maps), *SIGHTS["maps"][1:], layer=layer)


@pytest.mark.parametrize("view", OF_FRAMES.values(), ids=OF_FRAMES)
def test_a_theme_changes_colours_in_place(view):
    changed = view(FRAMES["mlp"], LIGHT)
    plot = render(changed)
    changed.restyle(DARK)
    assert properties(plot) == properties(render(view(FRAMES["mlp"], DARK)))


@pytest.mark.parametrize("view", [learned_from, mosaic, points])
def test_what_has_not_changed_does_not_travel_again(view):
    live = view(FRAMES["mlp"], LIGHT)
    plot = render(live)
    later = dataclasses.replace(FRAMES["mlp"], step=301)
    live.push(later)
    before = dict(parts(plot)[0].handles["source"].data)
    live.push(dataclasses.replace(later, step=302))
    after = parts(plot)[0].handles["source"].data
    assert [name for name in before if after[name] is not before[name]] == []


@pytest.mark.parametrize("frame", ["mlp", "cnn"])
def test_the_tile_under_a_place_is_the_one_that_is_outlined(frame):
    live = mosaic(FRAMES[frame], LIGHT)
    for unit in (0, 5, len(FRAMES[frame].tiles.now) - 1):
        live.set(selected=unit)
        left, bottom, right, top = (
            float(column(live, 1, side)[0]) for side in ("left", "bottom", "right", "top")
        )
        assert tile_at(live, (left + right) / 2, (bottom + top) / 2) == unit
    assert tile_at(live, -50, 50) is None


def test_a_tile_of_the_mosaic_shows_its_unit():
    frame = FRAMES["mlp"]
    live = mosaic(frame, LIGHT)
    image = column(live, 0, "image")[0][::-1].astype(float)
    down, across = divmod(7, grid_of(frame, live.choices["size"]).columns)
    shown = image[down * 30 : down * 30 + 28, across * 30 : across * 30 + 28]
    limit = 3 * np.sqrt(np.square(frame.tiles.now).mean())
    expected = np.clip(frame.tiles.now[7] / limit, -1, 1) * 127.5 + 128
    np.testing.assert_allclose(shown, expected, atol=1.01)


def test_modes_are_differences():
    tiles = FRAMES["mlp"].tiles
    shown = [weights(tiles, mode) for mode in MODES]
    expected = [tiles.now, tiles.since_start, tiles.since_last_epoch]
    for mine, theirs in zip(shown, expected, strict=True):
        np.testing.assert_array_equal(mine, theirs)


def test_an_unchanged_network_is_neutral_all_over():
    tiles = dataclasses.replace(FRAMES["mlp"].tiles, start=FRAMES["mlp"].tiles.now)
    live = mosaic(dataclasses.replace(FRAMES["mlp"], tiles=tiles), LIGHT)
    live.set(mode="Since start")
    assert set(np.unique(column(live, 0, "image")[0])) == {0, 128}


def test_bars_say_what_each_model_reads():
    heights = np.zeros((2, 10))
    heights[0, 7], heights[0, 1] = 0.75, 0.25
    live = bars(BarsSight(("MLP", "CNN"), heights), LIGHT)
    assert list(column(live, 2, "text")) == ["MLP", "CNN"]
    assert list(column(live, 3, "text")) == ["7", ""]
    assert list(column(live, 4, "text")) == ["75%", ""]
    colours = np.reshape(column(live, 1, "fill_color"), (2, 10))
    assert np.flatnonzero(colours[0] == WINNER).tolist() == [7]
    assert colours[0, 1] == OTHER
    lengths = np.reshape(column(live, 1, "right"), (2, 10)) - [[0], [1]]
    assert lengths[0, 7] == pytest.approx(3 * lengths[0, 1])


def test_what_is_perhaps_no_digit_is_a_pale_question():
    live = bars(BarsSight(("MLP",), shares(1), doubtful=True), LIGHT)
    assert column(live, 3, "text")[0].endswith("?")
    assert set(column(live, 1, "fill_color")) == {DIM}


def test_captions_say_what_was_read_and_what_it_is():
    frame = FRAMES["mlp"]
    seen = frame.samples
    live = samples(frame, LIGHT)
    right, wrong = (list(column(live, part, "text")) for part in (2, 3))
    expected = [
        f"{sure:.0%} {said}" + (f"\nis {label}" if said != label else "\n")
        for said, sure, label in zip(seen.said, seen.sureness, seen.labels, strict=True)
    ]
    assert sorted(right + wrong) == sorted(expected)
    assert len(wrong) == (seen.said != seen.labels).sum() == len(column(live, 1, "left"))


def test_pictures_that_would_be_too_small_are_left_out():
    live = mistakes(FRAMES["cnn"], LIGHT)
    live.set(size=(200, 200))
    captions = [*column(live, 2, "text"), *column(live, 3, "text")]
    assert 0 < len(captions) < len(FRAMES["cnn"].mistakes.labels)


def test_all_points_are_seen_at_one_scale():
    frame = FRAMES["trained"]
    live = points(frame, LIGHT)
    live.set(size=(600, 300))
    (left, right, *_), (low, high, *_) = (axes(render(live))[name] for name in ("xaxis", "yaxis"))
    assert right - left == pytest.approx(2 * (high - low))
    assert high == reach(frame.points, (600, 300)) >= np.abs(frame.points[:, 1]).max()
    assert right >= np.abs(frame.points[:, 0]).max()


def test_wrong_points_are_told_from_right_ones_without_colour():
    frame = FRAMES["mlp"]
    marker = np.array(column(points(frame, LIGHT), 0, "marker"))
    assert ((marker == "diamond") == (frame.panel.said != frame.panel.labels)).all()


def test_ten_classes_are_right_in_blue_and_wrong_in_orange():
    counts = np.zeros((10, 10), int)
    counts[3] = [0, 0, 0, 99, 0, 1, 0, 0, 0, 0]
    live = confusion(make_reader_frame(confusion=counts), LIGHT)
    cells = np.reshape(column(live, 0, "fill_color"), (10, 10))
    assert cells[3, 3] > 250
    assert cells[3, 5] < 120  # one in a hundred can be seen
    assert cells[0, 0] == cells[3, 4] == 128
    assert [text for text in column(live, 1, "text") if text] == ["99", "1"]
    mapper = parts(render(live))[0].handles["fill_color_color_mapper"]
    assert mapper.palette == diverging(LIGHT)


def test_a_class_without_pictures_has_no_accuracy():
    counts = np.diag(np.arange(10))
    live = per_class(make_reader_frame(confusion=counts), LIGHT)
    assert list(column(live, 2, "text")) == ["", *["100.0%"] * 9]
