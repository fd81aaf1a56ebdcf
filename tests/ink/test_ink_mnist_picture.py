"""What the network sees does not depend on how large, where or in what order one draws."""

from __future__ import annotations

from itertools import product

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

from playground.errors import NoDigitError
from playground.ink.mnist_picture import picture_from_grey, picture_from_strokes
from playground.pretraining.synthetic_handwriting import digit_pictures, write_digit

Strokes = list[tuple[NDArray[np.float64], NDArray[np.float64]]]


def digit(seed: int) -> Strokes:
    return write_digit(seed % 10, np.random.default_rng(seed))


def scale_and_shift(strokes: Strokes, scale: float, x: float, y: float) -> Strokes:
    low = np.min([(xs.min(), ys.min()) for xs, ys in strokes], axis=0)
    size = max(np.ptp(np.concatenate(axis)) for axis in zip(*strokes, strict=True))
    scale = scale / size
    return [((xs - low[0]) * scale + x, (ys - low[1]) * scale + y) for xs, ys in strokes]


def difference(one: NDArray[np.uint8], other: NDArray[np.uint8]) -> int:
    return int(np.abs(one.astype(int) - other).max())


def centre(picture: NDArray[np.uint8]) -> tuple[float, float]:
    places = np.arange(28)
    ink = picture.astype(float)
    return float(ink.sum(0) @ places / ink.sum()), float(ink.sum(1) @ places / ink.sum())


@given(st.integers(0, 10_000), st.floats(0.25, 1), st.floats(-0.5, 0.75), st.floats(-0.5, 0.75))
def test_size_and_place_make_no_difference(seed: int, scale: float, x: float, y: float) -> None:
    strokes = digit(seed)
    assert (
        difference(
            picture_from_strokes(strokes),
            picture_from_strokes(scale_and_shift(strokes, scale, x, y)),
        )
        <= 2
    )


@given(st.integers(0, 10_000))
def test_order_and_direction_make_no_difference(seed: int) -> None:
    strokes = digit(seed)
    backwards = [(xs[::-1], ys[::-1]) for xs, ys in reversed(strokes)]
    assert difference(picture_from_strokes(strokes), picture_from_strokes(backwards)) <= 32


@given(st.integers(0, 10_000))
def test_how_often_the_pen_reports_makes_little_difference(seed: int) -> None:
    strokes = digit(seed)
    at = [np.linspace(0, len(xs) - 1, 6 * len(xs) - 5) for xs, _ in strokes]
    often = [
        (np.interp(t, range(len(xs)), xs), np.interp(t, range(len(ys)), ys))
        for t, (xs, ys) in zip(at, strokes, strict=True)
    ]
    assert difference(picture_from_strokes(strokes), picture_from_strokes(often)) <= 32


@given(st.integers(0, 10_000))
def test_pictures_are_placed_as_those_of_mnist(seed: int) -> None:
    picture = picture_from_strokes(digit(seed))
    rows, columns = np.flatnonzero(picture.any(1)), np.flatnonzero(picture.any(0))
    assert 20 <= max(np.ptp(rows), np.ptp(columns)) + 1 <= 21  # 20 px, on whole pixels or not
    assert centre(picture) == pytest.approx((14, 14), abs=0.2)
    assert picture.max() == 255


def test_an_upright_line_is_a_one() -> None:
    picture = picture_from_strokes([([0.1, 0.1], [0.1, 0.4])])
    assert np.count_nonzero(picture.any(axis=0)) <= 3
    assert picture.sum() / 255 == pytest.approx(18 * 2 + np.pi, rel=0.02)


def test_ink_stays_on_the_page() -> None:
    strokes = [([0, 1], [0, 0]), *[([0, 0.02], [0, y]) for y in np.linspace(0, 0.1, 30)]]
    strokes.append(([1, 1], [0, 1]))
    picture = picture_from_strokes(strokes)
    assert np.ptp(np.flatnonzero(picture.any(1))) >= 19
    assert np.ptp(np.flatnonzero(picture.any(0))) >= 19


@pytest.mark.parametrize("strokes", [[], [([], [])]])
def test_an_empty_canvas_is_said(strokes: Strokes) -> None:
    with pytest.raises(NoDigitError, match="empty"):
        picture_from_strokes(strokes)


@pytest.mark.parametrize("strokes", [[([0.5], [0.5])], [([0.5, 0.505], [0.5, 0.51])]])
def test_a_dot_is_said(strokes: Strokes) -> None:
    with pytest.raises(NoDigitError, match="only a dot"):
        picture_from_strokes(strokes)


def test_taps_beside_the_digit_are_left_out() -> None:
    one = [([0.2, 0.2], [0.2, 0.5])]
    tapped = [*one, ([0.9], [0.9]), ([0.9, 0.901], [0.1, 0.1])]
    np.testing.assert_array_equal(picture_from_strokes(tapped), picture_from_strokes(one))
    dotted = [([x], [y]) for x, y in [(0.2, 0.2), (0.2, 0.4), (0.25, 0.6)]]
    assert np.ptp(np.flatnonzero(picture_from_strokes(dotted).any(1))) >= 18


def test_a_tap_within_the_digit_is_part_of_it() -> None:
    turn = np.linspace(0, 2 * np.pi, 40)
    zero = [(0.5 + 0.2 * np.cos(turn), 0.5 + 0.3 * np.sin(turn))]
    assert picture_from_strokes([*zero, ([0.5], [0.5])])[14, 14] > 200
    assert picture_from_strokes(zero)[14, 14] == 0


def test_a_picture_of_the_right_size_and_place_comes_back_as_it_was() -> None:
    picture = np.zeros((28, 28), np.uint8)
    picture[4:24, 10:19] = 130
    picture[4:24, 14] = 255
    np.testing.assert_array_equal(picture_from_grey(picture / 255), picture)


@pytest.mark.parametrize("zoom", [2, 5, 20])
@pytest.mark.parametrize("margin", [0, 40])
def test_images_of_any_size_differ_by_no_more_than_a_pixel_of_place(zoom: int, margin: int) -> None:
    pictures, _ = digit_pictures(20, 4)
    for picture in pictures:
        large = np.kron(picture / 255, np.ones((zoom, zoom)))
        seen = picture_from_grey(np.pad(large, ((margin, 0), (0, 3 * margin)))).astype(int)
        usual = picture_from_grey(picture / 255)
        places = product((-1, 0, 1), repeat=2)
        assert min(np.abs(seen - np.roll(usual, by, (0, 1))).mean() for by in places) < 6


def test_a_line_one_pixel_wide_is_ink() -> None:
    ink = np.zeros((400, 300))
    ink[50:350, 120] = 1
    picture = picture_from_grey(ink)
    assert np.count_nonzero(picture.any(axis=1)) == 20


@pytest.mark.parametrize("shape", [(28, 28), (1, 1), (0, 5)])
def test_paper_alone_is_said(shape: tuple[int, int]) -> None:
    with pytest.raises(NoDigitError, match="no ink"):
        picture_from_grey(np.zeros(shape))
