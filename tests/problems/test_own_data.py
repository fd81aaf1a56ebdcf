"""Data of one's own as a problem: what is taken, what is refused, and how it is brought to size."""

from __future__ import annotations

import contextlib
import io
from collections.abc import Sequence
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
from playground.networks.architecture import Architecture
from playground.pages.cards.answer_html import point_answer_html
from playground.pages.own_data import OwnDataPage, gates_page, points_page
from playground.pages.shell.transport import header_numbers
from playground.problems.points.point_set import PointSet
from playground.problems.points.points import Points
from playground.problems.tables.row_reader import read_rows
from playground.problems.tables.saved_points import write_points
from playground.problems.tables.table_problem import TableProblem
from playground.problems.tables.tabular_data import MAX_ROWS, read_tabular_data, read_test_data
from playground.training.dense.trainer import Trainer
from playground.training.training import Training
from playground.views.boundary import (
    MAX_POINTS,
    BoundaryChoices,
    near_plane,
    properties,
    sample_columns,
)
from playground.views.theme import LIGHT
from tests.support.training.dense_frames import make_frame

# Panel 1.9.4 would have widgets called by their label, which its own `from_param` does not do yet.
pytestmark = pytest.mark.filterwarnings("ignore:Widget.name is deprecated")

CHOICES = BoundaryChoices(discretise=False, show_test=False, unit=None, pointer=None)
RNG = np.random.default_rng(0)


def flowers(rows: int = 60) -> pd.DataFrame:
    """Three kinds that differ in two of three measures."""
    kinds, rng = np.arange(rows) % 3, np.random.default_rng(rows)
    return pd.DataFrame(
        {
            "length": 10 * kinds + rng.normal(size=rows),
            "width": 1000 - 300 * kinds + 10 * rng.normal(size=rows),
            "age": rng.integers(1, 9, rows),
            "kind": np.array(["aster", "bellis", "crocus"])[kinds],
        }
    )


def trainer_of(data: Any, hidden: Sequence[int] = (8,), **choices: Any) -> Trainer:
    """Return a trainer with the settings of the page about one's own data."""
    problem = TableProblem(data, **choices)
    architecture = Architecture(features=list(problem.inputs), hidden=list(hidden))
    return Trainer(problem, architecture, Training(learning_rate=0.02, batch_size=10))


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


@pytest.mark.parametrize("library", ["pandas", "polars", "pyarrow", "numpy"])
def test_tables_of_all_libraries_are_the_same(library: str) -> None:
    columns = {"a": [0.5, 1.5, 2.5], "b": [1, 0, 2], "kind": ["u", "v", "u"]}
    module = pytest.importorskip(library)
    if library == "numpy":
        types = [("a", float), ("b", int), ("kind", "U1")]
        table = np.array([*zip(*columns.values(), strict=True)], types)
    else:
        table = module.table(columns) if library == "pyarrow" else module.DataFrame(columns)
    data = read_tabular_data(table)
    assert (data.names, data.target, data.classes) == (("a", "b"), "kind", ("u", "v"))
    np.testing.assert_array_equal(data.x, [[0.5, 1], [1.5, 0], [2.5, 2]])
    np.testing.assert_array_equal(read_rows(table, ("b", "a")), data.x[:, ::-1])
    frame = (
        table[["a", "b"]]
        if library == "numpy"
        else table.select(["a", "b"])
        if (library != "pandas")
        else table[["a", "b"]]
    )
    pair = read_tabular_data((frame, [0.1, 0.2, 0.3]))
    assert (pair.names, pair.target, pair.classes) == (("a", "b"), "y", ())


