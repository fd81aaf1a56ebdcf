"""What was understood of a CSV file, in a sentence."""

from __future__ import annotations

from playground.problems.points.point_set import PointSet
from playground.problems.tables.columns import quote
from playground.problems.tables.csv.csv_dialect import SEPARATORS
from playground.problems.tables.csv.csv_table import CsvTable

_DECIMALS = {".": "decimal points", ",": "decimal commas", None: "no decimals at first"}


def describe_table(table: CsvTable) -> str:
    """Return how the cells of a file are separated and written, and what its first row holds."""
    first = "names in the first row" if table.has_header else "data from the first row on"
    return (
        f"{len(table.names)} columns separated by {SEPARATORS[table.separator]}, "
        f"{_DECIMALS[table.decimal]}, {first}."
    )


def describe_points(points: PointSet, x: str, y: str, label: str) -> str:
    """Return which columns points were read from, and how many points and classes there are."""
    kind = "values" if points.regression else f"{len(points.names)} classes"
    rows = "1 row" if len(points) == 1 else f"{len(points):,} rows"
    return f"{rows}: x is {quote(x)}, y is {quote(y)}, {kind} from {quote(label)}."
