"""Reading of points from CSV files, with coordinates scaled to the plane."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from playground.errors import InputError
from playground.problems.points.point_set import MAX_POINTS, PointSet
from playground.problems.points.point_snapshot import PointSnapshot, even_split_keys
from playground.problems.points.position_checks import MAX_CLASSES
from playground.problems.tables.columns import encode_classes, missing_column_error, quote
from playground.problems.tables.csv_table import CsvTable, open_csv, with_decimal_point
from playground.problems.tables.saved_points import HEADERS, parse_saved_points, write_points

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["column_names", "read_points", "write_points"]

COORDINATE_LIMIT = 5.0
"""Coordinates are scaled so that each column ranges from minus this to this."""
MISSING_WORDS = ("", "na", "n/a", "nan", "null", "none", "inf", "infinity")
"""Cells that count as missing, in lower case and without a sign."""

Doubles = npt.NDArray[np.float64]
Bools = npt.NDArray[np.bool_]


def column_names(data: bytes) -> list[str]:
    """Return the names of a CSV file's columns, all different.

    Raises
    ------
    InputError
        If it is not a CSV file from which points can be read; see `read_points`.
    """
    return open_csv(data).names


def read_points(
    data: bytes, x: str, y: str, label: str, regression: bool | None = None
) -> PointSet:
    """Read points from a CSV file.

    Parameters
    ----------
    data : bytes
        The file, up to 50 MB, with commas, semicolons or tabs between cells. If it has more than
        10,000 rows, that many are used, evenly spaced.
    x, y, label : str
        Names from `column_names(data)`.
    regression : bool, optional
        Whether labels are values. If left out, they are if they are more than 6 different
        numbers.

    Returns
    -------
    PointSet
        Both coordinates scaled to reach from -5 to 5, values from -1 to 1; a constant column
        becomes 0. Classes are in the order of their names, or of their numbers. `remark` says
        what was left out or assumed. A table made by `write_points` is restored unchanged.

    Raises
    ------
    InputError
        If the file is empty, binary or too large, has no rows, too few or too many columns, or
        more than 6 classes, lacks the given columns or a complete row, or has text in a column
        of numbers.
    """
    table = open_csv(data)
    chosen = [x, y, label]
    for name in chosen:
        if name not in table.names:
            raise missing_column_error(name, table.names)
    may_be_saved = table.names in HEADERS and chosen == table.names[:3]
    rows = table.sample_rows(table.names if may_be_saved else [*dict.fromkeys(chosen)], MAX_POINTS)
    if rows.empty:
        raise InputError("The file has column names but no rows below them.")
    saved = parse_saved_points(rows) if may_be_saved else None
    if saved is not None and regression in (None, saved.regression):
        return PointSet(saved)
    points, missing = _complete_points(rows, chosen, table.separator, regression)
    remarks = [
        table.remark,
        _sampling_remark(table, len(rows)),
        _missing_remark(missing, len(rows)),
        _class_remark(points),
    ]
    return PointSet(points, " ".join(filter(None, remarks)) or None)


def _complete_points(
    rows: pd.DataFrame, chosen: list[str], separator: str, regression: bool | None
) -> tuple[PointSnapshot, int]:
    """Return the points of the complete rows, and the number of incomplete rows."""
    x, y, label = chosen
    axes = np.stack([_numbers(rows[name], separator) for name in (x, y)], axis=1)
    labels = rows[label].str.strip()
    complete = np.isfinite(axes).all(axis=1) & ~_is_missing(labels)
    if not complete.any():
        raise InputError(
            f"None of {len(rows)} rows has numbers under {quote(x)} and {quote(y)} and "
            f"a label under {quote(label)}."
        )
    targets, names = _targets(labels[complete], separator, regression)
    scaled = np.apply_along_axis(_scale, 0, axes[complete], COORDINATE_LIMIT).astype(np.float32)
    keys = even_split_keys(0, len(scaled))
    return PointSnapshot(scaled, targets, keys, names), int((~complete).sum())


def _numbers(cells: pd.Series, separator: str) -> Doubles:
    """Return the numbers in a column, NaN if missing; InputError if a cell holds text."""
    import pandas as pd

    texts = cells.str.strip()
    missing = _is_missing(texts)
    readable = texts.mask(missing).map(
        lambda cell: with_decimal_point(cell, separator), na_action="ignore"
    )
    numbers: Doubles = pd.to_numeric(readable, errors="coerce").to_numpy(np.float64, copy=True)
    text = np.isnan(numbers) & ~missing
    if text.any():
        raise InputError(
            f"Column {quote(str(cells.name))} holds {quote(texts[text].iloc[0])} where only "
            "numbers are allowed."
        )
    numbers[np.isinf(numbers)] = np.nan  # such as 1e999
    return numbers


def _is_missing(texts: pd.Series) -> Bools:
    words: Bools = texts.str.lower().str.lstrip("+-").isin(MISSING_WORDS).to_numpy(np.bool_)
    return words


def _scale(values: Doubles, reach: float) -> Doubles:
    """Scale values linearly to -reach to reach; constant values become 0."""
    low, high = values.min() / 2, values.max() / 2  # halved, so that the difference can't overflow
    if high <= low:
        return np.zeros_like(values)
    scaled: Doubles = np.clip((values / 2 - low) / (high - low) * 2 - 1, -1, 1) * reach
    return scaled


def _targets(
    labels: pd.Series, separator: str, regression: bool | None
) -> tuple[npt.NDArray[np.int64] | npt.NDArray[np.float32], tuple[str, ...]]:
    """Return values and no names, or class numbers and the names of the classes."""
    column = str(labels.name)
    try:
        values = _numbers(labels, separator)
    except InputError:
        if regression:
            raise
        return encode_classes(labels.to_numpy(str), column)
    if regression is None:
        regression = len(np.unique(values)) > MAX_CLASSES
    if regression:
        return _scale(values, 1.0).astype(np.float32), ()
    return encode_classes(values, column, lambda value: str(value).removesuffix(".0"))


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
