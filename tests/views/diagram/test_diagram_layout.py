"""Where the diagram's parts lie, what its pictures hold, and which links it draws."""

import dataclasses
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from playground.views.diagram.diagram_layout import compute_layout
from playground.views.diagram.labels import BUTTON, between_buttons, layer_titles
from playground.views.diagram.levels import MIN_TILE_SIDE, least_size
from playground.views.diagram.link_curves import link_curves, link_styles
from playground.views.diagram.links import MAX_LINKS, select_links, split_budget
from playground.views.diagram.refs import BiasRef, LinkRef, UnitRef, exists
from playground.views.diagram.tile_images import level_images, rounded_square
from playground.views.theme import value_index
from tests.support.training.dense_frames import make_frame
from tests.support.training.dense_training import make_plan

DESKTOP, PHONE = (700, 400), (360, 300)
counts = st.builds(
    lambda features, hidden, outputs: (features, *hidden, outputs),
    st.integers(1, 9),
    st.lists(st.integers(1, 32), max_size=8),
    st.integers(1, 6),
)


@given(counts, st.sampled_from([DESKTOP, PHONE, (1000, 260)]))
def test_everything_is_inside_and_nothing_overlaps(counts, size):
    layout = compute_layout(counts, size)
    half = layout.tile / 2
    assert len(layout.x) == len(layout.y) == sum(counts)
    assert layout.x.min() - half - layout.dot >= 0
    assert layout.x.max() + half <= size[0]
    assert layout.y.min() - half >= 0
    assert layout.y.max() + half <= size[1]
    apart = np.maximum(np.abs(layout.x[:, None] - layout.x), np.abs(layout.y[:, None] - layout.y))
    np.fill_diagonal(apart, np.inf)
    assert apart.min() > layout.tile


@given(counts)
def test_levels_stand_left_to_right_with_room_for_links(counts):
    layout = compute_layout(counts, DESKTOP)
    for before, after in zip(layout.blocks[:-1], layout.blocks[1:], strict=True):
        assert after.left - before.right >= layout.tile
    assert len(layout.columns) == len(counts) - 2
    assert all(0 < column < 1 for column in layout.columns)


def test_tiles_stay_visible_in_the_largest_network():
    largest = (9, *[32] * 8, 6)
    assert compute_layout(largest, DESKTOP).tile >= 14
    assert compute_layout(largest, PHONE).tile >= 6


@given(counts, st.sampled_from([DESKTOP, PHONE, (500, 290)]), st.booleans())
def test_what_would_be_illegible_asks_for_more_room(counts, place, open_end):
    has_open_end = open_end and counts[-1] == 1
    needed = least_size(counts, place, open_end=has_open_end)
    size = tuple(map(max, place, needed))
    layout = compute_layout(counts, size, open_end=has_open_end)
    assert layout.tile >= MIN_TILE_SIDE
    plan = make_plan(counts[1:-1], counts[0], counts[-1], activation="leaky ReLU")
    titles = layer_titles(layout, plan, (False,) * len(counts)).text[1:-1]
    taken = between_buttons(titles) + 2 * BUTTON
    centres = [block.centre for block in layout.blocks[1:-1]]
    assert all(after - before >= taken for before, after in pairwise(centres))


def test_equal_arguments_give_the_identical_layout():
    assert compute_layout((2, 4, 1), DESKTOP) is compute_layout((2, 4, 1), DESKTOP)


@pytest.mark.parametrize("hidden", [(), (4, 2), (8,) * 6, (32,) * 8, (17, 1)])
def test_each_picture_shows_units_and_biases_where_the_layout_has_them(hidden):
    frame = make_frame(hidden=hidden, side=25, classes=3)
    frame = flat(frame)
    layout = compute_layout((2, *frame.plan.widths), DESKTOP)
    images = level_images(layout, frame)
    for level, (block, image) in enumerate(zip(layout.blocks, images, strict=True)):
        cells = image.shape[0] / (block.top - block.bottom)
        for unit in range(block.count):
            tile = layout.starts[level] + unit
            column = (layout.x[tile] - block.left + layout.dot) * cells
            row = (layout.y[tile] - block.bottom) * cells
            expected = visible(maps(frame, level)[unit, :1, 0])
            assert image[int(row), int(column)] == expected
            if level:
                across, up = layout.dots()
                column = (across[tile] - block.left + layout.dot) * cells
                row = (up[tile] - block.bottom) * cells
                bias = frame.layers[level - 1].bias[unit : unit + 1]
                assert image[int(row), int(column)] == visible(bias / (0.5 + abs(bias)))
        drawn = block.count * rounded_square(layout.resolution.cells).sum()
        drawn += block.count * layout.resolution.dot**2 * bool(level)
        assert np.count_nonzero(image) == drawn


def visible(values):
    """Index 0 is transparent, so the lowest value takes the next."""
    return max(int(value_index(values, 1)[0]), 1)


def flat(frame):
    """The same with one value all over each map."""
    each = lambda maps: np.broadcast_to(maps[:, :1, :1], maps.shape)  # noqa: E731
    layers = tuple(dataclasses.replace(layer, maps=each(layer.maps)) for layer in frame.layers)
    return dataclasses.replace(frame, feature_maps=each(frame.feature_maps), layers=layers)


def maps(frame, level):
    return frame.layers[level - 1].maps if level else frame.feature_maps


