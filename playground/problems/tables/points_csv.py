"""Points out of CSV files: columns chosen by name, places scaled to the plane."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import compress
from typing import TypeVar

import numpy as np
import numpy.typing as npt

from playground.errors import InputError
from playground.problems.points.point_set import MAX_POINTS, PointSet
from playground.problems.points.point_snapshot import PointSnapshot, even_split_keys
from playground.problems.points.position_checks import MAX_CLASSES
from playground.problems.tables.csv_cells import is_missing, parse_numbers, quote
from playground.problems.tables.csv_rows import CsvRows, open_csv
from playground.problems.tables.saved_points import parse_saved_points, write_points

__all__ = ["column_names", "read_points", "write_points"]

COORDINATE_LIMIT = (
    5.0  # the least and the greatest coordinate of what is read come to -REACH and REACH
)

Label = TypeVar("Label", str, float)
Doubles = npt.NDArray[np.float64]


def column_names(data: bytes) -> list[str]:
    """Return the names of a CSV file's columns, all different.

    Raises
    ------
    InputError
        If it is no CSV file that points could be read from; see `read_points`.
    """
    return open_csv(data).names


def read_points(
    data: bytes, x: str, y: str, label: str, regression: bool | None = None
) -> PointSet:
    """Read points from a CSV file.

    Parameters
    ----------
    data : bytes
        The file, up to 50 MB. Commas, semicolons or tabs part the cells. Of more than 10,000
        rows that many are taken, evenly spaced.
    x, y, label : str
        Names out of `column_names(data)`.
    regression : bool, optional
        Whether labels are values. If not said: when they are more than 6 different numbers.

    Returns
    -------
    PointSet
        Both coordinates stretched to reach from -5 to 5, values from -1 to 1; what is constant
        becomes 0. Classes are in the order of their names, or of their numbers. `remark` says
        what was left out or assumed. A table made by `write_points` comes back unchanged.

    Raises
    ------
    InputError
        If the file is empty, binary, too large, has no rows, too few or too many columns, not
        the columns asked for, text where numbers belong, no complete row, or more than 6
        classes.
    """
    rows = open_csv(data)
    places = [_column_index(rows.names, name) for name in (x, y, label)]
    cells = rows.sample_rows(MAX_POINTS)
    if not cells:
        raise InputError("The file has column names but no rows below them.")
    saved = parse_saved_points(rows.names, cells) if places == [0, 1, 2] else None
    if saved is not None and regression in (None, saved.regression):
        return PointSet(saved)

    points, missing = _complete_points(cells, rows, places, regression)
    remarks = [
        rows.remark,
        _sampling_remark(rows.count, len(cells)),
        _missing_remark(missing, len(cells)),
        _class_remark(points),
    ]
    return PointSet(points, " ".join(filter(None, remarks)) or None)


def _complete_points(
    cells: list[list[str]], rows: CsvRows, places: list[int], regression: bool | None
) -> tuple[PointSnapshot, int]:
    """Points out of the complete rows, and how many rows are not complete."""
    x, y, label = (rows.names[place] for place in places)
    across, up, labels = ([_cell(row, place) for row in cells] for place in places)
    axes = parse_numbers(across, rows.separator, x), parse_numbers(up, rows.separator, y)
    incomplete = np.isnan(axes).any(axis=0) | np.array([is_missing(text) for text in labels])
    if incomplete.all():
        raise InputError(
            f"None of {len(cells)} rows has numbers under {quote(x)} and {quote(y)} and "
            f"a label under {quote(label)}."
        )
    kept = list(compress(labels, ~incomplete))
    targets, names = _targets(kept, rows.separator, label, regression)
    scaled = np.column_stack([_stretch(axis[~incomplete], COORDINATE_LIMIT) for axis in axes])
    points = PointSnapshot(scaled.astype(np.float32), targets, even_split_keys(0, len(kept)), names)
    return points, int(incomplete.sum())


def _cell(row: Sequence[str], place: int) -> str:
    return row[place].strip() if place < len(row) else ""


def _column_index(names: Sequence[str], name: str) -> int:
    if name in names:
        return names.index(name)
    some = ", ".join(map(quote, names[:10])) + (", …" if len(names) > 10 else "")
    raise InputError(f"There is no column {quote(name)}; there are {some}.")


def _stretch(values: Doubles, reach: float) -> Doubles:
    """Stretch to reach from -reach to reach; a constant becomes 0."""
    low, high = values.min() / 2, values.max() / 2  # halves, whose difference can't overflow
    if high <= low:
        return np.zeros_like(values)
    stretched: Doubles = np.clip((values / 2 - low) / (high - low) * 2 - 1, -1, 1) * reach
    return stretched


def _targets(
    labels: Sequence[str], separator: str, column: str, regression: bool | None
) -> tuple[npt.NDArray[np.int64] | npt.NDArray[np.float32], tuple[str, ...]]:
    """Values without names, or class numbers with the names of the classes."""
    try:
        values = parse_numbers(labels, separator, column)
    except InputError:
        if regression:
            raise
        return _classes(labels, column)
    if regression is None:
        regression = len(np.unique(values)) > MAX_CLASSES
    if regression:
        return _stretch(values, 1.0).astype(np.float32), ()
    return _classes(values.tolist(), column)


def _classes(labels: Sequence[Label], column: str) -> tuple[npt.NDArray[np.int64], tuple[str, ...]]:
    kinds = sorted(set(labels))
    if len(kinds) > MAX_CLASSES:
        raise InputError(
            f"Column {quote(column)} has {len(kinds)} different labels; 2 to {MAX_CLASSES} "
            "are allowed, or numbers to be learned as values."
        )
    number = {kind: index for index, kind in enumerate(kinds)}
    names = tuple(str(kind).removesuffix(".0") for kind in kinds)
    if len(names) == 1:
        names += (f"not {names[0]}",)
    return np.array([number[label] for label in labels], np.int64), names


def _sampling_remark(rows: int, used: int) -> str:
    return f"Of {rows} rows {used} were taken, evenly spaced." if rows > MAX_POINTS else ""


def _missing_remark(missing: int, rows: int) -> str:
    if not missing:
        return ""
    return f"{missing} of {rows} rows were left out, as a number or the label was missing."


def _class_remark(points: PointSnapshot) -> str:
    if points.regression or points.y.any():
        return ""
    return f"All points are of class {quote(points.names[0])}: there is nothing to tell apart."
