"""Upload of points from a CSV file, with a choice of its columns, and download of the points."""

from __future__ import annotations

from collections.abc import Callable
from io import StringIO

import panel as pn

from playground.pages.controls.fields.parameter_fields import group
from playground.pages.controls.uploads.csv_upload import CsvUpload, Notify
from playground.problems.points.point_set import PointSet
from playground.problems.points.points import OWN, Points
from playground.problems.tables.column_choice import default_columns
from playground.problems.tables.csv.csv_dialect import MIN_COLUMNS, CsvChoices
from playground.problems.tables.csv.csv_summary import describe_points, describe_table
from playground.problems.tables.csv.csv_table import CsvTable, open_csv
from playground.problems.tables.csv.points_csv import points_of_table
from playground.problems.tables.saved_points import HEADERS, write_points_in_units

OpenAsTable = Callable[[bytes, CsvChoices], None]
"""Opens a file, read as the choices say, with all its columns."""


class PointsUpload(CsvUpload):
    """A file chooser, choices of how to read the file and of its columns, and a download button.

    Parameters
    ----------
    problem : Points
        Gets the points of the file as the person's own.
    notify : callable
        See `CsvUpload`.
    find_opener : callable
        Returns what can open a file with more columns; None where there is nothing for that.
    """

    def __init__(
        self,
        problem: Points,
        notify: Notify,
        find_opener: Callable[[], OpenAsTable | None] = lambda: None,
    ) -> None:
        super().__init__(notify, MIN_COLUMNS)
        self._problem, self._find_opener = problem, find_opener
        self._columns = [
            pn.widgets.Select(name=name, margin=0, sizing_mode="stretch_width")
            for name in ("x column", "y column", "label column")
        ]
        self._use_button = pn.widgets.Button(
            name="Use these", margin=0, sizing_mode="stretch_width"
        )
        self._use_button.on_click(self._use_columns)
        self._table_button = pn.widgets.Button(
            name="Use all columns, as a table",
            margin=0,
            sizing_mode="stretch_width",
            visible=False,
        )
        self._table_button.on_click(self._use_all)
        self._column_choice = pn.Column(
            self._format,
            self._table_button,
            group(*self._columns, self._use_button),
            margin=0,
            sizing_mode="stretch_width",
            visible=False,
        )
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
            self._file,
            self._column_choice,
            download,
            clear,
            margin=(8, 0, 0, 0),
            sizing_mode="stretch_width",
        )

    def __panel__(self) -> pn.Column:
        return self._column

    async def open(self, data: bytes, choices: CsvChoices | None = None) -> None:
        """Open a file, and offer its columns."""
        self._column_choice.visible = False
        await super().open(data, choices)

    async def show_table(self, table: CsvTable) -> None:
        """Show what was understood of the file, and offer its columns."""
        self._format.say(describe_table(table), table.remark)
        is_more = len(table.names) > MIN_COLUMNS and table.names not in HEADERS
        self._table_button.visible = is_more and self._find_opener() is not None
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

        found = await self.in_worker(read)
        if found is not None:
            points, about_file = found
            self._problem.own.remark = points.remark
            self._problem.adopt(points)
            self._problem.param.trigger("shape")
            self._format.say(describe_points(points, x, y, label), about_file)
            self._notify(points.remark or "", wrong=False)

    def _use_all(self, _event: object) -> None:
        """Open the file as a table of all its columns."""
        if (open_as_table := self._find_opener()) is not None:
            open_as_table(self._data, self._format.choices)

    def _csv(self) -> StringIO:
        problem = self._problem
        units = problem.own.units if problem.shape == OWN else None
        return StringIO(write_points_in_units(PointSet(problem.snapshot(), units=units)))

    def _clear(self, _event: object) -> None:
        self._problem.adopt()
        self._problem.own.clear()
        self._problem.param.trigger("shape")
