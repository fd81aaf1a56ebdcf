"""Upload of a table to learn from, with a choice of its columns."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import panel as pn
import param

from playground.pages.controls.fields.parameter_fields import collapsed_card, group
from playground.pages.controls.uploads.csv_upload import CsvUpload, Notify
from playground.problems.tables.column_choice import (
    ColumnChoices,
    numeric_columns,
    suggest_columns,
)
from playground.problems.tables.csv.csv_columns import LEAST_COLUMNS
from playground.problems.tables.csv.csv_dialect import CsvChoices
from playground.problems.tables.csv.csv_summary import describe_table
from playground.problems.tables.csv.csv_table import CsvTable
from playground.problems.tables.table_file import OpenTable, TableFile

KINDS = {"as found": None, "classes": False, "values": True}
"""What a target may be taken as, by the name of the choice."""
LIST_STYLES = {"max-height": "180px", "overflow-y": "auto"}


class TableChooser(CsvUpload):
    """A file chooser; how the file was read; and which of its columns are used, and as what.

    Parameters
    ----------
    use : callable
        Given the table when a person asks for it.
    notify : callable
        See `CsvUpload`.
    """

    request: tuple[bytes, CsvChoices] = param.Parameter(  # type: ignore[assignment]
        doc="A file that is opened and used at once, and how it is read."
    )
    offered: Mapping[str, Any] = param.Parameter(  # type: ignore[assignment]
        doc="A packed file that is in use, as `TableFile.pack` returns it, to be corrected."
    )

    def __init__(self, use: Callable[[OpenTable], None], notify: Notify) -> None:
        super().__init__(notify, LEAST_COLUMNS)
        self._use = use
        self._target = pn.widgets.Select(
            name="Column to learn", margin=0, sizing_mode="stretch_width"
        )
        self._kind = pn.widgets.Select(
            name="Taken as", options=[*KINDS], margin=0, sizing_mode="stretch_width"
        )
        self._inputs = _checkboxes()
        self._categories = _checkboxes()
        self._button = pn.widgets.Button(
            name="Use this table", margin=0, sizing_mode="stretch_width"
        )
        self._button.on_click(self._use_table)
        self.param.watch(self._use_request, "request")
        self.param.watch(self._offer, "offered", onlychanged=False)
        self._choice = pn.Column(
            self._format,
            group(self._target, self._kind),
            collapsed_card("Columns to learn from", self._inputs),
            collapsed_card("Numbers that are categories", self._categories),
            self._button,
            css_classes=["pg-column-choice"],
            margin=0,
            sizing_mode="stretch_width",
            visible=False,
        )
        self._column = pn.Column(self._file, self._choice, margin=0, sizing_mode="stretch_width")

    def __panel__(self) -> pn.Column:
        return self._column

    async def _use_request(self, _event: object) -> None:
        """Open a file, and use the columns that are probably meant."""
        await self.open(*self.request)
        if self._choice.visible:
            await self._use_table()

    async def _offer(self, _event: object) -> None:
        """Show a file that is in use, with what was chosen about it."""
        packed = self.offered
        file = await self.in_worker(lambda: TableFile.unpack(packed))
        if file is not None:
            await self.open(file.content, file.dialect)
            if self._choice.visible:
                self._show_columns(file.columns)

    async def open(self, data: bytes, choices: CsvChoices | None = None) -> None:
        """Open a file, and offer its columns."""
        self._choice.visible = False
        await super().open(data, choices)

    async def show_table(self, table: CsvTable) -> None:
        """Show what was understood of the file, and offer its columns."""
        columns, sentence = suggest_columns(table)
        self._format.say(describe_table(table), table.remark, sentence)
        self._target.param.update(options=table.names, value=columns.target)
        self._inputs.param.update(options=table.names, value=[])
        self._categories.param.update(options=numeric_columns(table), value=[])
        self._show_columns(columns)
        self._choice.visible = True

    def _show_columns(self, columns: ColumnChoices) -> None:
        self._target.value = columns.target
        self._kind.value = next(name for name in KINDS if KINDS[name] is columns.regression)
        self._inputs.value, self._categories.value = [*columns.inputs], [*columns.categories]

    async def _use_table(self, _event: object = None) -> None:
        columns = ColumnChoices(
            self._target.value,
            tuple(name for name in self._inputs.value if name != self._target.value),
            (*self._categories.value,),
            KINDS[self._kind.value],
        )
        file = TableFile(self._data, self._format.choices, columns)
        table = await self.in_worker(lambda: OpenTable(file.read(), file.pack()))
        if table is not None:
            self._use(table)


def _checkboxes() -> pn.widgets.CheckBoxGroup:
    return pn.widgets.CheckBoxGroup(margin=0, sizing_mode="stretch_width", styles=LIST_STYLES)
