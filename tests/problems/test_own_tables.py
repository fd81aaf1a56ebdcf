"""Tables as people have them: categories, gaps, many columns and classes, test rows."""

from __future__ import annotations

import asyncio
from collections import Counter
from typing import Any

import numpy as np
import pandas as pd
import panel as pn
import param
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.sparse import csr_matrix

from playground.errors import InputError
from playground.export.report import report
from playground.networks.architecture import Architecture
from playground.pages.own_data import OwnDataPage
from playground.pages.own_data.own_data_card import held_inputs
from playground.problems.tables.csv.csv_columns import read_csv_columns
from playground.problems.tables.csv.csv_table import open_csv
from playground.problems.tables.row_reader import read_rows
from playground.problems.tables.split_rows import split_rows
from playground.problems.tables.table_problem import TableProblem
from playground.problems.tables.table_sentences import missing_sentence, split_sentence
from playground.problems.tables.tabular_data import read_tabular_data, read_test_data
from playground.training.dense.trainer import Trainer
from playground.views.boundary import BoundaryChoices, columns
from playground.views.theme import LIGHT
from tests.support.widgets import text, widget, widgets

# Panel 1.9.4 would have widgets called by their label, which its own `from_param` does not do yet.
pytestmark = pytest.mark.filterwarnings("ignore:Widget.name is deprecated")

CHOICES = BoundaryChoices(discretise=False, show_test=False, unit=None, pointer=None)


def passengers(rows: int = 80) -> pd.DataFrame:
    """Numbers, of which some are missing, two columns of categories, and a class."""
    rng = np.random.default_rng(rows)
    table = pd.DataFrame(
        {
            "age": rng.normal(30, 10, rows).round(),
            "fare": rng.exponential(30, rows),
            "sex": rng.choice(["male", "female"], rows),
            "port": rng.choice(["C", "Q", "S"], rows, p=[0.2, 0.2, 0.6]),
            "survived": rng.integers(0, 2, rows),
        }
    )
    table.loc[rng.permutation(rows)[:12], "age"] = np.nan
    table.loc[5, "port"] = None
    return table


# Categories -----------------------------------------------------------------------------------


def test_categories_are_one_hot_and_not_standardised() -> None:
    table = passengers()
    problem = TableProblem(table)
    assert problem.inputs == (
        *("age", "fare", "sex=female", "sex=male"),
        *("port=C", "port=Q", "port=S"),
    )
    one_hot = problem.samples().train.x[:, 2:]
    assert set(np.unique(one_hot)) == {0, 1}
    np.testing.assert_array_equal(one_hot[:, :2].sum(axis=1), 1)
    np.testing.assert_array_equal(one_hot[:, 2:].sum(axis=1), 1)
    assert problem.axis_choices == ("age", "fare")
    sizes = pd.Categorical(["m", "s", "l"], categories=["s", "m", "l"], ordered=True)
    assert read_tabular_data({"size": sizes, "y": [0, 1, 0]}).names == (
        "size=s",
        "size=m",
        "size=l",
    )
    assert read_tabular_data({"a": ["1", "2", "3"], "y": [0, 1, 0]}).names == ("a",)


def test_sparse_matrices_and_bytes_are_what_they_stand_for() -> None:
    x = np.eye(3)
    found = read_tabular_data((csr_matrix(x), [0, 1, 1]))
    np.testing.assert_array_equal(found.x, x)
    with pytest.raises(InputError, match="too large"):
        read_tabular_data((csr_matrix((100_000, 1_000)), np.zeros(100_000)))
    assert read_tabular_data({"c": np.array([b"u", b"v"]), "y": [0, 1]}).names == ("c=u", "c=v")


def test_only_categories_are_drawn_over_two_of_their_inputs() -> None:
    problem = TableProblem(passengers()[["sex", "port", "survived"]].dropna())
    assert problem.axis_choices == problem.inputs
    assert (problem.plane.low, problem.plane.high) == (-0.5, 1.5)
    frame = Trainer(problem, Architecture(features=[*problem.inputs])).train(2)
    assert np.isfinite(frame.field).all()


def test_rows_to_predict_may_be_a_table_its_columns_or_the_inputs() -> None:
    table = passengers()
    page = OwnDataPage(table, hidden=[4])
    page.train(2)
    rows = table.drop(columns="survived")
    expected = page.predict(rows)
    np.testing.assert_array_equal(page.predict(rows.to_numpy(object)), expected)
    inputs = read_rows(rows, page.problem.inputs, page.problem.preprocessing)
    np.testing.assert_array_equal(page.predict(inputs), expected)
    with pytest.raises(InputError, match=r"'sex' has no category 'child'; it has 'female', 'male'"):
        page.predict(rows.assign(sex="child"))
    with pytest.raises(InputError, match=r"rows of 4 columns \(age, fare, sex, port\), or of 7"):
        page.predict([[1.0, 2.0]])


