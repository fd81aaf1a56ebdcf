"""Data of the user that cannot be learned: each is refused with a reason."""

from __future__ import annotations

import contextlib
from decimal import Decimal
from typing import Any

import numpy as np
import pandas as pd
import pytest
import torch
from hypothesis import example, given
from hypothesis import strategies as st
from hypothesis.extra.numpy import array_shapes, arrays

from playground.errors import InputError
from playground.problems.tables.row_reader import read_rows
from playground.problems.tables.table_problem import TableProblem
from playground.problems.tables.tabular_data import MAX_ROWS, read_tabular_data
from tests.support.training.flowers import flowers

# Panel 1.9.4 would have widgets called by their label, which its own `from_param` does not do yet.
pytestmark = pytest.mark.filterwarnings("ignore:Widget.name is deprecated")


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (3, "Give a DataFrame, or a pair"),
        ("table.csv", "Give a DataFrame, or a pair"),
        ((1, 2, 3), "Give a DataFrame, or a pair"),
        ([(1, 2, 0), (2, 3, 1)], "may be two rows, or x and y"),
        (pd.DataFrame(), "no columns"),
        ({"y": [0, 1]}, "0 inputs besides 'y'"),
        ((np.zeros((3, 2)), np.zeros(4)), "3 rows of inputs, and targets of the shape"),
        ((np.zeros((3, 2)), 1), "3 rows of inputs, and targets of the shape"),
        ((np.zeros((3, 2)), np.zeros((3, 2))), "2 targets a row"),
        ((np.zeros((3, 2, 2)), np.zeros(3)), "x has the shape"),
        ((np.zeros((3, 21)), np.zeros(3)), "21 inputs"),
        ((np.zeros((1, 2)), [1]), "1 rows"),
        ((np.zeros((MAX_ROWS + 1, 1)), np.zeros(MAX_ROWS + 1)), "100001 rows"),
        (([[1, 2], [3]], [0, 1]), "Not all rows are of one length"),
        (
            {"a": np.array(["u", 1.0, "v"], object), "y": [0, 1, 0]},
            "Column 'a' holds 'u' where only numbers",
        ),
        ({"a": [*map(chr, range(65, 78))], "y": [0] * 13}, "'A' and 12 other texts"),
        ({name: list("abcdefghijkl") for name in "pqrs"} | {"y": [0] * 12}, "there are 48 inputs"),
        ({"a=u": range(2), "a": ["u", "v"], "y": [0, 1]}, "name of a category"),
        ((np.array([[np.nan, 1], [np.nan, 3]]), [0, 1]), "All values in column 'x1'"),
        ((np.array([[1, np.inf], [2, 3]]), [0, 1]), "larger than 1e.30"),
        ((np.zeros((2, 1)), [0.5, np.nan]), "column 'y' 1 of 2 numbers are missing"),
        ((np.zeros((3, 1)), ["a", None, "b"]), "labels are missing"),
        ((np.zeros((2, 1)), pd.Series(["a", pd.NA])), "labels are missing"),
        ((np.zeros((13, 1)), list("abcdefghijklm")), "13 different labels"),
        ({"t": pd.to_datetime(["2020-01-01"] * 2), "y": [0, 1]}, "not plain numbers"),
        ({"t": np.array([1j, 2j]), "y": [0, 1]}, "not plain numbers"),
        ({"a": [1, 2, 3], "b": [1, 2], "y": [0, 1, 0]}, "'a' has 3, 'b' has 2"),
        ((np.zeros((2, 1)), np.ma.masked_equal([1, 2], 2)), "1 of 2 numbers are missing"),
        (
            {"id": np.arange(3) + 2**62, "y": [0, 1, 0]},
            "such as 4611686018427387906, that some are",
        ),
        ({"id": [10**20, 10**20 + 1], "y": [0, 1]}, "subtract their smallest"),
        (
            {"id": pd.array([2**62, None, 2**62 + 1], dtype="Int64"), "y": [0, 1, 0]},
            "such as 4611686018427387905, that some are",
        ),
        ({"id": [Decimal(10**20), Decimal(10**20 + 1)], "y": [0, 1]}, "subtract their smallest"),
        ((torch.zeros(2, 1, device="meta"), [0, 1]), "can't be read as an array"),
        (pd.DataFrame(np.zeros((2, 2)), columns=["a", "a"]), "can't be read.* unique"),
        ({1: [1, 2], "1": [1, 2], "y": [0, 1]}, "Two columns are called '1'"),
        ({"a": [1, 2, 3], "y": pd.Series([1, "1", "u"], dtype=object)}, "'1' both as int and as"),
        ({"a": pd.Categorical([1, "1"]), "y": [0, 1]}, "'1' both as int and as str"),
        ({"a": [1, 2, 3], "y": [True, "True", "u"]}, "'True' both as bool and as str"),
        ((np.zeros((2, 1)), [[1], [2, 3]]), "not of one length|one length"),
        ((np.zeros((2, 1)), ["a", np.zeros(2)]), "not of one length|one length"),
        ((np.zeros((2, 1)), {}), "targets has no columns"),
    ],
)
def test_what_cannot_be_learned_is_refused_with_a_reason(data: Any, said: str) -> None:
    with pytest.raises(InputError, match=said):
        read_tabular_data(data)


