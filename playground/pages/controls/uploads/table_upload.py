"""Upload of a table from a CSV file, used as soon as it has arrived."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import panel as pn

from playground.pages.controls.uploads.csv_upload import CsvUpload, Notify
from playground.problems.tables.csv.csv_columns import LEAST_COLUMNS
from playground.problems.tables.csv.csv_summary import describe_table
from playground.problems.tables.csv.csv_table import CsvTable


class TableUpload(CsvUpload):
    """A file chooser, and below it how the last file was read, which can be corrected.

    Parameters
    ----------
    use : callable
        Given a file that was opened, in a worker thread; returns what `used` is given, and a
        sentence about what was left out. It raises InputError if the file can't be used.
    used : callable
        Called on the event loop with what `use` has returned.
    notify : callable
        See `CsvUpload`.
    """

    def __init__(
        self,
        use: Callable[[CsvTable], tuple[Any, str]],
        used: Callable[[Any], None],
        notify: Notify,
    ) -> None:
        super().__init__(notify, LEAST_COLUMNS)
        self._use, self._used = use, used
        self._read_as = pn.Column(
            self._format, margin=0, sizing_mode="stretch_width", visible=False
        )
        self._column = pn.Column(self._file, self._read_as, margin=0, sizing_mode="stretch_width")

    def __panel__(self) -> pn.Column:
        return self._column

    async def show_table(self, table: CsvTable) -> None:
        """Use the file, and show how it was read."""
        self._format.say(describe_table(table))
        self._read_as.visible = True
        found = await self.in_worker(lambda: self._use(table))
        if found is not None:
            result, remark = found
            self._used(result)
            self._notify(remark, wrong=False)