@pytest.mark.parametrize("library", ["pandas", "polars", "pyarrow"])
def test_what_is_missing_is_so_in_each_library(library: str) -> None:
    module = pytest.importorskip(library)
    columns = {
        "whole": [1, None, 3, 4],
        "real": [0.5, 1.5, None, 2.5],
        "truth": [True, None, False, True],
        "word": ["u", "v", None, "u"],
        "kind": ["u", "v", None, "u"],
        "exact": [Decimal("0.5"), Decimal("1.5"), None, Decimal("2.5")],
        "y": [0.1, 0.2, 0.3, 0.4],
    }
    if library == "pandas":
        table = module.DataFrame(columns).astype({"kind": "category"})
    elif library == "polars":
        table = module.DataFrame(columns).with_columns(module.col("kind").cast(module.Categorical))
    else:
        kinds = module.array(columns["kind"]).dictionary_encode()
        table = module.table({**columns, "kind": kinds})
    problem = TableProblem(table)
    gap = np.nan
    expected = [
        [1, 0.5, 1, 1, 0, 1, 0, 0.5],
        [gap, 1.5, gap, 0, 1, 0, 1, 1.5],
        [3, gap, 0, gap, gap, gap, gap, gap],
        [4, 2.5, 1, 1, 0, 1, 0, 2.5],
    ]
    np.testing.assert_array_equal(problem.data.x, expected)
    np.testing.assert_array_equal(
        read_rows(table, problem.inputs, problem.preprocessing), problem.data.x
    )


@pytest.mark.parametrize("library", ["polars", "pyarrow"])
def test_targets_of_other_libraries(library: str) -> None:
    module = pytest.importorskip(library)
    values = [0.5, 1.5, 2.5]
    if library == "polars":
        sizes = module.Series("size", ["m", "s", "l"], module.Enum(["s", "m", "l"]))
        assert read_tabular_data((module.DataFrame({"a": values}), sizes)).classes == (
            *("s", "m", "l"),
        )
        targets = [
            module.Series(values),
            module.Series("y", values),
            module.DataFrame({"y": values}),
        ]
        x = module.LazyFrame({"a": values})
    else:
        targets = [module.array(values), module.chunked_array([values[:1], values[1:]])]
        x = module.table({"a": values})
    for each in targets:
        data = read_tabular_data((x, each))
        assert (data.names, data.target, data.classes) == (("a",), "y", ())
        np.testing.assert_array_equal(data.y, values)


def test_exact_numbers_are_values_as_others_are() -> None:
    table = {"a": [1, 2, 3], "y": [Decimal("1.5"), Decimal("2.5"), Decimal("1.5")]}
    data = read_tabular_data(table)
    assert data.classes == ()
    np.testing.assert_array_equal(data.y, [1.5, 2.5, 1.5])
    with pytest.raises(InputError, match="In column 'y' 1 of 3 numbers are missing"):
        read_tabular_data({**table, "y": [Decimal("NaN"), Decimal(1), Decimal(2)]})


@pytest.mark.parametrize(
    "texts", [["1,5", "2,5"], ["1.234,5", "2"], ["12 %", "3 %"], ["\u22123", "4"], ["2024-01-05"]]
)
def test_numbers_that_only_a_person_reads_are_no_categories(texts: list[str]) -> None:
    table = pd.DataFrame({"a": texts * 2, "y": [0, 1] * len(texts)})
    with pytest.raises(InputError, match=f"'a' holds numbers as text, such as '{texts[0]}'"):
        read_tabular_data(table)
    with pytest.raises(InputError, match="where only numbers are allowed"):
        read_test_data(table, read_tabular_data({"a": [1, 2], "y": [0, 1]}))
    kinds = read_tabular_data(table.astype({"a": "category"}))
    assert (len(kinds.names), kinds.remark) == (len(texts), None)


@pytest.mark.parametrize(
    ("table", "said"),
    [
        (
            {"zip": ["01", "02", "03"], "y": [1, 0, 1]},
            "The texts under 'zip' were read as numbers.",
        ),
        (
            {"a": ["1.5", "2.5", "?"], "y": [1, 0, 1]},
            "'a' holds numbers and words such as '?': each is a category.",
        ),
        (
            {"a": [1, 2, 3], "y": ["1,5", "2,5", "1,5"]},
            "'y' holds numbers as text, such as '1,5': each is a class. To learn values, convert "
            "them to numbers.",
        ),
        ({"a": [1, 2, 3], "y": ["0", "1", "0"]}, None),
        ({"a": [1, 2, 3], "y": ["v1.0", "1.1", "v1.0"]}, None),
        ({"a": ["u", "v", "u"], "y": [1, 0, 1]}, None),
        ({"a": ["true", "false", "true"], "y": [1, 0, 1]}, None),
        ({"a": [1, None, 3], "y": [1, 0, 1]}, None),
    ],
)
def test_what_texts_were_taken_for_is_said(table: dict[str, Any], said: str | None) -> None:
    assert TableProblem(pd.DataFrame(table)).remark == said


