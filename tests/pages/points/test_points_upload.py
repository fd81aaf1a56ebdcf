"""Points that are read from a file on the page."""

from __future__ import annotations

import asyncio
import html
from typing import Any

import numpy as np
import panel as pn
import param
import pytest

from playground.pages.controls.uploads.points_upload import PointsUpload
from playground.pages.gates import GatesPage
from playground.pages.points import PointsPage
from playground.problems.points.points import OWN, Points
from tests.support.data.shared_pages import lending_fixture
from tests.support.widgets import click, refresh, text, widget, widgets

# Panel 1.9.4 would have widgets called by their label, which its own `from_param` does not do yet.
pytestmark = pytest.mark.filterwarnings("ignore:Widget.name is deprecated")
gates, points = lending_fixture(GatesPage), lending_fixture(PointsPage)


class UploadHarness:
    """An upload, and what it said last."""

    def __init__(self) -> None:
        self.reported, self.wrong = "", True
        self.problem = Points()
        self.upload = PointsUpload(self.problem, self.say)
        self.file = next(
            each for each in widgets(self.upload) if isinstance(each, pn.widgets.FileDropper)
        )

    def say(self, sentence: str, *, wrong: bool = True) -> None:
        self.reported, self.wrong = sentence, wrong

    def give(self, data: bytes, *chosen: str) -> None:
        """Choose a file, then columns if there are any to be chosen, and use them."""

        async def act() -> None:
            self.file.value = {"points.csv": data}
            await drain_tasks()
            for name, column in zip(("x column", "y column", "label column"), chosen, strict=False):
                widget(self.upload, name).value = column
            if chosen:
                click(self.upload, "Use these")
                await drain_tasks()

        asyncio.run(act())


async def drain_tasks() -> None:
    """Wait for all that has been started."""
    while others := asyncio.all_tasks() - {asyncio.current_task()}:
        await asyncio.wait(others)


@pytest.fixture(autouse=True)
def async_callbacks(monkeypatch: pytest.MonkeyPatch) -> None:
    """Have Param run async callbacks as tasks of the running loop, as on a page."""

    def run(call: Any) -> None:
        asyncio.get_running_loop().create_task(call())

    monkeypatch.setattr(param.parameterized, "async_executor", run)


CSV = b"height,width,kind\n1,2,cat\n2,1,dog\n3,3,cat\n4,0,dog\n"


def test_columns_are_offered_in_order() -> None:
    sheet = UploadHarness()
    assert not widget(sheet.upload, "x column").options
    sheet.give(CSV)
    for name, chosen in (("x", "height"), ("y", "width"), ("label", "kind")):
        shown = widget(sheet.upload, f"{name} column")
        assert list(shown.options) == ["height", "width", "kind"]
        assert shown.value == chosen
    assert sheet.reported == ""
    assert sheet.problem.shape == "circle"


def test_a_file_becomes_the_points() -> None:
    sheet = UploadHarness()
    sheet.give(CSV, "width", "height", "kind")
    assert sheet.problem.shape == OWN
    assert sheet.problem.classes == ("cat", "dog")
    assert sheet.problem.own.y.tolist() == [0, 1, 0, 1]
    assert sheet.problem.own.x[2].tolist() == [5, pytest.approx(5 / 3)]
    assert sheet.reported == ""


def test_what_was_understood_of_a_file_is_said_and_can_be_corrected() -> None:
    sheet = UploadHarness()
    sheet.give(b"2020;1,234;5;a\n2021;2,5;6;b\n2022;3,5;7;a\n")
    assert "4 columns separated by semicolons, decimal commas, data from the" in text(sheet.upload)
    for name, shown in (("Separator", ";"), ("Decimal mark", ","), ("First row", False)):
        assert widget(sheet.upload, name).value == shown

    async def correct() -> None:
        widget(sheet.upload, "First row").value = True
        await drain_tasks()
        assert widget(sheet.upload, "x column").options == ["2020", "1,234", "5", "a"]
        assert "decimal commas, names in the first row" in text(sheet.upload)
        click(sheet.upload, "Use these")
        await drain_tasks()

    asyncio.run(correct())
    assert "2 rows: x is '2020', y is '1,234', 2 classes from 'a'." in html.unescape(
        text(sheet.upload)
    )
    assert len(sheet.problem.own) == 2
    sheet.give(CSV)
    assert widget(sheet.upload, "First row").value is True
    assert "separated by commas, no decimals" in text(sheet.upload)


def test_values_become_a_regression() -> None:
    sheet = UploadHarness()
    rows = "\n".join(f"{i},{i * i % 7},{i / 3:.3f}" for i in range(20))
    sheet.give(f"a,b,c\n{rows}\n".encode(), "a", "b", "c")
    assert sheet.problem.classes == ()
    assert np.abs(sheet.problem.own.y).max() == 1


def test_skipped_rows_are_reported() -> None:
    sheet = UploadHarness()
    sheet.give(CSV + b"nan,1,cat\n", "height", "width", "kind")
    assert len(sheet.problem.own) == 4
    assert "1 of 5 rows were left out" in sheet.reported
    assert not sheet.wrong


@pytest.mark.parametrize(
    ("data", "sentence"),
    [
        (b"", "The file is empty"),
        (b"\x89PNG\r\n\x00\x00", "binary"),
        (b"x\n1\n2\n", "1 column"),
        (b"x,y\n1,2\n", "2 columns"),
    ],
)
def test_a_file_that_is_no_table_is_refused(data: bytes, sentence: str) -> None:
    sheet = UploadHarness()
    before = sheet.problem.snapshot()
    sheet.give(data)
    assert sentence in sheet.reported
    assert sheet.problem.snapshot() is before


@pytest.mark.parametrize(
    ("data", "sentence"),
    [
        (b"a,b,c\n", "no rows"),
        (b"a,b,c\n1,two,0\n", "holds 'two' in row 1 where only numbers"),
        (b"a,b,c\n1,,0\n", "None of 1 rows"),
        (b"a,b,c\n" + b"".join(b"1,2,%c\n" % (97 + i) for i in range(13)), "13 different labels"),
    ],
)
def test_a_table_without_points_is_refused(data: bytes, sentence: str) -> None:
    sheet = UploadHarness()
    before = sheet.problem.snapshot()
    sheet.give(data, "a", "b", "c")
    assert sentence in sheet.reported
    assert sheet.problem.snapshot() is before


def test_a_good_file_clears_the_message() -> None:
    sheet = UploadHarness()
    sheet.give(b"x\n1\n")
    assert sheet.reported
    sheet.give(CSV)
    assert sheet.reported == ""


def test_what_is_downloaded_can_be_uploaded(points: PointsPage) -> None:
    file = widget(points, "Download these points").callback()
    sheet = UploadHarness()
    sheet.give(file.read().encode(), "x", "y", "label")
    np.testing.assert_array_equal(sheet.problem.own.x, points.problem.snapshot().x)
    np.testing.assert_array_equal(sheet.problem.own.y, points.problem.snapshot().y)


def test_all_points_can_be_removed(points: PointsPage) -> None:
    click(points, "Remove all points")
    assert len(points.problem.own) == 0
    assert "There are no points to learn from yet" in text(refresh(points))
    points.trainer.advance(epochs=1, steps=1)
    assert points.trainer.step_count == 0


def test_what_is_wrong_is_shown_and_escaped(points: PointsPage) -> None:
    points._points_card.message.say("<b>bold</b>")
    assert "&lt;b&gt;bold&lt;/b&gt;" in text(points)
    points._points_card.message.say("")
    assert "bold" not in text(points)
