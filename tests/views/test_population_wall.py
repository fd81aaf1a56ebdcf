"""The wall of a population: one picture, frames, crosses, and which tile is whose."""

from __future__ import annotations

import math

import numpy as np
import pytest

from playground.problems import Gates, Points
from playground.training.populations import PopulationFrame, PopulationTrainer
from playground.views.live_view import element_plots
from playground.views.populations.wall import GAP, member_at, picture_indices, shape_of, wall
from playground.views.theme import DARK, LIGHT
from tests.support.patching import Shown, assert_patches_equal_renders, render
from tests.support.training.dense_training import make_trainer


def make_frame(epochs: int = 0, count: int = 5, **problem: object) -> PopulationFrame:
    what = Points(**problem) if problem else Gates(gate="XOR")
    choices = {"hidden": [], "optimiser": "SGD"} if problem else {"hidden": [2]}
    settings = make_trainer(what, **choices).settings()
    vary = {"learning_rate": [10.0, *[0.05] * (count - 1)]} if problem else None
    return PopulationTrainer(settings, range(count), vary).train(epochs)


@pytest.fixture(scope="module")
def population_frame() -> PopulationFrame:
    return make_frame(150)


def test_a_patch_shows_what_a_render_shows(population_frame: PopulationFrame) -> None:
    plane = make_frame(3, shape="plane", count=7)
    frames = (make_frame(), population_frame, make_frame(5, count=12), plane)
    dark = Shown(plane, DARK), Shown(population_frame, DARK)
    assert_patches_equal_renders(lambda frame: wall(frame, LIGHT), *frames, *dark)


def test_each_tile_is_the_picture_of_its_network(population_frame: PopulationFrame) -> None:
    frame = population_frame
    view = wall(frame, LIGHT)
    (picture,) = element_plots(render(view))[0].handles["source"].data["image"]
    rows, across = shape_of(5)
    side = frame.pictures.shape[1]
    step = side + GAP
    assert picture.shape == (rows * step, across * step)
    for member, expected in enumerate(picture_indices(frame)):
        row, column = divmod(member, across)
        bottom, left = (rows - 1 - row) * step + GAP // 2, column * step + GAP // 2
        found = picture[bottom : bottom + side, left : left + side]
        np.testing.assert_array_equal(found, expected)
        middle = (left + side / 2) / step, (bottom + side / 2) / step
        assert member_at(frame, *middle) == member
    assert (picture == 0).sum() == picture.size - 5 * side**2
    assert member_at(frame, across + 0.1, 0.5) is None
    assert member_at(frame, 0.5, rows + 0.1) is None


def test_who_has_not_learned_is_framed_and_who_diverged_is_crossed_out(
    population_frame: PopulationFrame,
) -> None:
    frame = population_frame
    _, frames, crosses, areas = (
        part.handles["source"].data for part in element_plots(render(wall(frame, LIGHT)))
    )
    assert 0 < frame.learned.sum() < 5
    assert len(frames["left"]) == (~frame.learned).sum()
    np.testing.assert_allclose(frames["left"], areas["left"][~frame.learned])
    assert len(crosses["x"]) == 0
    assert "learned at epoch" in areas["words"][int(frame.learned.argmax())]
    diverged = make_frame(30, shape="plane", count=3)
    assert diverged.diverged[0]
    _, frames, crosses, areas = (
        part.handles["source"].data for part in element_plots(render(wall(diverged, LIGHT)))
    )
    assert len(crosses["x"]) == 2 * diverged.diverged.sum()
    assert "diverged in epoch" in areas["words"][0]


@pytest.mark.parametrize("members", [1, 5, 16, 36, 64, 144, 256])
def test_every_network_has_a_tile(members: int) -> None:
    rows, across = shape_of(members)
    assert rows * across >= members > (rows - 1) * across
    if members in (16, 36, 64, 144, 256):
        assert (across / rows, rows * across) == (4, members)
    assert across <= 4 * math.ceil(math.sqrt(members))
