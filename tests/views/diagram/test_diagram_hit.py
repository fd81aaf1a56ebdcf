"""Pointing at the diagram finds what is drawn there, and words for it."""

import dataclasses

import numpy as np
import pytest

from playground.views.diagram import (
    TOUCH_TOLERANCE,
    BiasRef,
    FeatureRef,
    LinkRef,
    UnitRef,
    caption,
    describe,
    describe_briefly,
    hit_test,
)
from playground.views.diagram.diagram_layout import compute_layout
from playground.views.diagram.glyph_columns import layout_for
from playground.views.diagram.hit_testing import distances
from playground.views.diagram.link_curves import link_curves
from playground.views.diagram.links import select_links
from tests.support.training.dense_frames import make_frame

SIZE = (700, 400)
NETWORKS = [(), (4, 2), (8,) * 6, (32,) * 8]
MANY_LINKS = 100
"""Of more links than that, only some are pointed at."""


@pytest.mark.parametrize("hidden", NETWORKS)
def test_each_unit_and_each_bias_is_found(hidden):
    frame = make_frame(hidden=hidden, side=25)
    layout = layout_for(frame, SIZE)
    across, up = layout.dots()
    tile = 0
    for level, count in enumerate(layout.counts):
        for unit in range(count):
            assert hit_test(layout, frame, layout.x[tile], layout.y[tile]) == UnitRef(
                level - 1, unit
            )
            if level:
                assert hit_test(layout, frame, across[tile], up[tile]) == BiasRef(level - 1, unit)
            tile += 1


