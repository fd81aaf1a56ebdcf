"""Our own CSV tables: what is downloaded comes back just as it was.

The columns are x, y, label (the name of the class), class (its number) and share; or x, y, value
and share in regression. That header is what such a table is known by.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence

import numpy as np

from playground.problems.cloud_registry import EDGE
from playground.problems.placing import checked_labels
from playground.problems.point_set import PointSet
from playground.problems.snapshot import Snapshot, numbered

CLASS_HEADER = ["x", "y", "label", "class", "share"]
VALUE_HEADER = ["x", "y", "value", "share"]


def write_points(points: PointSet) -> str:
    """Return the points as a CSV table that `read_points` gives back unchanged."""
    now = points.snapshot()
    label = [] if now.regression else [[now.names[number] for number in now.y]]
    # The text numpy gives a number is the shortest that reads as the same number.
    columns = [*now.x.T.astype(str), *label, now.y.astype(str), now.share.astype(str)]
    file = io.StringIO()
    writer = csv.writer(file, lineterminator="\n")
    writer.writerow(VALUE_HEADER if now.regression else CLASS_HEADER)
    writer.writerows(zip(*columns, strict=True))
    return file.getvalue()


def restored(header: Sequence[str], cells: Sequence[Sequence[str]]) -> Snapshot | None:
    """Return the points of a table that `write_points` made; None if it is any other table."""
    regression = list(header) == VALUE_HEADER
    if not regression and list(header) != CLASS_HEADER:
        return None
    try:
        if regression:
            numbers = np.array([[float(cell) for cell in row] for row in cells])
        else:
            numbers = np.array([[float(row[i]) for i in (0, 1, 3, 4)] for row in cells])
        x, share = numbers[:, :2], numbers[:, 3]
        y = checked_labels(numbers[:, 2], regression)
    except (ValueError, IndexError):  # edited by hand, perhaps: no longer one of ours
        return None
    if not ((np.abs(x) <= EDGE).all() and (share >= 0).all() and (share < 1).all()):
        return None
    if regression:
        return Snapshot(x.astype(np.float32), y.astype(np.float32), share, ())
    classes = y.astype(np.int64)
    names = list(numbered(max(2, int(classes.max()) + 1)))
    for row, number in zip(cells, classes, strict=True):
        names[number] = row[2]
    if len(set(names)) < len(names) or any(
        row[2] != names[number] for row, number in zip(cells, classes, strict=True)
    ):
        return None
    return Snapshot(x.astype(np.float32), classes, share, tuple(names))
