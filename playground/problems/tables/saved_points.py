"""CSV tables of points that can be written and restored unchanged.

The columns are x, y, label (the name of the class), class (its number) and share; or x, y, value
and share in regression. Such a table is recognised by this header.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from playground.problems.points.cloud_registry import PLANE_EDGE
from playground.problems.points.point_set import PointSet
from playground.problems.points.point_snapshot import PointSnapshot, default_class_names
from playground.problems.points.position_checks import check_labels
from playground.problems.tables.csv.formula_cells import original_cell, safe_cell

if TYPE_CHECKING:
    import pandas as pd

CLASS_HEADER = ["x", "y", "label", "class", "share"]
VALUE_HEADER = ["x", "y", "value", "share"]
HEADERS = CLASS_HEADER, VALUE_HEADER


def write_points(points: PointSet) -> str:
    """Return the points as a CSV table, which `read_points` restores unchanged."""
    import pandas as pd

    now = points.snapshot()
    header = VALUE_HEADER if now.regression else CLASS_HEADER
    label = [] if now.regression else [[safe_cell(now.names[number]) for number in now.y]]
    # numpy writes the shortest text that is read as the same number.
    columns = [*now.x.T.astype(str), *label, now.y.astype(str), now.split_key.astype(str)]
    table = pd.DataFrame(dict(zip(header, columns, strict=True)))
    return str(table.to_csv(index=False, lineterminator="\n"))


def write_points_in_units(points: PointSet) -> str:
    """Return the points as a CSV table in the units of the one from which they were read.

    Points that were not read from a table are written as `write_points` does.
    """
    import pandas as pd

    now, units = points.snapshot(), points.units
    if units is None:
        return write_points(points)
    x, y = (units.texts(now.x[:, axis], axis) for axis in (0, 1))
    label = units.texts(now.y, 2) if now.regression else [now.names[each] for each in now.y]
    rows = [*zip(x, y, map(safe_cell, label), strict=True)]
    table = pd.DataFrame(rows, columns=[*map(safe_cell, units.names)])
    return str(table.to_csv(index=False, lineterminator="\n"))


def parse_saved_points(table: pd.DataFrame) -> PointSnapshot | None:
    """Return the points of a table with one of `HEADERS`.

    Parameters
    ----------
    table : DataFrame of str
        At least one row.

    Returns
    -------
    PointSnapshot or None
        None if `write_points` cannot have made the table, as when it was edited by hand.
    """
    regression = "value" in table
    try:
        numbers = table.drop(columns="label", errors="ignore").to_numpy().astype(np.float64)
        x, split_key = numbers[:, :2], numbers[:, 3]
        y = check_labels(numbers[:, 2], regression)
    except ValueError:
        return None
    if not ((np.abs(x) <= PLANE_EDGE).all() and (split_key >= 0).all() and (split_key < 1).all()):
        return None
    if regression:
        return PointSnapshot(x.astype(np.float32), y.astype(np.float32), split_key, ())
    classes = y.astype(np.int64)
    names = list(default_class_names(max(2, int(classes.max()) + 1)))
    labels = [original_cell(each) for each in table["label"]]
    for label, number in zip(labels, classes, strict=True):
        names[number] = label
    if len(set(names)) < len(names) or any(np.array(names, object)[classes] != labels):
        return None
    return PointSnapshot(x.astype(np.float32), classes, split_key, tuple(names))
