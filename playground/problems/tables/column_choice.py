"""Which columns of a CSV file are probably the coordinates and the label."""

from __future__ import annotations

from playground.problems.tables.csv_dialect import column_of, is_index, numeric_columns
from playground.problems.tables.csv_table import CsvTable

LABEL_NAMES = (
    "label", "class", "target", "value", "species", "category", "kind", "type", "outcome",
)  # fmt: skip
INDEX_NAMES = ("", "#", "id", "index", "no", "nr", "row", "rownames", "unnamed: 0", "column 1")


def default_columns(table: CsvTable) -> tuple[str, str, str]:
    """Return the names of the columns to offer as x, y and label.

    The label is a column called so, else the last one with text, else the last one. x and y are
    the first other columns of numbers; one that only counts the rows comes last.
    """
    names, width = table.names, len(table.names)
    columns = [column_of(table.head, place) for place in range(width)]
    numeric = numeric_columns(table.head, width)
    indices = [
        name.lower() in INDEX_NAMES and is_index(cells)
        for name, cells in zip(names, columns, strict=True)
    ]
    called = [place for place, name in enumerate(names) if name.lower() in LABEL_NAMES]
    text = [place for place in range(width) if not numeric[place]]
    label = called[0] if called else text[-1] if text else width - 1
    others = [place for place in range(width) if place != label]
    x, y = sorted(others, key=lambda place: (indices[place], not numeric[place], place))[:2]
    return names[x], names[y], names[label]
