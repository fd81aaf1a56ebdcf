"""Which columns of a CSV file are probably the coordinates and the label."""

from __future__ import annotations

from playground.problems.points.position_checks import MAX_CLASSES
from playground.problems.tables.csv_dialect import column_of, is_index, numeric_columns
from playground.problems.tables.csv_table import CsvTable
from playground.problems.tables.saved_points import HEADERS

LABEL_NAMES = ("label", "class", "target", "species", "category", "kind", "type", "outcome")
INDEX_NAMES = ("", "#", "id", "index", "no", "nr", "row", "rownames", "unnamed: 0", "column 1")


def default_columns(table: CsvTable) -> tuple[str, str, str]:
    """Return the names of the columns to offer as x, y and label.

    The label is a column called so, else the last one with text, else y where there is no x, else
    the first one if only that has few different numbers, else the last one. x and y are the first
    other columns of numbers; one that only counts the rows comes last.
    """
    names, width = table.names, len(table.names)
    if names in HEADERS:
        return names[0], names[1], names[2]
    columns = [column_of(table.head, place) for place in range(width)]
    numeric = numeric_columns(table.head, width)
    indices = [
        name.lower() in INDEX_NAMES and is_index(cells)
        for name, cells in zip(names, columns, strict=True)
    ]
    label = _label_column(names, columns, numeric)
    others = [place for place in range(width) if place != label]
    x, y = sorted(others, key=lambda place: (indices[place], not numeric[place], place))[:2]
    return names[x], names[y], names[label]


def _label_column(names: list[str], columns: list[list[str]], numeric: list[bool]) -> int:
    lowered = [name.lower() for name in names]
    for place, name in enumerate(lowered):
        if name in LABEL_NAMES:
            return place
    text = [place for place, is_number in enumerate(numeric) if not is_number]
    if text:
        return text[-1]
    # Beside x1 and x2, y is what is learned; beside x it is a coordinate.
    if "y" in lowered and "x" not in lowered:
        return lowered.index("y")
    few = [1 < len(set(cells)) <= min(MAX_CLASSES, len(cells) // 2) for cells in columns]
    return 0 if few[0] and not few[-1] else len(names) - 1
