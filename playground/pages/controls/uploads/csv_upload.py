"""Upload of a CSV file, with what was understood of it, which can be corrected."""

from __future__ import annotations

from collections.abc import Callable
from typing import Protocol, TypeVar

import param

from playground.pages.controls.uploads.csv_format_fields import CsvFormatFields
from playground.pages.controls.uploads.file_dropper import file_dropper
from playground.pages.part import Part
from playground.pages.shell.worker_result import worker_result
from playground.problems.tables.csv.csv_dialect import CsvChoices
from playground.problems.tables.csv.csv_table import CsvTable, open_csv

T = TypeVar("T")


class Notify(Protocol):
    """Shows a sentence to the person; "" removes it."""

    def __call__(self, sentence: str, *, wrong: bool = True) -> None:
        """Show a sentence: an error, or if not `wrong` some information."""


class CsvUpload(Part):
    """A file chooser, and how the last file was read. Subclasses use the file.

    Parameters
    ----------
    notify : callable
        Given a sentence that says what is wrong with a file or was left out, or "".
    least : int
        The fewest columns that a file may have.
    """

    def __init__(self, notify: Notify, least: int) -> None:
        super().__init__()
        self._notify, self._least = notify, least
        self._data = b""
        self._file = file_dropper(50)
        self._format = CsvFormatFields()
        self._file.param.watch(self._take_file, "value")
        self._file.param.watch(lambda event: notify(event.new), "refusal", onlychanged=False)
        self._format.param.watch(self._open, "choices")

    async def show_table(self, table: CsvTable) -> None:
        """Use a file that was opened, or offer it; implemented by subclasses."""
        raise NotImplementedError

    async def open(self, data: bytes, choices: CsvChoices | None = None) -> None:
        """Open a file, read as `choices` say."""
        self._data = data
        self._format.reset(choices)
        await self._open()

    async def in_worker(self, work: Callable[[], T]) -> T | None:
        """Return the result of work in a worker thread, or None after showing what was wrong."""
        self._notify("")
        return await worker_result(work, self._notify)

    async def _take_file(self, _event: param.parameterized.Event) -> None:
        files = self._file.take()
        if files:
            _name, data = files[-1]
            await self.open(data)

    async def _open(self, _event: object = None) -> None:
        data, choices = self._data, self._format.choices
        table = await self.in_worker(lambda: open_csv(data, choices, self._least))
        if table is not None:
            self._format.show_table(table)
            await self.show_table(table)
