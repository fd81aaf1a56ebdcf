"""Upload of points from a CSV file, with a choice of its columns, and download of the points."""

from __future__ import annotations

from collections.abc import Callable
from io import StringIO
from typing import Protocol, TypeVar

import panel as pn
import param

from playground.pages.controls.csv_format_fields import CsvFormatFields
from playground.pages.controls.file_dropper import FileUpload
from playground.pages.controls.parameter_fields import group
from playground.pages.part import Part
from playground.pages.shell.worker_result import worker_result
from playground.problems.points.point_set import PointSet
from playground.problems.points.points import OWN, Points
from playground.problems.tables.column_choice import default_columns
from playground.problems.tables.csv_summary import describe_points, describe_table
from playground.problems.tables.csv_table import open_csv
from playground.problems.tables.points_csv import points_of_table
from playground.problems.tables.saved_points import write_points_in_units

T = TypeVar("T")


class Notify(Protocol):
    """Shows a sentence to the person; "" removes it."""

    def __call__(self, sentence: str, *, wrong: bool = True) -> None:
        """Show a sentence: an error, or if not `wrong` some information."""


class PointsUpload(Part):
    """A file chooser, choices of how to read the file and of its columns, and a download button.

    Parameters
    ----------
    problem : Points
        Gets the points of the file as the person's own.
    notify : callable
        Given a sentence that says what is wrong with a file, or "".
    """

    def __init__(self, problem: Points, notify: Notify) -> None:
        super().__init__()
        self._problem = problem
        self._notify = notify
        self._file = FileUpload(
            50, layout="compact", margin=0, height=64, sizing_mode="stretch_width"
        )
        self._data = b""
        self._columns = [
            pn.widgets.Select(name=name, margin=0, sizing_mode="stretch_width")
            for name in ("x column", "y column", "label column")
        ]
        self._use_button = pn.widgets.Button(
            name="Use these", margin=0, sizing_mode="stretch_width"
        )
        self._use_button.on_click(self._use_columns)
        self._format = CsvFormatFields()
        self._column_choice = pn.Column(
            self._format,
            group(*self._columns, self._use_button),
            margin=0,
            sizing_mode="stretch_width",
            visible=False,
        )
        self._file.param.watch(self._take_file, "value")
        self._file.param.watch(lambda event: notify(event.new), "refusal", onlychanged=False)
        self._format.param.watch(self._offer, "choices")
        download = pn.widgets.FileDownload(
            callback=self._csv,
            filename="points.csv",
            label="Download these points",
            margin=0,
            sizing_mode="stretch_width",
        )
        clear = pn.widgets.Button(name="Remove all points", margin=0, sizing_mode="stretch_width")
        clear.on_click(self._clear)
        self._column = pn.Column(
            self._file, self._column_choice, download, clear, margin=0, sizing_mode="stretch_width"
        )

    def __panel__(self) -> pn.Column:
        return self._column

    async def _take_file(self, _event: param.parameterized.Event) -> None:
        """Read a file that was uploaded."""
        files = self._file.take()
        if not files:
            return
        self._column_choice.visible = False
        _name, self._data = files[-1]
        self._format.reset()
        await self._offer()

    async def _offer(self, _event: object = None) -> None:
        """Show what was understood of the file, and offer its columns."""
        data, choices = self._data, self._format.choices
        table = await self._in_worker(lambda: open_csv(data, choices))
        if table is None:
            return
        self._format.show_table(table)
        self._format.say(describe_table(table), table.remark)
        for chooser, name in zip(self._columns, default_columns(table), strict=True):
            chooser.param.update(options=table.names, value=name)
        self._column_choice.visible = True

    async def _use_columns(self, _event: object) -> None:
        """Make the file's points those of the problem."""
        data, choices = self._data, self._format.choices
        x, y, label = (chooser.value for chooser in self._columns)

        def read() -> tuple[PointSet, str]:
            table = open_csv(data, choices)
            return points_of_table(table, x, y, label), describe_table(table)

        found = await self._in_worker(read)
        if found is not None:
            points, about_file = found
            self._problem.own.remark = points.remark
            self._problem.adopt(points)
            self._problem.param.trigger("shape")
            self._format.say(describe_points(points, x, y, label), about_file)
            self._notify(points.remark or "", wrong=False)

    async def _in_worker(self, work: Callable[[], T]) -> T | None:
        """Return the result of work in a worker thread, or None after showing what was wrong."""
        self._notify("")
        return await worker_result(work, self._notify)

    def _csv(self) -> StringIO:
        problem = self._problem
        units = problem.own.units if problem.shape == OWN else None
        return StringIO(write_points_in_units(PointSet(problem.snapshot(), units=units)))

    def _clear(self, _event: object) -> None:
        self._problem.adopt()
        self._problem.own.clear()
        self._problem.param.trigger("shape")
