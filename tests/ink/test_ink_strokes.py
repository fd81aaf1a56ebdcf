"""Strokes from outside: what is accepted, what is refused and how."""

from __future__ import annotations

from itertools import repeat

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from playground import predict
from playground.errors import InputError
from playground.ink.strokes import MAX_COORDINATE, MAX_POINTS, MAX_STROKES, parse_strokes

anything = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=3) | st.binary(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=2), inner),
    max_leaves=12,
)


def test_lists_tuples_and_arrays_become_points() -> None:
    first, second = parse_strokes([([0, 1], [0.5, 0.25]), (np.array([0.1]), (0.2,))])
    assert first.dtype == np.float64
    assert first.tolist() == [[0.0, 0.5], [1.0, 0.25]]
    assert second.tolist() == [[0.1, 0.2]]


def test_strokes_without_points_are_left_out() -> None:
    assert parse_strokes([([], []), ([0.5], [0.5]), ((), ())])[0].tolist() == [[0.5, 0.5]]
    assert parse_strokes([]) == []


def test_points_outside_the_canvas_are_kept() -> None:
    assert parse_strokes([([-0.2, 1.4], [3, -1])])[0].tolist() == [[-0.2, 3.0], [1.4, -1.0]]


@pytest.mark.parametrize(
    ("strokes", "message"),
    [
        ("digit", "list of strokes"),
        (None, "list of strokes"),
        (7, "list of strokes"),
        ([3], r"Stroke 1 is not a pair"),
        ([([0], [0]), ([1], [2], [3])], r"Stroke 2 is not a pair"),
        ([([0, 1], [0])], "2 xs but 1 ys"),
        ([([0, float("nan")], [0, 1])], "xs of stroke 1 hold a value that is not finite"),
        ([([0, 1], [0, float("inf")])], "ys of stroke 1 hold a value that is not finite"),
        ([(["a"], [1])], "plain numbers"),
        ([([1], [1j])], "plain numbers"),
        ([([[1]], [[1]])], "plain numbers"),
        ([([[1], [1, 2]], [1, 2])], "plain numbers"),
        ([([10**400], [1])], "plain numbers"),
        ([([0.5], [MAX_COORDINATE])], r"reach 1e\+03"),
    ],
)
def test_what_cannot_be_strokes_is_refused(strokes: object, message: str) -> None:
    with pytest.raises(InputError, match=message):
        parse_strokes(strokes)


def test_the_number_of_points_is_limited() -> None:
    half = np.zeros(MAX_POINTS // 2)
    assert len(parse_strokes([(half, half)] * 2)) == 2
    with pytest.raises(InputError, match="more than 20,000 points, from stroke 3 on"):
        parse_strokes([(half, half), (half, half), ([0], [0])])
    with pytest.raises(InputError, match="Stroke 1 has 1,000,000 ys; at most 20,000"):
        parse_strokes([([0], range(1_000_000))])


def test_the_number_of_strokes_is_limited_before_any_of_them_is_read() -> None:
    dot = ([0.5], [0.5])
    assert len(parse_strokes([dot] * MAX_STROKES)) == MAX_STROKES
    with pytest.raises(InputError, match=r"20,000 strokes.* at most 200"):
        predict([dot] * 20_000)
    with pytest.raises(InputError, match="at most 200"):
        parse_strokes(repeat(dot))


@pytest.mark.fuzz
@given(anything)
def test_nothing_else_is_ever_raised(strokes: object) -> None:
    try:
        lines = parse_strokes(strokes)
    except InputError:
        return
    assert all(line.ndim == 2 and np.isfinite(line).all() for line in lines)