def test_a_word_among_many_numbers_is_named() -> None:
    with pytest.raises(InputError, match=r"holds '\?' and 30 other texts"):
        read_tabular_data({"power": [*map(str, range(30)), "?"], "y": [0.5] * 31})


def test_a_frame_and_a_series_keep_their_names() -> None:
    x, y = pd.DataFrame({"a": [1, 2], "b": [3, 4]}), pd.Series([0.5, 1.5], name="price")
    data = read_tabular_data((x, y))
    assert (data.names, data.target) == (("a", "b"), "price")
    assert read_tabular_data((pd.Series([1, 2], name="age"), y)).names == ("age",)
    with pytest.raises(InputError, match="both called 'a'"):
        read_tabular_data((x, y.rename("a")))
    assert data.remark is None
    assert "give y.loc[x.index]" in str(read_tabular_data((x, y[::-1])).remark)
    assert read_tabular_data((x, y.set_axis([7, 8]))).remark is None


def test_numbered_columns_and_places_name_a_target() -> None:
    numbers = pd.DataFrame([[0.5, 1.5, 0], [1.5, 2.5, 1], [3.5, 0.5, 0]])
    assert read_tabular_data(numbers).target == "2"
    assert read_tabular_data(numbers, target=0).target == "0"
    named = numbers.set_axis(["a", "b", "c"], axis=1)
    assert [read_tabular_data(named, target=place).target for place in (0, -2)] == ["a", "b"]
    assert read_tabular_data(numbers.to_numpy(), target=1).names == ("x1", "x3")
    for wrong in (3, "d", True):
        with pytest.raises(InputError, match="no column"):
            read_tabular_data(named, target=wrong)
    problem = TableProblem(numbers)
    np.testing.assert_array_equal(
        read_rows(numbers, problem.inputs), read_rows(numbers[[0, 1]], problem.inputs)
    )


def test_one_hot_rows_and_ordered_categories_are_classes() -> None:
    x = np.zeros((3, 1))
    one_hot = [[0, 1, 0], [1, 0, 0], [0, 0, 1]]
    for y in (one_hot, np.array(one_hot), torch.tensor(one_hot)):
        data = read_tabular_data((x, y))
        assert (data.classes, data.y.tolist()) == (("0", "1", "2"), [1, 0, 2])
    named = read_tabular_data((x, pd.DataFrame(one_hot, columns=["low", "high", "mid"])))
    assert (named.classes, named.y.tolist()) == (("low", "high", "mid"), [1, 0, 2])
    sizes = pd.Categorical(["m", "s", "l"], categories=["s", "m", "l"], ordered=True)
    for y in (sizes, pd.Series(sizes)):
        data = read_tabular_data((x, y))
        assert (data.classes, data.y.tolist()) == (("s", "m", "l"), [1, 0, 2])
    with pytest.raises(InputError, match="3 targets a row"):
        read_tabular_data((x, one_hot), regression=True)


@pytest.mark.parametrize("shape", ["circle", "plane"])
def test_the_pages_own_download_is_learned_by_its_label(shape: str) -> None:
    csv = write_points(PointSet(Points(shape=shape).snapshot()))
    data = read_tabular_data(pd.read_csv(io.StringIO(csv)))
    assert data.names == ("x", "y")
    assert data.target == ("value" if shape == "plane" else "label")
    assert "without" in str(data.remark)
    coordinates = {"x": [1.0, 2], "y": [2.0, 1], "label": ["a", "b"]}
    assert read_tabular_data(coordinates).target == "label"


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


# What becomes of it -------------------------------------------------------------------------


