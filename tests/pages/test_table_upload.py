"""A table that is uploaded on a page: which columns are meant, corrections, runs that hold it."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from html import unescape
from typing import Any

import numpy as np
import pandas as pd
import panel as pn
import param
import pytest
from bokeh.document import Document
from hypothesis import given
from hypothesis import strategies as st

from playground.errors import InputError
from playground.pages.app import App
from playground.pages.own_data import OwnDataPage, UploadPage
from playground.problems.tables.column_choice import ColumnChoices, suggest_columns
from playground.problems.tables.csv.csv_columns import LEAST_COLUMNS, read_columns
from playground.problems.tables.csv.csv_dialect import CsvChoices
from playground.problems.tables.csv.csv_table import open_csv
from playground.problems.tables.table_file import TableFile
from playground.problems.tables.table_problem import TableProblem
from playground.problems.tables.tabular_data import read_tabular_data
from tests.support.widgets import text, widget, widgets

# Panel 1.9.4 would have widgets called by their label, which its own `from_param` does not do yet.
pytestmark = pytest.mark.filterwarnings("ignore:Widget.name is deprecated")

ROWS = 60
Give = Callable[..., None]


def passengers() -> pd.DataFrame:
    """A table with all that a table can have: an index, gaps, categories, names."""
    rng = np.random.default_rng(1)
    table = pd.DataFrame(
        {
            "id": np.arange(1, ROWS + 1),
            "age": rng.normal(30, 10, ROWS).round(1),
            "fare": rng.exponential(30, ROWS).round(2),
            "deck": rng.integers(1, 4, ROWS),
            "sex": rng.choice(["male", "female"], ROWS),
            "name": [f"passenger {number}" for number in range(ROWS)],
            "survived": rng.integers(0, 2, ROWS),
        }
    )
    table.loc[rng.permutation(ROWS)[:9], "age"] = np.nan
    table.loc[5, "sex"] = None
    return table


def csv_of(table: pd.DataFrame, **options: Any) -> str:
    return str(table.to_csv(index=False, **options))


def table_of(text: str) -> Any:
    return open_csv(text.encode(), None, LEAST_COLUMNS)


# Which columns are meant ----------------------------------------------------------------------


def test_columns_are_chosen_and_what_is_left_out_is_said() -> None:
    columns, sentence = suggest_columns(table_of(csv_of(passengers())))
    assert columns == ColumnChoices("survived", ("age", "fare", "deck", "sex"))
    assert sentence == "'id' only counts the rows: left out. 'name' holds many texts: left out."
    wide = pd.DataFrame(np.random.default_rng(0).normal(size=(9, 30))).add_prefix("c")
    columns, sentence = suggest_columns(table_of(csv_of(wide)))
    assert (columns.target, len(columns.inputs)) == ("c29", 20)
    assert sentence == "Of 29 columns, the first 20 are learned from."
    named = wide.rename(columns={"c3": "Class"})
    assert suggest_columns(table_of(csv_of(named)))[0].target == "Class"
    assert suggest_columns(table_of("a,b\n1,2\n2,3\n"))[0] == ColumnChoices("b", ("a",))
    gaps = "rowId,a,b,kind,notes\n7,1,2,u,\n8,3,4,v,NA\n"
    columns, sentence = suggest_columns(table_of(gaps))
    assert columns == ColumnChoices("kind", ("a", "b"))
    assert sentence == "'rowId' only counts the rows: left out. 'notes' holds nothing: left out."
    own = "x,y,label,class,share\n1,2,cat,0,0.25\n3,4,dog,1,0.5\n"
    assert suggest_columns(table_of(own))[0] == ColumnChoices("label", ("x", "y"))


@pytest.mark.parametrize(
    "options", [{}, {"sep": ";", "decimal": ","}, {"sep": "\t"}, {"na_rep": "NA"}], ids=str
)
def test_an_uploaded_table_is_what_python_makes_of_it(options: dict[str, Any]) -> None:
    table = passengers()
    uploaded = table_of(csv_of(table, **options))
    found = read_columns(uploaded, suggest_columns(uploaded)[0])
    wanted = read_tabular_data(table.drop(columns=["id", "name"]))
    assert (found.columns, found.classes, found.target) == (
        wanted.columns,
        wanted.classes,
        wanted.target,
    )
    np.testing.assert_array_equal(found.x, wanted.x)
    np.testing.assert_array_equal(found.y, wanted.y)


def test_numbers_can_be_categories_and_a_target_values() -> None:
    table = table_of(csv_of(passengers()))
    inputs = ("age", "deck")
    found = read_columns(table, ColumnChoices("fare", inputs, ("deck",), True))
    assert found.names == ("age", "deck=1", "deck=2", "deck=3")
    assert found.classes == ()
    of_pandas = passengers().astype({"deck": "category"})
    assert read_tabular_data(of_pandas[[*inputs, "fare"]]).names == found.names
    decks = passengers()[["age", "deck"]].astype({"deck": "category"})
    assert read_tabular_data(decks).classes == ("1", "2", "3")
    ten = pd.DataFrame({"a": range(20), "y": pd.Categorical([*range(1, 11)] * 2)})
    assert read_tabular_data(ten).classes == tuple(map(str, range(1, 11))), "by size"
    gaps = pd.DataFrame({"c": pd.Categorical([1, 2, None, 2]), "y": [0, 1, 0, 1]})
    assert read_tabular_data(gaps).names == ("c=1", "c=2")


def test_rows_without_a_target_are_left_out_and_true_and_false_are_classes() -> None:
    data = read_columns(
        table_of("a,b,y\n1,2,true\n2,3,\n3,4,false\n4,5,true\n"), ColumnChoices("y", ("a", "b"))
    )
    assert data.classes == ("false", "true")
    assert data.x[:, 0].tolist() == [1, 3, 4]
    assert data.remark == "1 row without 'y' was left out."


@pytest.mark.parametrize(
    ("columns", "said"),
    [
        (ColumnChoices("weight", ("age",)), "no column 'weight'"),
        (ColumnChoices("age", ("age",)), "Choose one or more columns"),
        (ColumnChoices("survived", ("name",)), "up to 12 categories"),
    ],
)
def test_columns_that_can_not_be_used_are_refused(columns: ColumnChoices, said: str) -> None:
    with pytest.raises(InputError, match=said):
        read_columns(table_of(csv_of(passengers())), columns)


# What a run holds of it -----------------------------------------------------------------------


@given(st.recursive(st.none() | st.booleans() | st.text(), lambda e: st.lists(e, max_size=3)))
def test_a_packed_table_comes_back_or_is_refused(other: object) -> None:
    columns = ColumnChoices("survived", ("age", "sex"), (), False)
    file = TableFile(csv_of(passengers()).encode(), CsvChoices(",", None, True), columns)
    packed = file.pack()
    back = TableFile.unpack(packed)
    assert (back.content, back.dialect, back.columns) == (file.content, file.dialect, columns)
    for name in packed:
        try:
            changed = TableFile.unpack({**packed, name: other})
        except InputError:
            continue
        assert (
            changed.columns != columns or changed.dialect != file.dialect or other == packed[name]
        )
    with pytest.raises(InputError):
        TableFile.unpack(other)


def test_a_large_file_is_not_held_by_a_run() -> None:
    noise = np.random.default_rng(0).bytes(3_000_000)
    packed = TableFile(noise, CsvChoices(), ColumnChoices("a", ("b",))).pack()
    assert len(str(packed)) < 1_000
    with pytest.raises(InputError, match="too large to be kept"):
        TableFile.unpack(packed)


def notes_text(page: OwnDataPage) -> str:
    return "".join(
        each.object
        for each in page.__panel__().select(lambda each: "pg-notes" in (each.css_classes or []))
        if each.visible
    )


# On the page ----------------------------------------------------------------------------------


@pytest.fixture
def give(monkeypatch: pytest.MonkeyPatch) -> Give:
    """Return a function that uploads a file in the first chooser of a part, and presses buttons.

    With None instead of a file it only presses.
    """

    begun: list[Any] = []
    monkeypatch.setattr(param.parameterized, "async_executor", begun.append)

    async def upload(part: Any, csv: str | None, *names: str) -> None:
        if csv is not None:
            drop = next(each for each in widgets(part) if isinstance(each, pn.widgets.FileDropper))
            drop.value = {"table.csv": csv.encode()}
        await settle()
        for name in names:
            widget(part, name).clicks += 1
            await settle()

    async def settle() -> None:
        while begun:
            await begun.pop(0)()

    return lambda part, csv, *names: asyncio.run(upload(part, csv, *names))


def test_a_table_is_uploaded_corrected_learned_kept_and_opened_again(give: Give) -> None:
    page = UploadPage()
    assert page.problem.classes == ("setosa", "versicolor", "virginica")
    example = TableFile.unpack(page.extra()["table"]).read()
    np.testing.assert_array_equal(example.x, page.problem.data.x)
    np.testing.assert_array_equal(example.y, page.problem.data.y)
    page.train(1)
    selects = page.__panel__().select(pn.widgets.Select)
    pn.Column(*selects).get_root(Document())  # With models, selects check their values.
    give(page, csv_of(passengers()))
    assert page.problem.data.target == "species", "nothing happens before a click"
    assert "'id' only counts the rows" in unescape(text(page))
    widget(page, "Taken as").value = "values"
    give(page, csv_of(passengers()), "Use this table")
    assert (page.problem.data.target, page.trainer.frame().epoch) == ("survived", 0)
    assert page.problem.inputs == ("age", "fare", "deck", "sex=female", "sex=male")
    assert (page.across, page.up) == ("age", "fare")
    assert [widget(page, name).value for name in ("Across", "Up")] == ["age", "fare"]
    widget(page, "Up").value = "age"
    assert (page.across, page.up, widget(page, "Across").value) == ("fare", "age", "fare")
    widget(page, "Across").value = "age"
    assert widget(page, "deck").visible
    assert widget(page, "sex").visible
    assert not widget(page, "age").visible
    assert page.features == list(page.problem.inputs)
    assert {*page.settings.changed_values()} <= {"pace"}
    frame = page.train(3)
    assert frame.plan.features == page.problem.inputs
    wanted = TableProblem(passengers().drop(columns=["id", "name"]))
    np.testing.assert_array_equal(frame.samples.train.x, wanted.samples().train.x)

    run, other, said = page.run_session.prepare_capture("mine")(), UploadPage(), []
    other.run_session.resume_run(run, lambda: said.append("done"), said.append)
    assert said == ["done"]
    rows = passengers()[["age", "fare", "deck", "sex"]]
    np.testing.assert_array_equal(other.predict(rows), page.predict(rows))
    assert widget(other, "sex").visible
    # What was understood of the table of a run can be corrected without its file.
    give(other, None)
    assert (widget(other, "Column to learn").value, widget(other, "Taken as").value) == (
        *("survived", "as found"),
    )
    assert "'id' only counts the rows" in unescape(text(other))
    np.testing.assert_array_equal(other.predict(rows), page.predict(rows))
    widget(other, "Taken as").value = "values"
    give(other, None, "Use this table")
    assert (other.problem.classes, other.problem.data.target) == ((), "survived")
    assert other.problem.inputs == page.problem.inputs
    other.run_session.resume_run(run, lambda: said.append("back"), said.append)
    give(other, None)
    assert widget(other, "Taken as").value == "as found"

    give(page, "age;deck\n31,5;1\n7;2\n8;2\n1;1\n", "Use this table")
    assert (page.problem.data.target, page.problem.inputs) == ("deck", ("age",))
    give(page, "age\n1\n")
    assert "The file has 1 column" in notes_text(page)
    assert page.problem.inputs == ("age",)
    page.run_session.resume_run(run, lambda: said.append("again"), said.append)
    np.testing.assert_array_equal(page.predict(rows), other.predict(rows))


def test_more_columns_than_points_have_are_opened_as_a_table(give: Give) -> None:
    app = App()
    points = app._built["Points"]
    give(points, "x,y,label\n1,2,a\n3,4,b\n", "Use these")
    assert not widget(points, "Use all columns, as a table").visible
    assert points.problem.classes == ("a", "b")
    assert "2 rows: x is" in text(points)
    give(points, csv_of(passengers()), "Use all columns, as a table")
    page = app._built[app.page]
    assert isinstance(page, OwnDataPage)
    assert page.problem.data.target == "survived"
    assert page.train(1).epoch == 1


def test_the_page_of_own_data_opens_without_a_file_too() -> None:
    app = App()
    app.page = OwnDataPage.title
    assert isinstance(app._built[app.page], OwnDataPage)


def test_an_uploaded_table_is_not_replaced_by_what_the_tab_has_saved(give: Give) -> None:
    page = UploadPage()
    assert page._persistence.restores
    give(page, csv_of(passengers()), "Use this table")
    assert page.problem.data.target == "survived"
    assert not page._persistence.restores
