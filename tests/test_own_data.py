"""Data of one's own as a problem: what is taken, what is refused, and how it is brought to size."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import array_shapes, arrays

from playground.errors import InputError
from playground.networks.architecture import Architecture
from playground.pages.own_data import OwnDataPage, gates_page, points_page
from playground.problems.tables.row_reader import read_rows
from playground.problems.tables.table_problem import TableProblem
from playground.problems.tables.tabular_data import MAX_ROWS, read_tabular_data
from playground.training.dense.trainer import Trainer
from playground.views.boundary import MAX_POINTS, near_plane, sample_columns
from tests.dense_frames import make_frame

# Panel 1.9.4 would have widgets called by their label, which its own `from_param` does not do yet.
pytestmark = pytest.mark.filterwarnings("ignore:Widget.name is deprecated")

RNG = np.random.default_rng(0)


def flowers(rows: int = 60) -> pd.DataFrame:
    """Three kinds that differ in two of three measures."""
    kinds = np.arange(rows) % 3
    return pd.DataFrame(
        {
            "length": 10 * kinds + RNG.normal(size=rows),
            "width": 1000 - 300 * kinds + 10 * RNG.normal(size=rows),
            "age": RNG.integers(1, 9, rows),
            "kind": np.array(["aster", "bellis", "crocus"])[kinds],
        }
    )


# What is taken ------------------------------------------------------------------------------


def test_the_last_column_is_learned_unless_another_says_so() -> None:
    table = flowers()
    assert read_tabular_data(table).target == "kind"
    numbers = table.drop(columns="kind")
    assert read_tabular_data(numbers.rename(columns={"width": "Label"})).target == "Label"
    assert read_tabular_data(numbers, target="width").names == ("length", "age")


def test_text_and_few_whole_numbers_are_classes_and_all_else_values() -> None:
    x = np.zeros((8, 2))
    for y, classes in (
        (["b", "a"] * 4, ("a", "b")),
        ([True, False] * 4, ("False", "True")),
        ([3, 1] * 4, ("1", "3")),
        ([3.0, 1.0] * 4, ("1", "3")),
        (pd.Categorical(["b", "a"] * 4), ("a", "b")),
        ([0.5, 1.0] * 4, ()),
        (range(8), ()),
    ):
        assert read_tabular_data((x, y)).classes == classes
    assert read_tabular_data((x, [0, 1] * 4), regression=True).classes == ()
    assert read_tabular_data((x, [0.5, 1.0] * 4), regression=False).classes == ("0.5", "1.0")
    assert read_tabular_data((x, ["a"] * 8)).classes == ("a", "not a")


@pytest.mark.parametrize(
    "pair",
    [
        ([[0, 1], [2, 3]], [0, 1]),
        (np.array([[0, 1], [2, 3]]), np.array([[0], [1]])),
        (torch.tensor([[0.0, 1], [2, 3]], requires_grad=True), torch.tensor([0, 1])),
        (pd.DataFrame({"a": [0, 2], "b": [1, 3]}).to_numpy(), pd.Series([0, 1])),
    ],
)
def test_pairs_of_all_kinds_are_the_same(pair: tuple[Any, Any]) -> None:
    data = read_tabular_data(pair)
    assert data.names == ("x1", "x2")
    np.testing.assert_array_equal(data.x, [[0, 1], [2, 3]])
    np.testing.assert_array_equal(data.y, [0, 1])


def test_a_table_is_a_mapping_too() -> None:
    assert read_tabular_data({"a": [1, 2, 3], "b": [4, 5, 6], "y": list("uvu")}).names == ("a", "b")


# What is refused ----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (3, "Give a DataFrame, or a pair"),
        ("table.csv", "Give a DataFrame, or a pair"),
        ((1, 2, 3), "Give a DataFrame, or a pair"),
        (pd.DataFrame(), "no columns"),
        ({"y": [0, 1]}, "0 inputs besides 'y'"),
        ((np.zeros((3, 2)), np.zeros(4)), "3 rows of inputs, and targets of the shape"),
        ((np.zeros((3, 2)), 1), "3 rows of inputs, and targets of the shape"),
        ((np.zeros((3, 2)), np.zeros((3, 2))), "2 targets a row"),
        ((np.zeros((3, 2, 2)), np.zeros(3)), "x has the shape"),
        ((np.zeros((3, 17)), np.zeros(3)), "17 inputs"),
        ((np.zeros((1, 2)), [1]), "1 rows"),
        ((np.zeros((MAX_ROWS + 1, 1)), np.zeros(MAX_ROWS + 1)), "100001 rows"),
        (([[1, 2], [3]], [0, 1]), "Not all rows are of one length"),
        (flowers().assign(place="Rome"), "Column 'kind' holds 'aster' where only numbers"),
        ((np.array([[1, np.nan], [2, 3]]), [0, 1]), "1 of 2 numbers are missing"),
        ((np.array([[1, np.inf], [2, 3]]), [0, 1]), "1 of 2 numbers are missing"),
        ((np.zeros((2, 1)), [0.5, np.nan]), "column 'y' 1 of 2 numbers are missing"),
        ((np.zeros((3, 1)), ["a", None, "b"]), "labels are missing"),
        ((np.zeros((2, 1)), pd.Series(["a", pd.NA])), "labels are missing"),
        ((np.zeros((7, 1)), list("abcdefg")), "7 different labels"),
        ({"t": pd.to_datetime(["2020-01-01"] * 2), "y": [0, 1]}, "not plain numbers"),
        ({"t": np.array([1j, 2j]), "y": [0, 1]}, "not plain numbers"),
    ],
)
def test_what_cannot_be_learned_is_refused_with_a_reason(data: Any, said: str) -> None:
    with pytest.raises(InputError, match=said):
        read_tabular_data(data)


def test_a_column_that_is_none_is_named() -> None:
    with pytest.raises(InputError, match="no column 'kinds'; there are 'length', 'width', 'age'"):
        read_tabular_data(flowers(), target="kinds")


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


# What becomes of it -------------------------------------------------------------------------


def test_inputs_are_standardised_and_answers_come_back_in_their_units() -> None:
    table = flowers()
    problem = TableProblem(table, train_ratio=1.0)
    x = problem.samples().train.x
    np.testing.assert_allclose(x.mean(axis=0), 0, atol=1e-6)
    np.testing.assert_allclose(x.std(axis=0), 1, atol=1e-6)
    order = table[["length", "width", "age"]]
    np.testing.assert_allclose(
        np.sort(problem.preprocessing.encode_inputs(order.to_numpy()), axis=0), np.sort(x, axis=0), atol=1e-6
    )
    np.testing.assert_array_equal(read_rows(table, problem.inputs), order)

    values = TableProblem(table.drop(columns="kind"), target="width", train_ratio=1.0)
    y = values.samples().train.y
    assert (y.min(), y.max()) == (-1, 1)
    back = values.preprocessing.decode_outputs(y[:, None])[:, 0]
    np.testing.assert_allclose(np.sort(back), np.sort(table.width), rtol=1e-5)


def test_a_truth_table_stays_as_it_is() -> None:
    problem = TableProblem(([[0, 0], [0, 1], [1, 0], [1, 1]], [0, 1, 1, 0]))
    assert (problem.plane.low, problem.plane.high) == (-0.5, 1.5)
    np.testing.assert_array_equal(problem.samples().train.x, [[0, 0], [0, 1], [1, 0], [1, 1]])
    assert len(problem.samples().test) == 0, "none can be spared"


def test_a_constant_column_and_a_single_one_do_no_harm() -> None:
    assert np.isfinite(
        TableProblem((np.ones((30, 2)) * 5, np.arange(30) % 2)).samples().train.x
    ).all()
    one = TableProblem((np.arange(30), np.arange(30) / 7))
    assert one.plane.axes == (0, 0)
    frame = Trainer(problem=one, architecture=Architecture(features=["x1"])).train(2)
    assert np.isfinite(frame.field).all()


def test_rows_are_parted_by_chance_and_again_alike() -> None:
    problem = TableProblem(flowers(), train_ratio=0.5)
    first = problem.samples()
    assert (len(first.train), len(first.test)) == (30, 30)
    assert problem.samples() is first
    problem.seed = 1
    assert not np.array_equal(problem.samples().train.x, first.train.x)
    problem.seed = 0
    np.testing.assert_array_equal(problem.samples().train.x, first.train.x)


def test_the_axes_are_two_different_inputs() -> None:
    problem = TableProblem(flowers(), up="length")
    assert (problem.across, problem.up) == ("width", "length")
    problem.across = "length"
    assert (problem.across, problem.up) == ("length", "width")
    problem.up = "age"
    assert problem.plane.axes == (0, 2)
    with pytest.raises(InputError, match="no input 'kind'"):
        problem.up = "kind"
    assert problem.up == "age"


def test_other_inputs_are_held_where_one_says() -> None:
    problem = TableProblem(flowers())
    assert problem.plane.pins == (0, 0, 0)
    problem.held = [0, 0, 1.5]
    assert problem.plane.pins == (0, 0, 1.5)
    with pytest.raises(InputError, match="can't be held at nan"):
        problem.held = [float("nan")]
    assert problem.plane.pins == (0, 0, 1.5)


def test_one_class_alone_is_remarked_upon() -> None:
    assert "nothing to tell apart" in str(TableProblem((np.zeros((30, 2)), ["a"] * 30)).remark)
    assert TableProblem(flowers()).remark is None


def test_all_samples_are_drawn_however_far_from_the_slice_but_not_too_many() -> None:
    problem = TableProblem(flowers())
    train = problem.samples().train
    assert near_plane(train, problem.plane).all()
    many = TableProblem((RNG.normal(size=(9000, 2)), RNG.normal(size=9000)), train_ratio=1.0)
    drawn = sample_columns(make_frame(), many.samples().train)
    assert 0.4 * MAX_POINTS < len(drawn["x"]) <= MAX_POINTS


# On a page ----------------------------------------------------------------------------------


def test_every_page_accepts_own_data() -> None:
    for page in (gates_page(data=flowers()), points_page(data=flowers()), OwnDataPage(flowers())):
        assert isinstance(page, OwnDataPage)
        assert page.architecture.features == ["length", "width", "age"]
    table = flowers().drop(columns="kind")
    page = gates_page(data=table, target="age", regression=True, hidden=[5], across="width")
    assert (page.trainer.problem.classes, page.hidden, page.across) == ((), [5], "width")


def test_a_page_learns_what_it_was_given_and_answers_in_its_units() -> None:
    table = flowers(90)
    page = OwnDataPage(table)
    assert page.train(epochs=60).test.accuracy == 1
    said = page.predict(table.iloc[:9])
    kinds = np.array(page.problem.classes)[said.argmax(1)]
    assert kinds.tolist() == table.kind[:9].tolist()

    values = OwnDataPage(table[["length", "age", "width"]], hidden=[8])
    values.train(epochs=200)
    np.testing.assert_allclose(values.predict(table[:9])[:, 0], table.width[:9], atol=60)


def test_batches_fit_the_rows() -> None:
    for rows, size in ((40, 10), (2000, 40), (90_000, 500)):
        page = OwnDataPage((RNG.normal(size=(rows, 1)), RNG.normal(size=rows)))
        assert page.batch_size == size


def test_a_hostile_name_is_no_html() -> None:
    page = OwnDataPage({"<b>a": [1.0, 2, 3], "y": ["<i>u", "v", "v"]}, target="y")
    shown = "".join(
        str(getattr(each, "object", "")) for each in page.__panel__().select(lambda each: True)
    )
    assert "<b>a" not in shown
    assert "<i>u" not in shown
