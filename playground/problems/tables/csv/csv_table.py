"""Reading of untrusted CSV files with pandas, in bounded time and memory.

Files for which `pandas.read_csv` takes minutes or gigabytes are rejected before it is called:
large files, very long lines, more than 1,000 columns. Only the requested columns are converted.
"""

from __future__ import annotations

import io
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import TYPE_CHECKING

import numpy as np

from playground.errors import InputError
from playground.problems.tables.csv import csv_dialect
from playground.problems.tables.csv.csv_dialect import (
    MAX_COLUMNS,
    MIN_COLUMNS,
    SEPARATORS,
    CsvChoices,
    Records,
    column_of,
    detect_separator,
    not_a_table_error,
    read_records,
)
from playground.problems.tables.csv.csv_numbers import DecimalMark, detect_decimal
from playground.problems.tables.csv.csv_text import count_lines, decode_csv, lines_of

if TYPE_CHECKING:
    import pandas as pd

CHUNK_ROWS = 100_000
HEAD_LINES, HEAD_CHARACTERS = 200, 200_000
"""Lines at the start of a file, and characters of theirs, from which the dialect is detected."""
*_OTHERS, _LAST = SEPARATORS.values()
_SURPLUS = "\0surplus"
"""Name of a column after the last one; no file has it, as none may contain a null character."""


@dataclass(frozen=True, slots=True)
class CsvTable:
    """A CSV file whose size and header have been checked.

    Attributes
    ----------
    names : list of str
        One for each column, all different, none empty.
    separator : str
        One of `SEPARATORS`.
    decimal : {".", ","} or None
        The decimal mark of most columns, None if no number of the first lines tells.
    choices : CsvChoices
        What was not detected but given.
    has_header : bool
        Whether the file names its columns.
    remark : str
        Sentences about what was assumed about the file, or "".
    row_count : int
        An upper bound on the rows: blank lines count, and so do line breaks within quotes.
    head : list of list of str
        The first rows, without blanks around the cells.
    body : str
        The rows.
    """

    names: list[str]
    separator: str
    decimal: DecimalMark | None
    choices: CsvChoices
    has_header: bool
    remark: str
    row_count: int
    head: Records
    body: str

    def sample_rows(self, columns: Sequence[str], limit: int) -> tuple[pd.DataFrame, int]:
        """Read up to `limit` rows, evenly spaced if there are more.

        One row is drawn at random from each of `limit` sections of equal length, as a fixed step
        could miss a class in a file whose classes alternate. Equal files give equal rows.

        Parameters
        ----------
        columns : sequence of str
            Some of `names`.
        limit : int

        Returns
        -------
        rows : DataFrame of str
            Those columns; the index counts the rows of the file from 1. Missing cells of a short
            row are "".
        surplus : int
            Rows that were left out as they have more cells than there are columns.

        Raises
        ------
        InputError
            If a quote is not closed, or all rows have too many cells.
        """
        # Importing pandas takes half a second, and only CSV files need it.
        import pandas as pd
        from pandas.errors import ParserError

        ends = np.arange(limit + 1) * self.row_count // limit
        offsets = np.random.default_rng(0).random(limit) * np.diff(ends)
        wanted = np.full(self.row_count + 1, self.row_count <= limit)
        if self.row_count > limit:
            wanted[1 + ends[:-1] + offsets.astype(np.int64)] = True
        wanted[0] = False  # a row that pandas needs in order to expect the surplus column
        first = self.separator.join("0" * (len(self.names) + 1)) + "\n"
        try:
            with pd.read_csv(
                io.StringIO(first + self.body, newline=""),
                sep=r"\s+" if self.separator == " " else self.separator,
                header=None,
                names=[*self.names, _SURPLUS],
                usecols=[*columns, _SURPLUS],
                index_col=False,
                dtype=object,
                na_filter=False,
                skipinitialspace=True,
                chunksize=CHUNK_ROWS,  # so that rows left out take no memory
                engine="c",
            ) as chunks:
                rows = pd.concat([chunk[wanted[chunk.index]] for chunk in chunks])
        except ParserError as error:
            raise not_a_table_error(error) from None
        too_long = rows.pop(_SURPLUS).str.strip() != ""
        if len(rows) and too_long.all():
            raise InputError(
                f"All rows have more cells than the {len(self.names)} columns "
                f"({', '.join(self.names[:5])}): is the separator another one, or are there "
                f"decimal commas between {SEPARATORS[self.separator]}?"
            )
        return rows[~too_long], int(too_long.sum())