def test_inputs_are_standardised_and_answers_come_back_in_their_units() -> None:
    table = flowers()
    problem = TableProblem(table, train_ratio=1.0)
    x = problem.samples().train.x
    np.testing.assert_allclose(x.mean(axis=0), 0, atol=1e-6)
    np.testing.assert_allclose(x.std(axis=0), 1, atol=1e-6)
    order = table[["length", "width", "age"]]
    np.testing.assert_allclose(
        np.sort(problem.preprocessing.encode_inputs(order.to_numpy()), axis=0),
        np.sort(x, axis=0),
        atol=1e-6,
    )
    np.testing.assert_array_equal(read_rows(table, problem.inputs), order)

    values = TableProblem(table.drop(columns="kind"), target="width", train_ratio=1.0)
    y = values.samples().train.y
    assert (y.min(), y.max()) == (-1, 1)
    back = values.preprocessing.decode_outputs(y[:, None])[:, 0]
    np.testing.assert_allclose(np.sort(back), np.sort(table.width), rtol=1e-5)


def test_statistics_are_those_of_the_training_rows_only() -> None:
    x = np.concatenate([np.arange(40.0), np.full(40, 1e6)])
    problem = TableProblem((x, np.arange(80) % 2), train_ratio=0.5)
    train, _test = problem.split_data()
    scaler = problem.preprocessing.inputs
    np.testing.assert_allclose(scaler.offset, train.x.mean(axis=0))
    np.testing.assert_allclose(scaler.scale, train.x.std(axis=0))
    before = problem.preprocessing
    assert problem.preprocessing is before
    problem.seed = 1
    assert problem.preprocessing is not before


def test_standardisation_can_be_switched_off() -> None:
    table = flowers().drop(columns="kind")
    trainer = trainer_of(table, target="width", standardise=False, hidden=[2])
    problem = trainer.problem
    train, _test = problem.split_data()
    np.testing.assert_array_equal(problem.samples().train.x, train.x.astype(np.float32))
    np.testing.assert_array_equal(problem.samples().train.y, train.y.astype(np.float32))
    np.testing.assert_array_equal(
        trainer.predict(table), trainer.predict(table.to_numpy()[:, [0, 2]])
    )
    plane = problem.plane
    assert -5 < plane.low < plane.high < 5, "the picture is in standard deviations"
    np.testing.assert_allclose(
        plane.coordinates(train.x.astype(np.float32)).std(axis=0), 1, atol=1e-5
    )
    problem.standardise = True
    assert abs(problem.samples().train.y).max() == 1


@pytest.mark.parametrize("size", [0.1, 5.0, 1.7e9, 1e29])
def test_constant_columns_are_0_and_nearly_constant_ones_keep_their_digits(size: float) -> None:
    steps = np.arange(30.0)
    nearly = size + steps * np.spacing(size)
    problem = TableProblem(np.column_stack([np.full(30, size), nearly, steps % 3]), train_ratio=1.0)
    x = problem.samples().train.x
    np.testing.assert_array_equal(x[:, 0], 0)
    assert len(np.unique(x[:, 1])) == 30
    assert x[:, 1].std() == pytest.approx(1, abs=1e-3)


def test_time_stamps_are_predicted_as_exactly_as_they_are_learned() -> None:
    rng = np.random.default_rng(0)
    x = rng.normal(size=(60, 2))
    y = (x.sum(1) > 0).astype(int)
    x[:, 0] = 1.7e9 + 50 * x[:, 0]
    trainer = trainer_of((x, y))
    trainer.train(100)
    assert ((trainer.predict(x)[:, 1] > 0.5) == y).all()
    times = trainer_of((y, x[:, 0]), hidden=[])
    assert times.predict([[0], [1]]).dtype == np.float64


