"""Points out of CSV files: columns chosen by name, places scaled to the plane."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import compress
from typing import TypeVar

import numpy as np
import numpy.typing as npt

from playground.errors import InputError
from playground.problems.csv_cells import is_missing, numbers, shown
from playground.problems.csv_rows import Rows, open_rows
from playground.problems.placing import MOST_CLASSES
from playground.problems.point_set import MOST_POINTS, PointSet
from playground.problems.saved_table import restored, write_points
from playground.problems.snapshot import Snapshot, even_shares

__all__ = ["columns", "read_points", "write_points"]

REACH = 5.0  # the least and the greatest coordinate of what is read come to -REACH and REACH

Label = TypeVar("Label", str, float)
Doubles = npt.NDArray[np.float64]


def columns(data: bytes) -> list[str]:
    """Return the names of a CSV file's columns, all different.

    Raises
    ------
    InputError
        If it is no CSV file that points could be read from; see `read_points`.
    """
    return open_rows(data).names


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
        Names out of `columns(data)`.
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
    rows = open_rows(data)
    places = [_place(rows.names, name) for name in (x, y, label)]
    cells = rows.thinned(MOST_POINTS)
    if not cells:
        raise InputError("The file has column names but no rows below them.")
    saved = restored(rows.names, cells) if places == [0, 1, 2] else None
    if saved is not None and regression in (None, saved.regression):
        return PointSet(saved)

    points, missing = _read(cells, rows, places, regression)
    remarks = [
        rows.remark,
        _thinning_remark(rows.count, len(cells)),
        _missing_remark(missing, len(cells)),
        _class_remark(points),
    ]
    return PointSet(points, " ".join(filter(None, remarks)) or None)


def _read(
    cells: list[list[str]], rows: Rows, places: list[int], regression: bool | None
) -> tuple[Snapshot, int]:
    """Points out of the complete rows, and how many rows are not complete."""
    x, y, label = (rows.names[place] for place in places)
    across, up, labels = ([_cell(row, place) for row in cells] for place in places)
    axes = numbers(across, rows.separator, x), numbers(up, rows.separator, y)
    lacking = np.isnan(axes).any(axis=0) | np.array([is_missing(text) for text in labels])
    if lacking.all():
        raise InputError(
            f"None of {len(cells)} rows has numbers under {shown(x)} and {shown(y)} and "
            f"a label under {shown(label)}."
        )
    kept = list(compress(labels, ~lacking))
    targets, names = _targets(kept, rows.separator, label, regression)
    scaled = np.column_stack([_scaled(axis[~lacking], REACH) for axis in axes])
    points = Snapshot(scaled.astype(np.float32), targets, even_shares(0, len(kept)), names)
    return points, int(lacking.sum())


def _cell(row: Sequence[str], place: int) -> str:
    return row[place].strip() if place < len(row) else ""


def _place(names: Sequence[str], name: str) -> int:
    if name in names:
        return names.index(name)
    some = ", ".join(map(shown, names[:10])) + (", …" if len(names) > 10 else "")
    raise InputError(f"There is no column {shown(name)}; there are {some}.")


def _scaled(values: Doubles, reach: float) -> Doubles:
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
        values = numbers(labels, separator, column)
    except InputError:
        if regression:
            raise
        return _classes(labels, column)
    if regression is None:
        regression = len(np.unique(values)) > MOST_CLASSES
    if regression:
        return _scaled(values, 1.0).astype(np.float32), ()
    return _classes(values.tolist(), column)


def _classes(labels: Sequence[Label], column: str) -> tuple[npt.NDArray[np.int64], tuple[str, ...]]:
    kinds = sorted(set(labels))
    if len(kinds) > MOST_CLASSES:
        raise InputError(
            f"Column {shown(column)} has {len(kinds)} different labels; 2 to {MOST_CLASSES} "
            "are allowed, or numbers to be learned as values."
        )
    number = {kind: index for index, kind in enumerate(kinds)}
    names = tuple(str(kind).removesuffix(".0") for kind in kinds)
    if len(names) == 1:
        names += (f"not {names[0]}",)
    return np.array([number[label] for label in labels], np.int64), names


def _thinning_remark(rows: int, taken: int) -> str:
    return f"Of {rows} rows {taken} were taken, evenly spaced." if rows > MOST_POINTS else ""


def _missing_remark(missing: int, rows: int) -> str:
    if not missing:
        return ""
    return f"{missing} of {rows} rows were left out, as a number or the label was missing."


def _class_remark(points: Snapshot) -> str:
    if points.regression or points.y.any():
        return ""
    return f"All points are of class {shown(points.names[0])}: there is nothing to tell apart."
