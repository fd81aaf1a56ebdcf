"""Upload of a table from a CSV file, all of its columns."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy.typing as npt
import panel as pn
import param

from playground.pages.controls.csv_format_fields import CsvFormatFields
from playground.pages.controls.file_dropper import FileUpload
from playground.pages.part import Part
from playground.pages.shell.worker_result import worker_result
from playground.problems.tables.csv_columns import read_csv_columns
from playground.problems.tables.csv_summary import describe_table
from playground.problems.tables.csv_table import CsvTable, open_csv

Columns = dict[str, npt.NDArray[Any]]


class TableUpload(Part):
    """A file chooser, and below it how the last file was read, which can be corrected.

    Parameters
    ----------
    use : callable
        Given the columns of a file by name, in a worker thread; returns what `used` is given. It
        raises InputError if they can't be used.
    used : callable
        Called on the event loop with what `use` has returned.
    notify : callable
        Given a sentence about what is wrong or was left out, and whether it is wrong; "" at first.
    """

    def __init__(
        self,
        use: Callable[[Columns], Any],
        used: Callable[[Any], None],
        notify: Callable[..., None],
    ) -> None:
        super().__init__()
        self._use, self._used, self._notify = use, used, notify
        self._data = b""
        self._file = FileUpload(
            50, layout="compact", margin=0, height=64, sizing_mode="stretch_width"
        )
        self._format = CsvFormatFields()
        self._read_as = pn.Column(
            self._format, margin=0, sizing_mode="stretch_width", visible=False
        )
        self._file.param.watch(self._take_file, "value")
        self._file.param.watch(lambda event: notify(event.new), "refusal", onlychanged=False)
        self._format.param.watch(self._read, "choices")
        self._column = pn.Column(self._file, self._read_as, margin=0, sizing_mode="stretch_width")

    def __panel__(self) -> pn.Column:
        return self._column

    async def _take_file(self, _event: param.parameterized.Event) -> None:
        """Read a file that was uploaded."""
        files = self._file.take()
        if files:
            _name, self._data = files[-1]
            self._format.reset()
            await self._read()

    async def _read(self, _event: object = None) -> None:
        """Use the file's columns, and show how it was read."""
        data, choices = self._data, self._format.choices
        self._notify("")
        table = await worker_result(lambda: open_csv(data, choices), self._notify)
        if table is None:
            return
        self._format.show_table(table)
        self._format.say(describe_table(table))
        self._read_as.visible = True

        def use(table: CsvTable = table) -> tuple[Any, str]:
            columns, remark = read_csv_columns(table)
            return self._use(columns), remark

        found = await worker_result(use, self._notify)
        if found is not None:
            result, remark = found
            self._used(result)
            if remark:
                self._notify(remark, wrong=False)
