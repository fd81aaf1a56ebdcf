"""What the views of readers are made of: grids, thumbnails, blocks, colours, what is kept."""

from __future__ import annotations

from base64 import b64decode
from io import BytesIO

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from playground.networks.classifiers import CLASSIFIERS
from playground.views.images.architecture_diagram import architecture_blocks
from playground.views.images.embedding_scatter import class_colours
from playground.views.images.layout.image_grid import fit_grid
from playground.views.images.memo import Memo
from playground.views.images.png_data_uris import png_data_uris
from playground.views.images.tile_colours import MIN_CELLS, colour_limit, value_indices
from playground.views.theme import DARK, LIGHT
from tests.support.training.image_frames import stages_of
from tests.views.test_theme import VISION, lab

SIZES = st.tuples(st.integers(60, 900), st.integers(60, 600))
SHAPES = st.sampled_from([(28, 28), (12, 12), (14, 28)])


@given(st.integers(1, 130), SHAPES, SIZES, st.sampled_from([0, 17, 34]))
def test_images_lie_in_the_figure_and_are_found_at_their_place(count, shape, size, caption):
    grid = fit_grid(count, shape, size, caption=caption)
    sides = grid.edges(np.arange(count))
    if grid.cell > 0.1:  # else there is no room at all
        assert sides["left"].min() >= 0
        assert sides["right"].max() <= size[0] + 0.01
        assert sides["bottom"].min() >= -0.01
        assert sides["top"].max() <= size[1] + 0.01
    x, y = (sides["left"] + sides["right"]) / 2, (sides["bottom"] + sides["top"]) / 2
    assert [grid.index_at(*place) for place in zip(x, y, strict=True)] == list(range(count))


@given(st.integers(1, 40), SHAPES, SIZES)
def test_no_other_number_of_columns_makes_pictures_larger(count, shape, size):
    best = fit_grid(count, shape, size, largest=1e9).cell
    for columns in range(1, count + 1):
        rows = -(-count // columns)
        across = (size[0] - 4) / (columns * (shape[1] + 2) - 2)
        down = (size[1] - 4) / (rows * (shape[0] + 2) - 2)
        assert best >= min(across, down) - 1e-9


def test_the_image_has_every_picture_at_its_place_and_nothing_between():
    pictures = np.random.default_rng(0).integers(1, 256, (7, 5, 4), np.uint8)
    grid = fit_grid(7, (5, 4), (100, 60))
    columns = grid.image_columns(pictures)
    image = columns["image"][0][::-1]
    for number, picture in enumerate(pictures):
        down, across = divmod(number, grid.columns)
        place = image[down * 7 : down * 7 + 5, across * 6 : across * 6 + 4]
        np.testing.assert_array_equal(place, picture)
    assert (image > 0).sum() == pictures.size
    sides = grid.edges(np.arange(7))
    assert columns["x"][0] == pytest.approx(sides["left"].min())
    assert columns["y"][0] == pytest.approx(sides["bottom"].min())
    assert columns["x"][0] + columns["dw"][0] == pytest.approx(sides["right"].max())


def test_a_png_has_opaque_ink_and_no_paper():
    pictures = np.random.default_rng(0).integers(0, 256, (3, 28, 28), np.uint8)
    for uri, picture in zip(png_data_uris(pictures), pictures, strict=True):
        kind, content = uri.split(",")
        assert kind == "data:image/png;base64"
        image = Image.open(BytesIO(b64decode(content))).convert("RGBA")
        np.testing.assert_array_equal(np.asarray(image)[..., 3], (picture >> 4) * 17)
        assert not np.asarray(image)[..., :3].any()


def test_six_hundred_pngs_are_small():
    digits = np.zeros((600, 28, 28), np.uint8)
    digits[:, 5:23, 10:17] = np.random.default_rng(0).integers(0, 256, (600, 18, 7))
    assert sum(map(len, png_data_uris(digits))) < 400_000


@pytest.mark.parametrize("vision", VISION)
@pytest.mark.parametrize("theme", [LIGHT, DARK], ids=lambda theme: theme.name)
def test_any_two_of_ten_classes_are_told_apart_with_any_colour_vision(theme, vision):
    places = lab(class_colours(theme, 10), VISION[vision])
    distances = np.linalg.norm(places[:, None] - places[None], axis=-1)
    assert distances[~np.eye(10, dtype=bool)].min() > 20


@pytest.mark.parametrize("k", [1, 6, 12, 23])
def test_there_is_a_colour_for_every_class(k):
    colours = class_colours(LIGHT, k)
    assert len(colours) == k
    assert len(set(colours)) == min(k, 12)


@pytest.mark.parametrize("name", CLASSIFIERS)
def test_blocks_hold_all_parameters_and_end_in_the_classes(name):
    stages = stages_of(name)
    found = architecture_blocks(stages)
    assert found[0].shape == (1, 28, 28)
    assert found[-1].shape == (10,)
    assert sum(block.parameters for block in found) == sum(stage.parameters for stage in stages)
    weighted = [stage for stage in stages if stage.kind in ("Linear", "Conv2d")]
    assert len(found) == 1 + len(weighted)


def test_a_block_gives_what_its_last_layer_gives():
    _, first, *_ = architecture_blocks(stages_of("cnn"))
    assert (first.layer_names, first.shape, first.parameters) == (
        ("Conv", "ReLU", "max-pool"),
        (32, 14, 14),
        320,
    )


def test_small_tiles_are_enlarged_and_large_ones_are_not():
    assert value_indices(np.zeros((2, 3, 3), np.float32), 1).shape == (2, MIN_CELLS, MIN_CELLS)
    assert value_indices(np.zeros((2, 28, 28), np.float32), 1).shape == (2, 28, 28)


def test_an_outlier_does_not_make_all_others_pale():
    usual = np.linspace(-1, 1, 1000, dtype=np.float32)
    assert colour_limit(usual) == 1
    assert colour_limit(np.append(usual, np.float32(50))) < 10
    assert colour_limit(np.full(3, np.nan, np.float32)) == colour_limit(usual[:0]) == 0


def test_a_memoised_result_is_not_computed_again():
    calls = []

    def work(array, number):
        calls.append(number)
        return [number]

    memo, array = Memo(), np.zeros(2)
    first = memo(work, array, 1)
    assert memo(work, array, 1) is first
    assert memo(work, array, 2) == [2]
    assert memo(work, array.copy(), 2) == [2]
    assert calls == [1, 2, 2]