@pytest.mark.parametrize("hidden", NETWORKS)
@pytest.mark.parametrize("focus", [(), (UnitRef(-1, 1),)])
def test_each_drawn_link_is_found_somewhere_along_its_way(hidden, focus):
    frame = make_frame(hidden=hidden, side=25)
    layout = layout_for(frame, SIZE)
    links = select_links(frame, focus)
    curve = link_curves(layout, links)
    for number in range(0, len(links), 1 + len(links) // MANY_LINKS):
        ref = LinkRef(links.layer[number], links.unit[number], links.source[number])
        places = (
            point({key: curve[key][number] for key in curve}, t) for t in np.linspace(0, 1, 60)
        )
        assert any(hit_test(layout, frame, x, y, focus=focus) == ref for x, y in places), ref


def point(curve, t):
    """A point of a Bézier curve by de Casteljau's construction."""
    points = np.array(
        [
            (curve["x0"], curve["y0"]),
            (curve["cx0"], curve["y0"]),
            (curve["cx1"], curve["y1"]),
            (curve["x1"], curve["y1"]),
        ]
    )
    while len(points) > 1:
        points = (1 - t) * points[:-1] + t * points[1:]
    return points[0]


def test_distances_from_links_are_accurate_to_a_fraction_of_a_pixel():
    frame = make_frame(hidden=(4, 3), side=25)
    layout = layout_for(frame, SIZE)
    curves = link_curves(layout, select_links(frame, ()))
    fine = point({key: value[:, None] for key, value in curves.items()}, np.linspace(0, 1, 4001))
    rng = np.random.default_rng(0)
    for x, y in rng.uniform((0, 0), SIZE, (20, 2)):
        exact = np.hypot(fine[0] - x, fine[1] - y).min(axis=1)
        np.testing.assert_allclose(distances(curves, x, y), exact, atol=0.5)


def test_beside_a_link_counts_up_to_the_tolerance():
    frame = make_frame(hidden=(), features=("x",), regression=True)
    layout = compute_layout((1, 1), SIZE)
    x, y = 350, float(layout.y[0])
    link = LinkRef(0, 0, 0)
    assert hit_test(layout, frame, x, y) == link
    assert hit_test(layout, frame, x, y + 4) == link
    assert hit_test(layout, frame, x, y + 12) is None
    assert hit_test(layout, frame, x, y + 12, TOUCH_TOLERANCE) == link
    assert hit_test(layout, frame, x, y + 40, TOUCH_TOLERANCE) is None


def test_empty_places_hold_nothing():
    frame = make_frame(hidden=(4, 2))
    assert hit_test(layout_for(frame, SIZE), frame, 1, 1) is None


def known_frame(classes=2):
    frame = make_frame(hidden=(2, 1), classes=classes)
    layer = dataclasses.replace(
        frame.layers[1],
        weight=np.float32([[0.42, -1.5]]),
        weight_gradient=np.float32([[-0.0131, 0]]),
        bias=np.float32([0.1]),
        bias_gradient=np.float32([0.002]),
        mean=np.float32([0.309]),
        frozen=np.array([[False, True, True]]),
    )
    return dataclasses.replace(frame, layers=(frame.layers[0], layer, frame.layers[2]))


@pytest.mark.parametrize(
    ("ref", "text"),
    [
        (UnitRef(-1, 1), "feature y"),
        (LinkRef(1, 0, 0), "hidden 1, neuron 1 → hidden 2, neuron 1: weight 0.42, gradient −0.013"),
        (
            LinkRef(1, 0, 1),
            "hidden 1, neuron 2 → hidden 2, neuron 1: weight −1.50, gradient 0.00, frozen",
        ),
        (BiasRef(1, 0), "hidden 2, neuron 1: bias 0.10, gradient 0.002, frozen"),
        (
            UnitRef(1, 0),
            "hidden 2, neuron 1: bias 0.10, gradient 0.002, mean activation 0.31, frozen",
        ),
    ],
)
def test_descriptions_read_the_live_values(ref, text):
    assert describe(known_frame(), ref) == text


def test_who_points_at_a_part_reads_what_it_does():
    frame = known_frame()
    assert [describe_briefly(frame, ref) for ref in (UnitRef(-1, 1), UnitRef(1, 0))] == [
        "feature y",
        "hidden 2, neuron 1: output 0.31 on average over the samples, bias 0.10",
    ]
    assert [describe_briefly(frame, ref) for ref in (LinkRef(1, 0, 0), BiasRef(1, 0))] == [
        "hidden 1, neuron 1 → hidden 2, neuron 1: weight 0.42",
        "hidden 2, neuron 1: bias 0.10, added to the weighted sum of its inputs",
    ]


def test_outputs_are_called_by_their_classes():
    assert describe(known_frame(), UnitRef(2, 1)).startswith("output blue: bias ")
    regression = make_frame(hidden=(2,), regression=True)
    assert describe(regression, LinkRef(1, 0, 1)).startswith("hidden 1, neuron 2 → output: weight ")


def test_diverged_values_are_said_as_they_are():
    frame = known_frame()
    layer = dataclasses.replace(frame.layers[1], weight=np.float32([[np.nan, -np.inf]]))
    frame = dataclasses.replace(frame, layers=(frame.layers[0], layer, frame.layers[2]))
    assert "weight nan" in describe(frame, LinkRef(1, 0, 0))
    assert "weight −inf" in describe(frame, LinkRef(1, 0, 1))


def test_caption_says_what_is_left_out():
    assert caption(make_frame(hidden=(4, 2))) == ""
    assert caption(make_frame(hidden=(32,) * 8, side=25)) == "the 300 strongest of 7,296 links"


def test_a_feature_that_the_network_does_not_take_is_found_by_its_name():
    frame = make_frame(hidden=(4,), features=("x", "xy"))
    frame = dataclasses.replace(
        frame,
        all_features=("x", "y", "xy"),
        unused_maps=np.zeros((1, *frame.feature_maps.shape[1:]), np.float32),
    )
    layout = layout_for(frame, SIZE)
    found = hit_test(layout, frame, float(layout.unused_x[0]), float(layout.unused_y[0]))
    assert found == FeatureRef("y")