# Missing values -------------------------------------------------------------------------------


def test_gaps_are_filled_with_the_median_of_the_training_rows() -> None:
    table = passengers()
    problem = TableProblem(table)
    train, test = problem.split_data()
    known = train.x[:, 0][~np.isnan(train.x[:, 0])]
    filled = np.where(np.isnan(train.x[:, 0]), np.median(known), train.x[:, 0])
    np.testing.assert_allclose(
        problem.samples().train.x[:, 0], (filled - filled.mean()) / filled.std(), atol=1e-6
    )
    assert len(train) + len(test) == 80
    assert problem.preprocessing.fill is not None
    assert problem.preprocessing.fill[[0, 4, 5, 6]] == pytest.approx([np.median(known), 0, 0, 1])
    assert missing_sentence(problem).startswith("12 of 80 rows lack values (age: 12, port: 1), ")
    text = report(Trainer(problem)).markdown
    assert "12 of 80 rows lack values" in text
    held = ", ".join(map(str, problem.held_values()[2:]))
    assert held in ("female, S", "male, S")
    assert f"The other inputs are held at: sex {held.replace(', ', ', port ')}." in text


def test_rows_with_gaps_can_be_dropped() -> None:
    problem = TableProblem(passengers(), missing="drop rows")
    train, test = problem.samples().train, problem.samples().test
    assert (len(train), len(test)) == (48, 20)
    assert missing_sentence(problem).endswith("and are left out.")
    with pytest.raises(InputError, match="12 of 80 numbers are missing"):
        Trainer(problem).predict(passengers())
    without = TableProblem({"a": [1.0, np.nan], "b": [np.nan, 2.0], "y": [0, 1]})
    with pytest.raises(InputError, match="none would be left"):
        without.missing = "drop rows"
    assert without.missing == "median"


# Splits ---------------------------------------------------------------------------------------


@given(
    counts=st.lists(st.integers(1, 40), min_size=1, max_size=12),
    ratio=st.floats(0.1, 1.0),
    seed=st.integers(0, 5),
)
def test_a_split_has_the_counts_it_promises(counts: list[int], ratio: float, seed: int) -> None:
    classes = np.repeat(np.arange(len(counts)), counts)
    train, test = split_rows(len(classes), ratio, seed, classes)
    assert len(train) == max(1, round(ratio * len(classes)))
    np.testing.assert_array_equal(np.sort([*train, *test]), np.arange(len(classes)))
    for number, count in enumerate(counts):
        assert abs((classes[train] == number).sum() - ratio * count) <= 1.5
    assert len(split_rows(len(classes), ratio, seed)[0]) == len(train)


def test_classes_have_the_same_share_of_both_sets_unless_one_says_not() -> None:
    y = np.repeat(["rare", "usual"], [10, 190])
    problem = TableProblem((np.arange(200.0), y))
    assert Counter(problem.samples().train.y.tolist()) == {0: 7, 1: 133}
    assert split_sentence(problem).endswith("with the same share of each class.")
    shares = set()
    problem.stratify = False
    for problem.seed in range(4):
        shares.add(int((problem.samples().train.y == 0).sum()))
        assert len(problem.samples().train) == 140
    assert len(shares) > 1
    assert split_sentence(problem).endswith("test rows, chosen at random.")


def test_test_rows_may_be_a_table_of_their_own() -> None:
    table = passengers()
    page = OwnDataPage(table[:60], test_data=table[60:], hidden=[4])
    split = page.problem.samples()
    assert (len(split.train), len(split.test)) == (60, 20)
    assert split_sentence(page.problem) == "60 training rows, 20 test rows of a table of their own."
    np.testing.assert_array_equal(split.test.y, table.survived[60:])
    median = table.age[:60].median()
    fill = page.problem.preprocessing.fill
    assert fill is not None
    assert fill[0] == median, "of the training rows only"
    assert page.train(2).test.loss > 0
    page.problem.set_test_data(None)
    assert len(page.problem.samples().test) == 18
    x, y = np.arange(30.0), np.arange(30) % 3
    pair = TableProblem((x, y), test_data=(x[:4], y[:4]))
    np.testing.assert_array_equal(pair.samples().test.y, y[:4])


@pytest.mark.parametrize(
    ("test_data", "said"),
    [
        (passengers().drop(columns="fare"), "no column 'fare'"),
        (passengers().drop(columns="survived"), "no column 'survived'"),
        (passengers().assign(survived=2), "holds '2', which is no class to learn"),
        (passengers().assign(port="Rome"), "no category 'Rome'"),
        (passengers()[:0], "There are 0 rows"),
    ],
)
def test_test_rows_that_do_not_fit_are_refused(test_data: Any, said: str) -> None:
    with pytest.raises(InputError, match=said):
        read_test_data(test_data, read_tabular_data(passengers()))