def test_large_activations_keep_their_shape_and_diverged_ones_do_no_harm():
    frame = make_frame(hidden=(3,), side=25)
    ramp = np.linspace(-100, 100, 25, dtype=np.float32)
    values = np.stack(
        [np.tile(ramp, (25, 1)), np.full((25, 25), np.nan), np.full((25, 25), np.inf)]
    )
    layer = dataclasses.replace(frame.layers[0], maps=values, bias=np.float32([np.nan, np.inf, 0]))
    frame = dataclasses.replace(frame, layers=(layer, frame.layers[1]))
    layout = compute_layout((2, 3, 2), DESKTOP)
    image = level_images(layout, frame)[1]
    cells, _gap, dot = layout.resolution
    top = image[-cells // 2, dot : dot + cells]
    assert (np.diff(top.astype(int)) > 0).all()


def test_small_networks_show_all_links():
    frame = make_frame(hidden=(4, 2))
    assert len(select_links(frame)) == select_links(frame).total == 2 * 4 + 4 * 2 + 2 * 2


def test_the_largest_network_stays_within_the_budget_and_shows_the_strongest():
    frame = make_frame(hidden=(32,) * 8, side=25)
    links = select_links(frame)
    assert 0.95 * MAX_LINKS <= len(links) <= MAX_LINKS
    assert links.total == 2 * 32 + 7 * 32 * 32 + 32 * 2
    for number, layer in enumerate(frame.layers):
        here = links.layer == number
        strongest = np.sort(np.abs(layer.weight).ravel())[-here.sum() :]
        np.testing.assert_array_equal(np.sort(np.abs(links.weight[here])), strongest)
        assert here.sum() >= 30


@given(st.lists(st.integers(1, 1024), min_size=1, max_size=9), st.integers(9, 400))
def test_shares_are_fair(sizes, budget):
    given = split_budget(sizes, budget)
    assert sum(given) == min(budget, sum(sizes))
    assert all(share <= size for share, size in zip(given, sizes, strict=True))
    short = [share for share, size in zip(given, sizes, strict=True) if share < size]
    assert not short or max(given) - min(short) <= 1


@pytest.mark.parametrize(
    ("ref", "expected"),
    [
        (UnitRef(3, 5), 32 + 32),
        (BiasRef(3, 5), 32 + 32),
        (UnitRef(-1, 1), 32),
        (UnitRef(8, 0), 32),
        (LinkRef(4, 1, 2), 1),
    ],
)
def test_all_links_of_what_is_in_focus_are_drawn(ref, expected):
    links = select_links(make_frame(hidden=(32,) * 8, side=25), [ref])
    assert links.marked.sum() == expected
    assert len(links) <= MAX_LINKS + 64


def test_links_out_of_focus_fade():
    frame = make_frame(hidden=(4, 2))
    layout = compute_layout((2, 4, 2, 2), DESKTOP)
    links = select_links(frame, [UnitRef(0, 1)])
    plain, focused = (
        link_styles(layout, links, False)["alpha"],
        link_styles(layout, links, True)["alpha"],
    )
    assert (focused[links.marked] >= plain[links.marked]).all()
    assert (focused[~links.marked] < plain[~links.marked]).all()


def test_stronger_links_are_wider_and_diverged_ones_can_be_drawn():
    frame = make_frame(hidden=(3,))
    weight = np.float32([[0, np.nan], [0.5, -1], [20, -np.inf]])
    layers = (dataclasses.replace(frame.layers[0], weight=weight), frame.layers[1])
    links = select_links(dataclasses.replace(frame, layers=layers))
    look = link_styles(compute_layout((2, 3, 2), DESKTOP), links, False)
    width, alpha = look["width"][:6], look["alpha"][:6]
    assert width[0] == width[1] < width[2] < width[3] < width[4] == width[5]
    assert np.isfinite(width).all()
    assert ((alpha > 0) & (alpha <= 1)).all()


@pytest.mark.parametrize("focus", [(), (UnitRef(0, 3),)])
def test_links_run_forwards_between_the_blocks(focus):
    frame = make_frame(hidden=(32, 20), side=25)
    layout = compute_layout((2, 32, 20, 2), DESKTOP)
    curve = link_curves(layout, select_links(frame, focus))
    assert (curve["x0"] < curve["cx0"]).all()
    assert (curve["cx0"] < curve["cx1"]).all()
    assert (curve["cx1"] < curve["x1"]).all()


@pytest.mark.parametrize(
    ("ref", "known"),
    [
        (UnitRef(-1, 1), True),
        (UnitRef(-1, 2), False),
        (UnitRef(1, 0), True),
        (UnitRef(2, 0), False),
        (BiasRef(-1, 0), False),
        (BiasRef(0, 3), True),
        (LinkRef(0, 3, 1), True),
        (LinkRef(0, 3, 2), False),
        (LinkRef(-1, 0, 0), False),
        (LinkRef(1, 0, -1), False),
    ],
)
def test_references_to_what_is_not_there_are_known_as_such(ref, known):
    assert exists(ref, (2, 4, 1)) == known


def test_with_an_open_end_the_links_of_one_output_end_at_the_right_edge():
    frame = make_frame(hidden=(5,), regression=True)
    layout = compute_layout((2, 5, 1), DESKTOP, open_end=True)
    links = select_links(frame)
    curve = link_curves(layout, links)
    last = links.layer == 1
    assert (curve["x1"][last] == DESKTOP[0]).all()
    assert (np.diff(curve["y1"][last]) < 0).all()  # one below the other, as their units
    assert layout.dot_x[-1] < DESKTOP[0]
    assert layout.dot_y[-1] < curve["y1"][last].min()
    assert not compute_layout((2, 5, 3), DESKTOP, open_end=True).has_open_end


def test_features_that_the_network_does_not_take_have_their_places():
    layout = compute_layout((2, 4, 1), DESKTOP, (True, False, True, False))
    assert layout.counts == (2, 4, 1)
    rows = np.concatenate([layout.y[:1], layout.unused_y[:1], layout.y[1:2], layout.unused_y[1:]])
    assert (np.diff(rows) < 0).all()
    assert (layout.unused_x == layout.x[0]).all()
