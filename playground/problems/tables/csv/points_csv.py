"""Reading of points from CSV files, with coordinates scaled to the plane."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from playground.errors import InputError
from playground.problems.array_types import Doubles
from playground.problems.points.point_set import MAX_POINTS, PointSet
from playground.problems.points.point_snapshot import PointSnapshot, stratified_split_keys
from playground.problems.points.point_units import PointUnits
from playground.problems.preprocessing import Scaler
from playground.problems.tables.class_labels import (
    are_numbers,
    encode_labels,
    missing_labels,
    refuse_mixed_labels,
)
from playground.problems.tables.columns import are_few, missing_column_error, quote
from playground.problems.tables.csv.csv_dialect import CsvChoices
from playground.problems.tables.csv.csv_numbers import NumberColumn, read_numbers
from playground.problems.tables.csv.csv_table import CsvTable, left_out, open_csv
from playground.problems.tables.outliers import scale_with_outliers
from playground.problems.tables.saved_points import HEADERS, parse_saved_points, write_points

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["column_names", "read_points", "write_points"]

COORDINATE_LIMIT = 5.0
"""Coordinates are scaled so that each column ranges from minus this to this."""


def column_names(data: bytes, choices: CsvChoices | None = None) -> list[str]:
    """Return the names of a CSV file's columns, all different.

    Raises
    ------
    InputError
        If it is not a CSV file from which points can be read; see `read_points`.
    """
    return open_csv(data, choices).names


def read_points(
    data: bytes,
    x: str,
    y: str,
    label: str,
    regression: bool | None = None,
    choices: CsvChoices | None = None,
) -> PointSet:
    """Read points from a CSV file.

    Parameters
    ----------
    data : bytes
        The file, up to 50 MB, with commas, semicolons, tabs, bars or blanks between cells. If it
        has more than 10,000 rows, that many are used, evenly spaced.
    x, y, label : str
        Names from `column_names(data, choices)`.
    regression : bool, optional
        Whether labels are values. If left out, they are if they are many different numbers: more
        than 12, or more than 6 of which each comes fewer than 5 times on average.
    choices : CsvChoices, optional
        The separator, the decimal mark and whether there is a header, where they should not be
        detected.

    Returns
    -------
    PointSet
        Both coordinates scaled to reach from -5 to 5, values from -1 to 1, but a few outliers to
        the edges; a constant column becomes 0. Classes are in the order of their names, or of
        their numbers. `remark` says what was left out or assumed. A table made by `write_points`
        is restored unchanged.

    Raises
    ------
    InputError
        If the file is empty, binary or too large, has no rows, too few or too many columns, or
        more than 12 classes, lacks the given columns or a complete row, or has text in a column
        of numbers, or two decimal marks.
    """
    return points_of_table(open_csv(data, choices), x, y, label, regression)


def points_of_table(
    table: CsvTable, x: str, y: str, label: str, regression: bool | None = None
) -> PointSet:
    """Read points from a CSV file that is open; see `read_points`."""
    chosen = [x, y, label]
    for name in chosen:
        if name not in table.names:
            raise missing_column_error(name, table.names)
    may_be_saved = table.names in HEADERS and chosen == table.names[:3]
    rows, surplus = table.sample_rows(
        table.names if may_be_saved else [*dict.fromkeys(chosen)], MAX_POINTS
    )
    if rows.empty:
        raise InputError("The file has column names but no rows below them.")
    saved = parse_saved_points(rows) if may_be_saved else None
    if saved is not None and regression in (None, saved.regression):
        return PointSet(saved)
    points, units, remarks = _complete_points(rows, chosen, table, regression)
    remarks = [
        table.remark,
        _sampling_remark(table, len(rows)),
        left_out(surplus, "row with too many cells", "rows with too many cells"),
        *remarks,
        _class_remark(points),
    ]
    return PointSet(points, " ".join(filter(None, dict.fromkeys(remarks))) or None, units)


def _complete_points(
    rows: pd.DataFrame, chosen: list[str], table: CsvTable, regression: bool | None
) -> tuple[PointSnapshot, PointUnits, list[str]]:
    """Return the points of the complete rows, their units, and remarks."""
    x, y, label = chosen
    axes = [_numbers(rows[name], table) for name in (x, y)]
    positions = np.stack([axis.values for axis in axes], axis=1)
    complete = np.isfinite(positions).all(axis=1) & ~missing_labels(rows[label].tolist())
    found = _label_values(rows[label][complete], table, regression)
    if found is not None:
        # Such as "inf" or "1e999": no class is called so where all others are numbers.
        finite = np.isfinite(found.values)
        found, complete[complete] = NumberColumn(found.values[finite], found.remark), finite
    if not complete.any():
        raise InputError(
            f"None of {len(rows)} rows has numbers under {quote(x)} and {quote(y)} and "
            f"a label under {quote(label)}."
        )
    targets, names, value_scaler, label_remark = _targets(rows[label][complete], found, regression)
    scaled, remarks, scalers = [], [], []
    for name, column in zip((x, y), positions[complete].T, strict=True):
        values, scaler, remark = _scale(column, name, COORDINATE_LIMIT)
        scaled.append(values)
        scalers.append(scaler)
        remarks.append(remark)
    keys = stratified_split_keys(targets)
    points = PointSnapshot(np.stack(scaled, axis=1).astype(np.float32), targets, keys, names)
    scalers.append(value_scaler)
    offset, scale = (
        np.concatenate([getattr(each, kind) for each in scalers]) for kind in ("offset", "scale")
    )
    units = PointUnits((x, y, label), Scaler(offset, scale))
    return (
        points,
        units,
        [
            _missing_remark(int((~complete).sum()), len(rows)),
            *(axis.remark for axis in axes),
            *remarks,
            label_remark,
        ],
    )


def _numbers(cells: pd.Series, table: CsvTable) -> NumberColumn:
    """Return the numbers in a column, NaN if missing; InputError if a cell holds text."""
    return read_numbers(
        cells.tolist(),
        str(cells.name),
        decimal=table.choices.decimal,
        usual=table.decimal,
        separator=table.separator,
        row_numbers=cells.index.tolist(),
    )


def _label_values(
    labels: pd.Series, table: CsvTable, regression: bool | None
) -> NumberColumn | None:
    """Return labels as numbers, NaN if infinite; None if they are words."""
    cells = labels.tolist()
    try:
        return _numbers(labels, table) if regression or are_numbers(cells) else None
    except InputError as error:
        if regression:
            raise
        refuse_mixed_labels(cells, error)
        return None


def _targets(
    labels: pd.Series, found: NumberColumn | None, regression: bool | None
) -> tuple[npt.NDArray[np.int64] | npt.NDArray[np.float32], tuple[str, ...], Scaler, str]:
    """Return values and no names, or class numbers and names; how values are scaled; a remark."""
    column, cells = str(labels.name), labels.tolist()
    if found is None:
        classes, names, remark = encode_labels(cells, column, None)
        return classes, names, Scaler.identity(), remark
    if regression is None:
        regression = not are_few(len(np.unique(found.values)), len(found.values))
    if regression:
        values, scaler, remark = _scale(found.values, column, 1.0)
        return values.astype(np.float32), (), scaler, f"{found.remark} {remark}".strip()
    classes, names, remark = encode_labels(cells, column, found.values)
    return classes, names, Scaler.identity(), remark


def _scale(values: Doubles, column: str, reach: float) -> tuple[Doubles, Scaler, str]:
    """Scale the values of a column; return how, and a sentence about outliers, or ""."""
    scaled, outliers, scaler = scale_with_outliers(values, reach)
    count = int(outliers.sum())
    if not count:
        return scaled, scaler, ""
    farthest = values[outliers][np.argmax(np.abs(scaled[outliers]))]
    lie = "value lies" if count == 1 else "values lie"
    return (
        scaled,
        scaler,
        (
            f"Under {quote(column)}, {count} {lie} far out ({farthest:.6g}) and "
            f"{'was' if count == 1 else 'were'} moved to the edge, to leave room for the others."
        ),
    )


def _sampling_remark(table: CsvTable, used: int) -> str:
    if table.row_count <= MAX_POINTS:
        return ""
    return f"Of {table.row_count:,} rows, {used:,} were used, evenly spaced."


def _missing_remark(missing: int, rows: int) -> str:
    if not missing:
        return ""
    return f"{missing} of {rows} rows were left out, as a number or the label was missing."


def _class_remark(points: PointSnapshot) -> str:
    if points.regression or points.y.any():
        return ""
    return f"All points are of class {quote(points.names[0])}: there is nothing to tell apart."
