"""The picture of a loss landscape: colours, lines of equal loss, path, and what changes with it."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from playground.training.landscape import Landscape, LandscapeSettings, dense_landscape
from playground.views.landscape.landscape import (
    MAX_LABEL_SHARE,
    bounds,
    colours,
    contours,
    label_columns,
    landscape_view,
    palette,
)
from playground.views.landscape.levels import contour_lines, levels, log_loss, log_range
from playground.views.live_view import element_plots
from playground.views.theme import DARK, LIGHT, STEPS
from tests.support.patching import Shown, assert_patches_equal_renders, render
from tests.support.training.dense_training import make_trainer


@pytest.fixture(scope="module")
def landscape() -> Landscape:
    trainer = make_trainer(hidden=[3])
    trainer.train(20)
    return dense_landscape(trainer.weight_path(), LandscapeSettings(side=15))


def test_a_patch_shows_what_a_render_shows(landscape: Landscape) -> None:
    pathless = replace(
        landscape, names=("a", "b"), path=landscape.path[:0], path_loss=landscape.path_loss[:0]
    )
    broken = replace(
        landscape, loss=np.where(landscape.loss > landscape.here, np.nan, landscape.loss)
    )
    pointed = Shown(landscape, DARK, pointer=(0.1, 0.2))
    assert_patches_equal_renders(
        lambda frame: landscape_view(frame, LIGHT), landscape, pathless, broken, pointed
    )


def test_low_losses_are_green_and_dots_have_the_colour_of_their_own_loss(
    landscape: Landscape,
) -> None:
    picture, _lines, _labels, _path, dots, here, _pointer = (
        each.handles["source"].data
        for each in element_plots(render(landscape_view(landscape, LIGHT)))
    )
    (indices,) = picture["image"]
    assert indices[np.unravel_index(landscape.loss.argmin(), landscape.loss.shape)] == STEPS - 1
    assert indices[np.unravel_index(landscape.loss.argmax(), landscape.loss.shape)] == 0
    order = np.argsort(landscape.loss.ravel())
    assert (np.diff(indices.ravel()[order].astype(int)) >= 0).sum() < len(order)
    assert (np.diff(indices.ravel()[order].astype(int)) <= 0).all()
    low, high = log_range(landscape.loss)
    np.testing.assert_array_equal(dots["color"], colours(landscape.path_loss, low, high))
    assert (here["x"][0], here["y"][0]) == (0, 0)
    assert palette(LIGHT)[-1] == LIGHT.classes[2]


def test_lines_are_where_the_loss_has_the_value_of_their_level() -> None:
    axis = np.linspace(-1, 1, 81, dtype=np.float32)
    loss = (10 ** (axis[None] ** 2 + axis[:, None] ** 2)).astype(np.float32)
    low, high = log_range(loss)
    assert (low, high) == (pytest.approx(0, abs=1e-3), pytest.approx(2))
    values = levels(low, high)
    assert values == pytest.approx([2, 3, 5, 10, 20, 30, 50][: len(values)]) or len(values) >= 5
    lines = contour_lines(axis, axis, log_loss(loss, low, high), values)
    for value, group in zip(values, lines, strict=True):
        radius = np.concatenate([np.linalg.norm(line, axis=1) for line in group])
        np.testing.assert_allclose(radius, np.sqrt(np.log10(value)), atol=0.02)


@pytest.mark.parametrize(
    ("low", "high"), [(-6.0, 2.0), (-1.0, -0.9), (-0.3, 0.2), (0.0, 1.0), (-3.2, 1.7)]
)
def test_levels_lie_between_the_ends_and_are_neither_few_nor_many(low: float, high: float) -> None:
    values = levels(low, high)
    assert 5 <= len(values) <= 12
    assert all(low < np.log10(value) < high for value in values)
    assert values == sorted(set(values))


def test_a_loss_that_is_nowhere_a_number_or_everywhere_the_same_is_drawn() -> None:
    for loss in (np.full((5, 5), np.nan), np.zeros((5, 5)), np.full((5, 5), 0.3)):
        low, high = log_range(loss.astype(np.float32))
        assert low < high
        assert np.isfinite(log_loss(loss.astype(np.float32), low, high)).all()


def test_the_picture_reaches_half_a_cell_beyond_the_first_and_last_loss(
    landscape: Landscape,
) -> None:
    left, bottom, right, top = bounds(landscape)
    assert (right - left) / 15 == pytest.approx(
        float(landscape.across[1] - landscape.across[0]), rel=1e-4
    )
    assert left < landscape.across[0]
    assert top > landscape.up[-1]
    assert bottom < 0 < top


def test_each_line_in_the_middle_has_one_number_on_it(landscape: Landscape) -> None:
    moved = replace(
        landscape, up=landscape.up + np.float32(5)
    )  # away from zero, which hides a sign
    labels = label_columns(moved, *contours(moved))
    left, bottom, right, top = bounds(moved)
    across = np.abs(labels["x"] - (left + right) / 2) / (right - left) * 2
    up = np.abs(labels["y"] - (bottom + top) / 2) / (top - bottom) * 2
    assert len(labels["text"]) >= 3
    assert len({*labels["text"]}) == len(labels["text"])
    assert max(across.max(), up.max()) <= MAX_LABEL_SHARE + 1e-6
