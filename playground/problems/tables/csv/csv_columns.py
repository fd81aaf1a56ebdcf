"""Columns of a CSV file as arrays, and as a table to learn from."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import numpy.typing as npt

from playground.errors import InputError
from playground.problems.tables.column_choice import ColumnChoices
from playground.problems.tables.columns import missing_column_error, quote
from playground.problems.tables.csv.csv_numbers import (
    BOOLEANS,
    EXCEL_ERRORS,
    is_numeric,
    read_numbers,
)
from playground.problems.tables.csv.csv_table import CsvTable, left_out
from playground.problems.tables.number_columns import is_missing
from playground.problems.tables.sources import Column
from playground.problems.tables.tabular_data import (
    TabularData,
    read_tabular_data,
    read_test_data,
)

MAX_CSV_ROWS = 100_000
LEAST_COLUMNS = 2
"""Columns that a table has at least: an input and a target."""
MISSING_TEXTS = EXCEL_ERRORS | {"na", "n/a", "nan", "null", "?", "<na>"}
"""Cells of a column of categories that count as missing, in lower case; "none" is a category."""


def read_csv_columns(
    table: CsvTable, names: list[str] | None = None, target: str | None = None
) -> tuple[dict[str, npt.NDArray[Any]], str]:
    """Return columns by name, and a sentence about what was left out or assumed, or "".

    A column is one of numbers (float64, NaN where one is missing) if all its cells are, else one
    of text (str, None where a cell is empty). Of more than 100,000 rows that many are used.

    Parameters
    ----------
    table : CsvTable
    names : list of str, optional
        All columns if left out.
    target : str, optional
        One of them, in which "true" and "false" are text rather than numbers.

    Raises
    ------
    InputError
        If the file has no rows, or a column of numbers uses two decimal marks.
    """
    names = table.names if names is None else names
    rows, surplus = table.sample_rows(names, MAX_CSV_ROWS)
    if rows.empty:
        raise InputError("The file has column names but no rows below them.")
    remarks = [
        table.remark,
        left_out(surplus, "row with too many cells", "rows with too many cells"),
    ]
    if table.row_count > MAX_CSV_ROWS:
        remarks.append(f"Of {table.row_count:,} rows, {len(rows):,} were used, evenly spaced.")
    columns: dict[str, npt.NDArray[Any]] = {}
    for name in names:
        cells = rows[name].tolist()
        if name == target and {cell.strip().lower() for cell in cells} <= {"", *BOOLEANS}:
            columns[name] = _as_text(cells)
            continue
        try:
            found = read_numbers(
                cells,
                name,
                decimal=table.choices.decimal,
                usual=table.decimal,
                separator=table.separator,
                row_numbers=rows.index.tolist(),
            )
        except InputError:
            if all(is_numeric(cell) for cell in {*cells} if cell.strip()):
                raise  # Numbers, but not of one kind.
            columns[name] = _as_text(cells)
        else:
            columns[name] = found.values
            remarks.append(found.remark)
    return columns, " ".join(filter(None, dict.fromkeys(remarks)))


def read_columns(table: CsvTable, columns: ColumnChoices) -> TabularData:
    """Read the chosen columns of a file; rows without a target are left out, and that is said.

    Raises
    ------
    InputError
        If there is no such column, or `read_tabular_data` refuses the table.
    """
    target = columns.target
    inputs = [name for name in dict.fromkeys(columns.inputs) if name != target]
    for name in (target, *inputs):
        if name not in table.names:
            raise missing_column_error(name, table.names)
    if not inputs:
        raise InputError(f"Choose one or more columns from which {quote(target)} is learned.")
    found, remark = read_csv_columns(table, [*inputs, target], target)
    known = np.array([not is_missing(each) for each in found[target]], np.bool_)
    if not known.any():
        raise InputError(f"All values in column {quote(target)} are missing: learn another one.")
    used = {
        name: as_input(name, values[known], categorical=name in columns.categories)
        for name, values in found.items()
        if name != target
    }
    labels = found[target][known]
    data = read_tabular_data({**used, target: labels}, target, columns.regression)
    missing = left_out(
        int((~known).sum()), f"row without {quote(target)}", f"rows without {quote(target)}"
    )
    return replace(data, remark=" ".join(filter(None, [remark, data.remark, missing])) or None)


def as_input(name: str, values: npt.NDArray[Any], *, categorical: bool) -> Column:
    """Return a column of a file as one of inputs, in which words such as "NA" are missing."""
    if values.dtype.kind == "O":
        values = np.array([None if _is_gap(each) else each for each in values], object)
    return Column(name, values, categorical=categorical or values.dtype.kind == "O")


def read_test_columns(table: CsvTable, data: TabularData) -> tuple[TabularData, str]:
    """Read the rows of a file to test with, and say what was left out; see `read_test_data`."""
    wanted = [*(column.name for column in data.columns), data.target]
    for name in wanted:
        if name not in table.names:
            raise missing_column_error(name, table.names)
    found, remark = read_csv_columns(table, wanted, data.target)
    used = {
        column.name: as_input(column.name, found[column.name], categorical=bool(column.categories))
        for column in data.columns
    }
    return read_test_data({**used, data.target: found[data.target]}, data), remark


def _as_text(cells: list[str]) -> npt.NDArray[np.object_]:
    return np.array([cell.strip() or None for cell in cells], object)


def _is_gap(value: object) -> bool:
    return value is None or str(value).lower() in MISSING_TEXTS