def test_errors_of_values_are_told_in_their_units() -> None:
    table = flowers(90)[["length", "age", "width"]]
    page = OwnDataPage(table, hidden=[8])
    frame = page.train(50)
    train, test = page.problem.split_data()
    for errors, data in zip(frame.errors, (train, test), strict=True):
        missed = page.predict(data.x)[:, 0] - data.y
        assert errors.mean_absolute == pytest.approx(np.abs(missed).mean(), rel=1e-4)
        assert errors.root_mean_square == pytest.approx(np.sqrt((missed**2).mean()), rel=1e-4)
        assert errors.r2 == pytest.approx(1 - (missed**2).mean() / data.y.var(), rel=1e-4)
    text = frame.preprocessing.targets.format(frame.errors[1].mean_absolute)
    assert ("mean test error", text) in header_numbers(frame)
    read = point_answer_html(frame, (0.0, 0.0), np.zeros(1, np.float32))
    assert f"length = {train.x[:, 0].mean():.2f}"[:12] in read
    assert f"<b>{(train.y.min() + train.y.max()) / 2:,.0f}</b>" in read
    shown = "".join(str(getattr(each, "object", "")) for each in page.__panel__().select())
    assert "<b>length</b>: mean" in shown
    found = properties(frame, LIGHT, **CHOICES)
    assert found["0.xaxis.axis_label"] == "length"
    for place, label in found["0.xaxis.major_label_overrides"].items():
        assert float(label.replace("−", "-")) == pytest.approx(
            frame.places.inverse_transform_value(place, 0)
        )


@pytest.mark.parametrize(
    ("rows", "said"),
    [
        ([[1.0, 2.0]], "rows of 3 inputs"),
        (np.ma.masked_equal([[1.0, 2.0, 3.0]], 2.0), "'width' 1 of 1 numbers are missing"),
        ([["a", "b", "c"]], "holds 'a' where only numbers"),
        (pd.DataFrame({"length": [1.0], "age": [2.0]}), "no column 'width'"),
        ({"length": [1.0], "age": [2.0], "width": [1.0, 2.0]}, "equally many rows"),
        (None, "rows of 3 inputs"),
        ([[1, 2, 3], [4]], "Not all rows are of one length"),
    ],
)
def test_rows_that_cannot_be_predicted_are_refused(rows: Any, said: str) -> None:
    with pytest.raises(InputError, match=said):
        read_rows(rows, ("length", "width", "age"))


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
    train, _test = problem.split_data()
    assert problem.held_values() == pytest.approx([*np.median(train.x, axis=0)])
    problem.hold("age", 4)
    assert problem.held_values()[2] == pytest.approx(4)
    assert problem.plane.pins[2] == pytest.approx((4 - train.x[:, 2].mean()) / train.x[:, 2].std())
    with pytest.raises(InputError, match="no column 'kind'"):
        problem.hold("kind", 1)
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
    page = points_page(data=flowers(2000))
    assert isinstance(page, OwnDataPage)
    assert page.architecture.features == ["length", "width", "age"]
    assert page.batch_size == 40
    table = flowers().drop(columns="kind")
    page = gates_page(data=table, target="age", regression=True, hidden=[5], across="width")
    assert isinstance(page, OwnDataPage)
    assert page.batch_size == 10
    assert (page.trainer.problem.classes, page.hidden, page.across) == ((), [5], "width")


def test_a_page_learns_what_it_was_given_and_answers_in_its_units() -> None:
    table = flowers(90)
    page = OwnDataPage(table)
    assert page.train(epochs=60).test.accuracy == 1
    said = page.predict(table.iloc[:9])
    kinds = np.array(page.problem.classes)[said.argmax(1)]
    assert kinds.tolist() == table.kind[:9].tolist()

    values = trainer_of(table[["length", "age", "width"]])
    values.train(epochs=200)
    assert np.abs(values.predict(table)[:, 0] - table.width).mean() < 30


def test_many_rows_get_large_batches() -> None:
    rows = 90_000
    page = OwnDataPage((RNG.normal(size=(rows, 1)), RNG.normal(size=rows)))
    assert page.batch_size == 500


def test_a_hostile_name_is_no_html() -> None:
    page = OwnDataPage({"<b>a": [1.0, 2, 3], "y": ["<i>u", "v", "v"]}, target="y")
    shown = "".join(
        str(getattr(each, "object", "")) for each in page.__panel__().select(lambda each: True)
    )
    assert "<b>a" not in shown
    assert "<i>u" not in shown
