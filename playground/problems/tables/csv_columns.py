"""All columns of a CSV file as arrays, for `read_tabular_data`."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt

from playground.errors import InputError
from playground.problems.tables.csv_numbers import is_numeric, read_numbers
from playground.problems.tables.csv_table import CsvTable, left_out

MAX_CSV_ROWS = 100_000


def read_csv_columns(
    table: CsvTable, names: list[str] | None = None
) -> tuple[dict[str, npt.NDArray[Any]], str]:
    """Return columns by name, and a sentence about what was left out or assumed, or "".

    A column is one of numbers (float64, NaN where one is missing) if all its cells are, else one
    of text (str, None where a cell is empty). Of more than 100,000 rows that many are used.

    Parameters
    ----------
    table : CsvTable
    names : list of str, optional
        All columns if left out.

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
            columns[name] = np.array([cell.strip() or None for cell in cells], object)
        else:
            columns[name] = found.values
            remarks.append(found.remark)
    return columns, " ".join(filter(None, dict.fromkeys(remarks)))
