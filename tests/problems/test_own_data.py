"""Data of the user: which tables and arrays are taken, and how."""

from __future__ import annotations

import io
from decimal import Decimal
from typing import Any

import numpy as np
import pandas as pd
import pytest
import torch

from playground.errors import InputError
from playground.pages.own_data import OwnDataPage, gates_page, points_page
from playground.problems.points.point_set import PointSet
from playground.problems.points.points import Points
from playground.problems.tables.row_reader import read_rows
from playground.problems.tables.saved_points import write_points
from playground.problems.tables.table_problem import TableProblem
from playground.problems.tables.tabular_data import read_tabular_data, read_test_data
from tests.support.training.flowers import flowers, trainer_of

# Panel 1.9.4 would have widgets called by their label, which its own `from_param` does not do yet.
pytestmark = pytest.mark.filterwarnings("ignore:Widget.name is deprecated")
RNG = np.random.default_rng(0)


# What is taken ----------------------------------------------------------------------------------


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


# On a page --------------------------------------------------------------------------------------


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
