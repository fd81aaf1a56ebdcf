"""Synthetic handwriting: repeatable, evenly distributed, and distinguishable."""

from __future__ import annotations

from functools import cache

import numpy as np
import pytest
from sklearn.neighbors import KNeighborsClassifier

from playground.ink.mnist_picture import picture_from_strokes
from playground.pretraining.synthetic_handwriting import (
    SHAPES,
    digit_pictures,
    non_digit_pictures,
    write_digit,
)
from playground.pretraining.synthetic_handwriting.pen_paths import arc, chain, polyline, spline
from playground.pretraining.synthetic_handwriting.random_pen import RandomPen
from playground.pretraining.synthetic_handwriting.writing_style import apply_style
from tests.support.each_case import in_turn


def test_the_same_seed_gives_the_same_pages() -> None:
    for one, other in zip(digit_pictures(60, 3), digit_pictures(60, 3), strict=True):
        np.testing.assert_array_equal(one, other)
    np.testing.assert_array_equal(non_digit_pictures(20, 3), non_digit_pictures(20, 3))
    assert (digit_pictures(60, 3)[0] != digit_pictures(60, 4)[0]).any()


@cache
def many_pictures() -> tuple[np.ndarray, np.ndarray]:
    return digit_pictures(2000, 1)


def test_pages_hold_every_digit_about_equally_often() -> None:
    pictures, labels = many_pictures()
    assert (pictures.shape, pictures.dtype) == ((2000, 28, 28), np.uint8)
    assert (labels.shape, labels.dtype) == ((2000,), np.int64)
    assert (np.bincount(labels, minlength=10) > 140).all()
    assert (pictures.max(axis=(1, 2)) == 255).all()
    assert 0.05 < (pictures > 127).mean() < 0.25


@pytest.mark.parametrize("count", [0, 1, 7])
def test_any_number_can_be_asked_for(count: int) -> None:
    pictures, labels = digit_pictures(count, 0)
    assert pictures.shape == (count, 28, 28)
    assert labels.shape == (count,)
    assert non_digit_pictures(count, 0).shape == (count, 28, 28)


@in_turn("shape", SHAPES)
def test_every_shape_draws_for_any_number_of_writers(shape) -> None:
    for writers in (1, 5):
        pen = RandomPen(np.random.default_rng(2), writers)
        for path in apply_style(pen, shape.draw(pen)):
            assert path.shape[0] == writers
            assert path.shape[2] == 2
            assert np.isfinite(path).all()


@pytest.mark.parametrize("digit", range(10))
def test_written_strokes_lie_on_the_canvas_and_can_be_read(digit: int) -> None:
    rng = np.random.default_rng(digit)
    for _ in range(20):
        strokes = write_digit(digit, rng)
        points = np.concatenate([np.stack(stroke, axis=1) for stroke in strokes])
        assert points.min() >= -1e-9
        assert points.max() <= 1 + 1e-9
        assert picture_from_strokes(strokes).shape == (28, 28)


def test_digits_are_told_apart_by_their_shapes() -> None:
    pictures, labels = many_pictures()
    others, truth = digit_pictures(500, 2)
    nearest = KNeighborsClassifier(3).fit(pictures.reshape(2000, -1), labels)
    assert nearest.score(others.reshape(500, -1), truth) > 0.93


def test_a_smooth_path_goes_through_its_places_without_a_corner() -> None:
    pen = RandomPen(np.random.default_rng(0), 3)
    places = [pen.at(x, y, 0.0) for x, y in [(0, 0), (1, 0.2), (1, 1), (0, 0.8)]]
    path = spline(*places)
    for place in places:
        assert np.linalg.norm(path - place[:, None], axis=2).min(axis=1).max() < 0.06
    steps = np.diff(path[0], axis=0)
    turns = np.diff(np.unwrap(np.arctan2(steps[:, 1], steps[:, 0])))
    assert np.abs(turns).max() < 0.5


def test_straight_and_chained_paths_keep_their_corners() -> None:
    pen = RandomPen(np.random.default_rng(0), 2)
    a, b, c = pen.at(0, 0, 0), pen.at(1, 0, 0), pen.at(1, 1, 0)
    path = chain(polyline(a, b), polyline(b, c))
    np.testing.assert_allclose(path, polyline(a, b, c))
    np.testing.assert_allclose(np.linalg.norm(np.diff(path[0], axis=0), axis=1).sum(), 2)


def test_an_arc_is_a_piece_of_an_ellipse() -> None:
    path = arc(1.0, 2.0, 3.0, 4.0, 0.0, 0.25)[0]
    np.testing.assert_allclose(((path - [1, 2]) / [3, 4]) ** 2 @ [1, 1], 1)
    np.testing.assert_allclose(path[[0, -1]], [[4, 2], [1, 6]], atol=1e-12)