# Twelve classes -------------------------------------------------------------------------------


def test_twelve_classes_are_learned_and_have_colours_of_their_own() -> None:
    angle = 2 * np.pi * np.arange(240) / 240
    months = np.arange(240) // 20 + 1
    table = pd.DataFrame({"x": np.cos(angle), "y": np.sin(angle), "month": months})
    page = OwnDataPage(table, target="month", hidden=[16], learning_rate=0.05)
    assert page.problem.classes == tuple(map(str, range(1, 13)))
    frame = page.train(60)
    assert frame.test.accuracy > 0.7
    _picture, _test, train, _ring = columns(frame, LIGHT, **CHOICES)
    assert len(np.unique(train["color"])) == 12
    assert frame.confusion.shape == (12, 12)
    assert read_tabular_data((np.zeros(24), np.arange(24) % 12)).classes == (), "too few of each"
    shown = "".join(str(getattr(each, "object", "")) for each in page.__panel__().select())
    assert "--pg-class-11" in shown


# On the page ----------------------------------------------------------------------------------


def test_columns_off_the_axes_are_held_at_numbers_in_units_or_at_categories() -> None:
    table = passengers().assign(height=np.random.default_rng(0).normal(170, 10, 80))
    page = OwnDataPage(table, target="survived")
    height, sex = widget(page, "height"), widget(page, "sex")
    assert isinstance(height, pn.widgets.FloatSlider)
    assert isinstance(sex, pn.widgets.Select)
    assert height.visible
    assert sex.visible
    assert not widget(page, "age").visible
    assert height.value == pytest.approx(np.median(page.problem.split_data()[0].x[:, -1]))
    height.value, sex.value = 180.0, "male"
    held = dict(
        zip([each.name for each in page.problem.columns], page.problem.held_values(), strict=True)
    )
    assert (held["sex"], held["port"]) == ("male", "S")
    assert held["height"] == pytest.approx(180)
    frame = page.trainer.frame()
    rows = frame.plane.points([0.0], [0.0])
    assert rows[0, 2:4].tolist() == [0, 1]
    page.up = "height"
    assert not height.visible
    assert widget(page, "fare").visible
    assert widget(page, "Missing values").visible


@pytest.mark.parametrize("constant", [0.0, 5.0, 2**62, -1e30, 1e-300])
def test_a_constant_column_is_held_by_a_slider_of_numbers_around_it(constant: float) -> None:
    rows = np.column_stack([np.arange(20.0), np.arange(20.0) % 3, np.full(20, constant)])
    held = held_inputs(TableProblem((rows, np.arange(20) % 2)))[2]
    assert held.start <= float(held.value) <= held.end
    assert held.start < held.start + held.step <= held.end


def test_test_rows_come_from_a_csv_file_too(monkeypatch: pytest.MonkeyPatch) -> None:
    def run(call: Any) -> None:
        asyncio.get_running_loop().create_task(call())

    monkeypatch.setattr(param.parameterized, "async_executor", run)
    page = OwnDataPage(passengers(), hidden=[2])
    drop = next(each for each in widgets(page) if isinstance(each, pn.widgets.FileDropper))
    remove = widget(page, "Remove these test rows")

    async def give(csv: str) -> None:
        drop.value = {"test.csv": csv.encode()}
        while others := asyncio.all_tasks() - {asyncio.current_task()}:
            await asyncio.wait(others)

    asyncio.run(give("age;fare;sex;port;survived\n31,5;7;male;S;1\n;8;female;C;0\n"))
    split = page.problem.samples()
    assert (len(split.train), len(split.test), split.test.y.tolist()) == (80, 2, [1, 0])
    assert page.problem.split_data()[1].x[0, :4].tolist() == [31.5, 7, 0, 1]
    assert "2 test rows of a table of their own" in text(page)
    assert remove.visible
    asyncio.run(give("age,fare,sex,port,survived\n31.5,7,child,S,1\n"))
    assert "has no category" in text(page)
    assert page.problem.samples() is split
    remove.clicks += 1
    assert len(page.problem.samples().test) == 24
    assert not remove.visible


def test_columns_of_a_csv_file_are_numbers_or_text() -> None:
    text = "a;b;kind;n\n1,5;x;u;1\n2,5;;v;\n;y;u;3\n"
    found, remark = read_csv_columns(open_csv(text.encode()))
    np.testing.assert_array_equal(found["a"], [1.5, 2.5, np.nan])
    np.testing.assert_array_equal(found["n"], [1, np.nan, 3])
    assert found["b"].tolist() == ["x", None, "y"]
    assert remark == ""
    with pytest.raises(InputError, match="no rows"):
        read_csv_columns(open_csv(b"a,b,c\n"))
