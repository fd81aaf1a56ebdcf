"""The dialect of a CSV file: its separator, its header, and its comments, detected or given.

The decimal mark, which may be given too, is detected in `csv_numbers.py`.
"""

from __future__ import annotations

import csv
import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import islice, pairwise, takewhile

from playground.errors import InputError
from playground.problems.tables.csv.csv_numbers import (
    EXCEL_ERRORS,
    DecimalMark,
    is_missing,
    is_numeric,
    is_plain_number,
)

SEPARATORS = {";": "semicolons", "\t": "tabs", "|": "bars", ",": "commas", " ": "blanks"}
"""All separators with their names; of two that fit equally well, the first is chosen."""
MIN_COLUMNS, MAX_COLUMNS = 3, 1_000

MAX_SCORED_COLUMNS = 50
"""Columns that are looked at when separators are compared."""

Records = list[list[str]]

_SEPARATOR_LINE = re.compile(r'\A"?sep=(.)"?[ \t]*(?:\r\n|\r|\n)', re.IGNORECASE)
"""Excel's own first line."""
_ERROR_CELL = rf"(?:{'|'.join(map(re.escape, sorted(EXCEL_ERRORS)))})(?:[,;|\t\r\n]|\Z)"
_COMMENT = rf"[ \t]*+(?!{_ERROR_CELL})#"
_COMMENT_LINE = re.compile(
    rf"(?:(?<=\n)|(?<=\r)|\A){_COMMENT}[^\r\n]*+(?:\r\n|\r|\n|\Z)", re.IGNORECASE
)
_COMMENT_START = re.compile(_COMMENT, re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class CsvChoices:
    """What a person says about a CSV file; whatever is None is detected.

    Attributes
    ----------
    separator : str, optional
        One of `SEPARATORS`.
    decimal : {".", ","}, optional
    has_header : bool, optional
        Whether the first row holds the names of the columns.
    """

    separator: str | None = None
    decimal: DecimalMark | None = None
    has_header: bool | None = None

    def __post_init__(self) -> None:
        if self.separator is not None and self.separator not in SEPARATORS:
            allowed = ", ".join(map(repr, SEPARATORS))
            raise InputError(f"Cells can't be separated by {self.separator!r}; give {allowed}.")
        if self.decimal not in (None, ".", ","):
            raise InputError(f"The decimal mark can't be {self.decimal!r}; give '.' or ','.")


def strip_separator_line(text: str) -> tuple[str, str | None]:
    """Remove Excel's line "sep=;" at the start, and return the separator that it gives."""
    found = _SEPARATOR_LINE.match(text)
    if found is None or found[1] not in SEPARATORS:
        return text, None
    return text[found.end() :], found[1]


def read_records(lines: Iterable[str], separator: str, limit: int | None = None) -> Records:
    """Split lines into up to `limit` rows of cells, without blanks around them.

    Rows without content are left out, and no line after the last row is read.

    Raises
    ------
    InputError
        If a cell has over 131,072 characters, as after a quote that is not closed.
    """
    if separator == " ":
        # A quoted cell may have several blanks, which stay.
        lines = (line.replace("\t", " ").strip(" \r\n") for line in lines)
    reader = csv.reader(lines, delimiter=separator, skipinitialspace=True)
    try:
        rows = ([cell.strip() for cell in cells] for cells in reader)
        return list(islice(filter(any, rows), limit))
    except csv.Error as error:
        raise not_a_table_error(error) from None


def not_a_table_error(error: Exception) -> InputError:
    """Return the error for a file that a CSV reader refuses."""
    return InputError(f"The file can't be read as a table ({error}); is a quote left open?")


def detect_separator(lines: Sequence[str]) -> str:
    """Return the separator with which most lines have equally many cells, with most numbers.

    It counts half where it does not separate the first line. If none gives three columns, it is the
    one that gives most.
    """
    return max(SEPARATORS, key=lambda each: _fit(lines, each))


def _fit(lines: Sequence[str], separator: str) -> tuple[bool, float, float, int]:
    try:
        records = read_records(lines, separator)
    except InputError:
        return False, 0.0, 0.0, 0
    width = usual_width(records)
    whole = [cells for cells in records if len(cells) == width]
    share = len(whole) / max(1, len(records))
    if records and len(records[0]) == 1:  # as blanks within the cells of rows below names
        share /= 2
    cells = [cell for record in whole for cell in record[:MAX_SCORED_COLUMNS]]
    numbers = sum(map(is_numeric, cells)) / max(1, len(cells))
    fits = width >= MIN_COLUMNS
    return fits, share * (0.1 + numbers) if fits else 0.0, numbers, width


def usual_width(records: Records) -> int:
    """Return the number of cells that most rows have; of equally frequent ones the larger."""
    counts = Counter(map(len, records))
    return max(counts, key=lambda width: (counts[width], width), default=0)


def numeric_columns(records: Records, width: int) -> list[bool]:
    """Return which columns hold numbers in at least four of five rows where they hold anything."""
    return [_holds_numbers(column_of(records, place)) for place in range(width)]


def _holds_numbers(cells: Sequence[str]) -> bool:
    present = [cell for cell in cells if not is_missing(cell)]
    return bool(present) and sum(map(is_numeric, present)) >= 0.8 * len(present)


def column_of(records: Records, place: int) -> list[str]:
    """Return the cells of a column; a row that is too short has none."""
    return [cells[place] for cells in records if place < len(cells)]


def first_row_is_header(records: Records) -> bool:
    """Return whether the first row holds names rather than data.

    It does if it has text above numbers, and does not if it has a number above numbers, unless
    these are names such as 0, 1, 2 or 1990, 2000, 2010.
    """
    first, rows = records[0], records[1:]
    if not rows:
        return not any(map(is_numeric, first))
    numeric = numeric_columns(rows, len(first))
    above_numbers = [cell for cell, is_number in zip(first, numeric, strict=True) if is_number]
    if any(cell and not is_missing(cell) and not is_numeric(cell) for cell in above_numbers):
        return True
    if any(map(is_numeric, above_numbers)):
        return _are_numeric_names(first, rows, numeric)
    elsewhere = [
        cell in column_of(rows, place)
        for place, cell in enumerate(first)
        if cell and not numeric[place]
    ]
    return not any(elsewhere)


def _are_numeric_names(first: list[str], rows: Records, numeric: Sequence[bool]) -> bool:
    """Return whether the numbers in a first row are rather names, as of columns 0, 1, 2."""
    numbers = [cell for cell, is_number in zip(first, numeric, strict=True) if is_number and cell]
    if len(numbers) < 2 or not all(re.fullmatch(r"\d{1,4}", cell, re.ASCII) for cell in numbers):
        return False
    values = list(map(int, numbers))
    steps = {after - before for before, after in pairwise(values)}
    counted = values[0] == 0 and steps == {1}
    years = len(steps) == 1 and min(steps) > 0 and values[0] >= 1500 and values[-1] <= 2200
    if not counted and not years:
        return False
    text = [place for place, is_number in enumerate(numeric) if not is_number and first[place]]
    if any(first[place] in column_of(rows, place) for place in text):
        return False
    if text or not first[0]:
        return True
    # Only numbers: names if they are whole, and what is below has decimals.
    below = [cell for place in range(len(first)) for cell in column_of(rows, place)]
    return counted and sum("." in cell or "," in cell for cell in below) > len(below) / 2


def is_index(cells: Sequence[str]) -> bool:
    """Return whether a column counts the rows: whole numbers that rise by 1."""
    if len(cells) < 2 or not all(re.fullmatch(r"\d{1,15}", cell, re.ASCII) for cell in cells):
        return False
    return all(int(after) - int(before) == 1 for before, after in pairwise(cells))


def split_comments(
    text: str, lines: Sequence[str], separator: str | None
) -> tuple[str, str | None, int]:
    """Remove comment lines, which begin with "#".

    Parameters
    ----------
    text : str
    lines : sequence of str
        The first lines of the text.
    separator : str, optional
        Detected if None.

    Returns
    -------
    text : str
        Without comments.
    header : str or None
        A line of column names that was a comment, as NumPy and R write it.
    count : int
        The comments that were removed.
    """
    if "#" not in text or _COMMENT_LINE.search(text) is None:
        return text, None, 0
    rest = [line for line in lines if not _COMMENT_START.match(line)]
    rest = [line for line in rest if line.strip()]
    if not rest:
        return text, None, 0
    mark = separator or detect_separator(rest)
    records = read_records(rest, mark)
    width = usual_width(records)
    header_line, header = _commented_header(lines, mark, records)
    comments = [line for line in lines if _COMMENT_START.match(line) and line is not header_line]
    first_is_numeric = _holds_numbers(column_of(records[1:] or records, 0))
    if comments and not first_is_numeric and all(_is_row(line, mark, width) for line in comments):
        return text, None, 0
    stripped, count = _COMMENT_LINE.subn("", text)
    return stripped, header, count - (header is not None)


def _is_row(line: str, separator: str, width: int) -> bool:
    """Return whether a line that begins with "#" is rather a row of data."""
    records = read_records([line], separator)
    content = line.lstrip(" \t")[1:]
    return len(records[0]) == width and not content.startswith((" ", "\t", "#"))


def _commented_header(
    lines: Sequence[str], separator: str, records: Records
) -> tuple[str | None, str | None]:
    """Return the last comment above the data if it names each column, and those names."""
    above = list(takewhile(lambda line: _COMMENT_START.match(line) or not line.strip(), lines))
    comments = [line for line in above if line.strip()]
    too_wide = usual_width(records) > MAX_COLUMNS  # and refused later
    if not comments or too_wide or first_row_is_header(records):
        return None, None
    blanks = " \t" if separator == " " else " "
    bare = comments[-1].lstrip(" \t").removeprefix("#").lstrip(blanks)
    # The first column may be called "#".
    header = "#" + bare if bare.startswith(separator) and separator != " " else bare
    names = (read_records([header], separator) or [[]])[0]
    if len(names) != usual_width(records) or any(map(is_plain_number, names)):
        return None, None
    return comments[-1], header
