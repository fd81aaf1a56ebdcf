"""Our own CSV tables: what is downloaded comes back just as it was.

The columns are x, y, label (the name of the class), class (its number) and share; or x, y, value
and share in regression. That header is what such a table is known by.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence

import numpy as np

from playground.problems.points.cloud_registry import PLANE_EDGE
from playground.problems.points.point_set import PointSet
from playground.problems.points.point_snapshot import PointSnapshot, default_class_names
from playground.problems.points.position_checks import check_labels

CLASS_HEADER = ["x", "y", "label", "class", "share"]
VALUE_HEADER = ["x", "y", "value", "share"]


def write_points(points: PointSet) -> str:
    """Return the points as a CSV table that `read_points` gives back unchanged."""
    now = points.snapshot()
    label = [] if now.regression else [[now.names[number] for number in now.y]]
    # The text numpy gives a number is the shortest that reads as the same number.
    columns = [*now.x.T.astype(str), *label, now.y.astype(str), now.split_key.astype(str)]
    file = io.StringIO()
    writer = csv.writer(file, lineterminator="\n")
    writer.writerow(VALUE_HEADER if now.regression else CLASS_HEADER)
    writer.writerows(zip(*columns, strict=True))
    return file.getvalue()


def parse_saved_points(
    header: Sequence[str], cells: Sequence[Sequence[str]]
) -> PointSnapshot | None:
    """Return the points of a table that `write_points` made; None if it is any other table."""
    regression = list(header) == VALUE_HEADER
    if not regression and list(header) != CLASS_HEADER:
        return None
    try:
        if regression:
            numbers = np.array([[float(cell) for cell in row] for row in cells])
        else:
            numbers = np.array([[float(row[i]) for i in (0, 1, 3, 4)] for row in cells])
        x, split_key = numbers[:, :2], numbers[:, 3]
        y = check_labels(numbers[:, 2], regression)
    except (ValueError, IndexError):  # edited by hand, perhaps: no longer one of ours
        return None
    if not ((np.abs(x) <= PLANE_EDGE).all() and (split_key >= 0).all() and (split_key < 1).all()):
        return None
    if regression:
        return PointSnapshot(x.astype(np.float32), y.astype(np.float32), split_key, ())
    classes = y.astype(np.int64)
    names = list(default_class_names(max(2, int(classes.max()) + 1)))
    for row, number in zip(cells, classes, strict=True):
        names[number] = row[2]
    if len(set(names)) < len(names) or any(
        row[2] != names[number] for row, number in zip(cells, classes, strict=True)
    ):
        return None
    return PointSnapshot(x.astype(np.float32), classes, split_key, tuple(names))