def test_a_column_that_is_none_is_named() -> None:
    with pytest.raises(InputError, match="no column 'kinds'; there are 'length', 'width', 'age'"):
        read_tabular_data(flowers(), target="kinds")


ODD = st.recursive(
    st.one_of(
        st.none(),
        st.booleans(),
        st.floats(),
        st.integers(-(10**400), 10**400),
        st.text(max_size=3),
        st.binary(max_size=3),
        st.sampled_from(
            [
                pd.NA,
                pd.NaT,
                np.ma.masked,
                object(),
                torch.zeros(3),
                torch.zeros(2, 2).to_sparse(),
                torch.ones(3, dtype=torch.complex64),
                pd.Series([1, 2, None], dtype="Int64"),
                pd.Categorical(["a", "b", "a"]),
                np.ma.masked_all((3, 2)),
                pd.DataFrame({"a": [1, 2, 3]}),
                pd.DataFrame(),
                range(3),
                np.array([{}, 1, "a"], object),
            ]
        ),
    ),
    lambda inner: st.one_of(
        st.lists(inner, max_size=3),
        st.tuples(inner, inner),
        st.dictionaries(st.text(max_size=2), inner, max_size=3),
    ),
    max_leaves=8,
)


@pytest.mark.fuzz
@example(data=((None, None), (None, np.ma.masked)), target=None)
@example(data=[torch.ones(3, dtype=torch.complex64)], target=None)
@example(data={"": b"\x80", "0": ""}, target=None)
@given(data=ODD, target=st.one_of(st.none(), st.integers(-3, 3), st.text(max_size=1)))
def test_odd_data_are_refused_in_a_sentence(data: Any, target: Any) -> None:
    for read in (
        lambda: TableProblem(data, target),
        lambda: TableProblem(([[0, 1], [1, 0], [2, 2]], data)),
        lambda: read_rows(data, ("a", "b")),
    ):
        with contextlib.suppress(InputError):  # and nothing else
            read()


@given(
    x=arrays(
        st.sampled_from([np.float64, np.float32, np.int64, np.bool_, "U3", object]),
        array_shapes(min_dims=0, max_dims=3, max_side=6),
    ),
    y=st.one_of(
        st.lists(st.one_of(st.none(), st.floats(), st.integers(), st.text(max_size=3)), max_size=8),
        arrays(np.float64, array_shapes(min_dims=0, max_dims=2, max_side=6)),
    ),
)
def test_whatever_comes_is_refused_or_can_be_learned(x: Any, y: Any) -> None:
    try:
        problem = TableProblem((x, y))
    except InputError:
        return
    split = problem.samples()
    assert np.isfinite(split.train.x).all()
    assert len(split.train) + len(split.test) == len(problem.data)
    assert problem.plane.low < problem.plane.high
