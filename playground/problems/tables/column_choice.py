"""Which columns of a CSV file are probably coordinates and label, or inputs and target."""

from __future__ import annotations

from dataclasses import dataclass

from playground.problems.points.position_checks import MAX_CLASSES
from playground.problems.tables.column_encoding import MAX_CATEGORIES
from playground.problems.tables.columns import quote
from playground.problems.tables.csv import csv_dialect
from playground.problems.tables.csv.csv_dialect import column_of, is_index
from playground.problems.tables.csv.csv_numbers import is_missing, is_numeric
from playground.problems.tables.csv.csv_table import CsvTable
from playground.problems.tables.saved_points import HEADERS
from playground.problems.tables.tabular_data import MAX_COLUMNS, MAX_INPUTS, TARGET_NAMES

LABEL_NAMES = ("label", "class", "target", "species", "category", "kind", "type", "outcome")
INDEX_NAMES = ("", "#", "id", "index", "no", "nr", "row", "rownames", "unnamed: 0", "column 1")
MAX_NAMED = 3
"""Columns of texts that a sentence names."""


@dataclass(frozen=True, slots=True)
class ColumnChoices:
    """Which columns of a file are used, and as what.

    Attributes
    ----------
    target : str
        The column that is learned.
    inputs : tuple of str
        The columns that it is learned from; the target is never one.
    categories : tuple of str
        Columns of numbers that are used as categories.
    regression : bool or None
        Whether the target holds values rather than classes; None if its content decides.
    """

    target: str
    inputs: tuple[str, ...]
    categories: tuple[str, ...] = ()
    regression: bool | None = None


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
    numeric = csv_dialect.numeric_columns(table.head, width)
    indices = [
        _may_count(name) and is_index(cells) for name, cells in zip(names, columns, strict=True)
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


def suggest_columns(table: CsvTable) -> tuple[ColumnChoices, str]:
    """Choose the columns of a file, and say what was left out, or "".

    The target is the first one called "label", "target", "class" or "y", else the last one. All
    others are inputs, but those that hold nothing, only count the rows, or hold many different
    texts, and those after the 20th.
    """
    names = table.names
    if names in HEADERS:  # a table of points that the page has written
        return ColumnChoices(names[2], (names[0], names[1])), ""
    cells = {name: column_of(table.head, place) for place, name in enumerate(names)}
    texts = {name: _texts(column) for name, column in cells.items()}
    counted = [name for name in names if _may_count(name) and is_index(cells[name])]
    empty = [name for name in names if all(map(is_missing, cells[name]))]
    wordy = [name for name in names if len(texts[name]) > MAX_CATEGORIES]
    usable = [name for name in names if name not in {*counted, *empty, *wordy}]
    by_name = {name.lower(): name for name in reversed(names)}
    called = [by_name[each] for each in TARGET_NAMES if each in by_name]
    target = next(iter([*called, *usable[::-1], names[-1]]))
    inputs: list[str] = []
    width = 0
    candidates = [name for name in usable if name != target]
    for name in candidates:
        width += max(1, len(texts[name]))
        if len(inputs) < MAX_COLUMNS and width <= MAX_INPUTS:
            inputs.append(name)
    nearly = f" in its first {len(table.head)} rows" if len(table.head) < table.row_count else ""
    sentences = [
        *(f"{quote(name)} only counts the rows: left out." for name in counted if name != target),
        *(f"{quote(name)} holds nothing{nearly}: left out." for name in empty if name != target),
        *(
            f"{quote(name)} holds many texts: left out."
            for name in wordy[:MAX_NAMED]
            if name != target
        ),
        f"{len(wordy) - MAX_NAMED} more such columns are left out."
        if len(wordy) > MAX_NAMED
        else "",
        f"Of {len(candidates)} columns, the first {len(inputs)} are learned from."
        if len(inputs) < len(candidates)
        else "",
    ]
    return ColumnChoices(target, (*inputs,)), " ".join(filter(None, sentences))


def numeric_columns(table: CsvTable) -> list[str]:
    """Return the names of the columns of numbers, which can be used as categories."""
    return [
        name for place, name in enumerate(table.names) if not _texts(column_of(table.head, place))
    ]


def _may_count(name: str) -> bool:
    """Return whether a column of this name may hold nothing but the numbers of the rows."""
    return name.lower() in INDEX_NAMES or name.lower().endswith("id")


def _texts(cells: list[str]) -> set[str]:
    """Return the texts of a column; none if all its cells are numbers, or missing."""
    present = {cell for cell in cells if cell and not is_missing(cell)}
    return set() if all(map(is_numeric, present)) else present