def open_csv(data: bytes, choices: CsvChoices | None = None, least: int = MIN_COLUMNS) -> CsvTable:
    """Check a CSV file, and detect its encoding, separator and column names.

    Lines that begin with "#" are left out, and so is Excel's line "sep=;". Where the first row
    holds data, the columns are called "column 1" and so on.

    Parameters
    ----------
    data : bytes
    choices : CsvChoices, optional
        What is given rather than detected.
    least : int
        The fewest columns: 3 for points with a label, 2 for an input and a target.

    Raises
    ------
    InputError
        If the file is empty, binary, over 50 MB, has too few columns or more than 1,000, or
        a line of more than 1,000,000 characters.
    """
    choices = choices or CsvChoices()
    text, encoding_remark = decode_csv(data)
    text, given = csv_dialect.strip_separator_line(text)
    separator = choices.separator or given
    text, header, comments = csv_dialect.split_comments(text, _head_lines(text), separator)
    if header is not None:
        text = header.rstrip("\r\n") + "\n" + text
    lines = _head_lines(text)
    separator = separator or detect_separator(lines)
    records = read_records(lines, separator)
    width = csv_dialect.usual_width(records)
    first = records[0] if records else []
    fewest = "x, y and a label" if least == MIN_COLUMNS else "an input and a target"
    needed = f"{least} ({fewest})"
    if not least <= max(width, len(first)) <= MAX_COLUMNS:
        raise InputError(
            f"The file has {_plural(max(width, len(first)), 'column')}; {needed} to {MAX_COLUMNS} "
            f"are allowed, separated by {', '.join(_OTHERS)} or {_LAST}."
        )
    for _line in lines_of(text):  # checks their lengths
        pass
    has_header = header is not None or choices.has_header
    if has_header is None:
        has_header = csv_dialect.first_row_is_header(records)
    rows = records[1:] if has_header else records
    names, name_remark = _names(first if has_header else [""] * width, rows)
    if len(names) < least:
        raise InputError(
            f"The file has {_plural(len(names), 'column')}: {', '.join(names)}; {needed} are the "
            "least."
        )
    body = text[_first_row_length(text, separator) :] if has_header else text
    remarks = [
        encoding_remark,
        left_out(comments, "line of comment", "lines of comment"),
        name_remark,
    ]
    return CsvTable(
        names,
        separator,
        choices.decimal or _usual_decimal(rows, len(names)),
        choices,
        has_header,
        " ".join(filter(None, remarks)),
        count_lines(body),
        rows,
        body,
    )


def _head_lines(text: str) -> list[str]:
    """Return the first lines, the first one complete and the others up to some length."""
    found: list[str] = []
    length = 0
    for line in islice(lines_of(text), HEAD_LINES):
        length += len(line)
        if found and length > HEAD_CHARACTERS:
            break
        found.append(line)
    return found


def _first_row_length(text: str, separator: str) -> int:
    """Return the number of characters up to the end of the first row, which may have many lines."""
    length = 0

    def counted() -> Iterator[str]:
        nonlocal length
        for line in lines_of(text):
            length += len(line)
            yield line

    read_records(counted(), separator, limit=1)
    return length


def _names(first: Sequence[str], rows: Records) -> tuple[list[str], str]:
    """Return the names of the columns, and a sentence if the first row lacks one.

    A separator at the end of each line makes no column. Where the first row has a cell less than
    the others, as R writes it, the first column has no name.
    """
    names, width = list(first), csv_dialect.usual_width(rows)
    while len(names) > 1 and not names[-1] and not any(column_of(rows, len(names) - 1)):
        names.pop()
    remark = ""
    if len(first) + 1 == width and any(column_of(rows, width - 1)):
        names = ["", *first]
        remark = f"The first row names {len(first)} of {width} columns: the first one has no name."
    return _unique_names(names), remark


def _usual_decimal(rows: Records, width: int) -> DecimalMark | None:
    return detect_decimal(cell for place in range(width) for cell in column_of(rows, place))


def _unique_names(names: Sequence[str]) -> list[str]:
    """Return distinct names: empty ones become "column 3", repeated ones "a (2)"."""
    found: dict[str, int] = {}
    for place, name in enumerate(names, start=1):
        wanted = name.strip() or f"column {place}"
        # A file with columns "a, a (2), a" already has the first name tried.
        free = wanted
        while free in found:
            found[wanted] += 1
            free = f"{wanted} ({found[wanted]})"
        found[free] = 1
    return list(found)


def left_out(count: int, one: str, many: str) -> str:
    """Return a sentence about things that were left out; "" if there are none."""
    if not count:
        return ""
    return f"1 {one} was left out." if count == 1 else f"{count} {many} were left out."


def _plural(count: int, what: str) -> str:
    return f"{count} {what}" if count == 1 else f"{count} {what}s"
