"""Reading of untrusted CSV files with pandas, in bounded time and memory.

Files for which `pandas.read_csv` takes minutes or gigabytes are rejected before it is called:
large files, very long lines, more than 1,000 columns. Only the requested columns are converted.
"""

from __future__ import annotations

import csv
import io
import math
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import chain
from typing import TYPE_CHECKING

import numpy as np

from playground.errors import InputError

if TYPE_CHECKING:
    import pandas as pd

MAX_BYTES = 50_000_000
MIN_COLUMNS, MAX_COLUMNS = 3, 1_000
MAX_LINE_LENGTH = 1_000_000  # characters
SEPARATORS = ",;\t"
BLANK_START = re.compile(rb"\A(?:\xef\xbb\xbf)?(?:[ \t]*+[\r\n]++)*+")
"""A byte order mark and blank lines before the first row."""
CHUNK_ROWS = 100_000


@dataclass(frozen=True, slots=True)
class CsvTable:
    """A CSV file whose size and header have been checked.

    Attributes
    ----------
    names : list of str
        One for each column, all different, none empty.
    separator : str
        A comma, semicolon or tab.
    remark : str
        A sentence about what was assumed about the file, or "".
    row_count : int
        An upper bound on the rows: blank lines count, and so do line breaks within quotes.
    data : bytes
        The file from its first row on.
    encoding : str
    has_header : bool
        Whether the first row holds the names.
    """

    names: list[str]
    separator: str
    remark: str
    row_count: int
    data: bytes
    encoding: str
    has_header: bool

    def sample_rows(self, columns: Sequence[str], limit: int) -> pd.DataFrame:
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
        DataFrame of str
            Those columns. Missing cells of a short row are "", and surplus cells are left out.

        Raises
        ------
        InputError
            If a quote is not closed.
        """
        # Importing pandas takes half a second, and only CSV files need it.
        import pandas as pd
        from pandas.errors import ParserError

        ends = np.arange(limit + 1) * self.row_count // limit
        offsets = np.random.default_rng(0).random(limit) * np.diff(ends)
        wanted = np.full(self.row_count, self.row_count <= limit)
        wanted[ends[:-1] + offsets.astype(np.int64) if self.row_count > limit else slice(0)] = True
        try:
            with pd.read_csv(
                io.BytesIO(self.data),
                encoding=self.encoding,
                sep=self.separator,
                header=0 if self.has_header else None,
                names=self.names,
                usecols=list(columns),
                index_col=False,
                dtype=object,
                na_filter=False,
                chunksize=CHUNK_ROWS,  # so that rows left out take no memory
                engine="c",
            ) as chunks:
                return pd.concat([chunk[wanted[chunk.index]] for chunk in chunks])
        except ParserError as error:
            raise _not_a_table_error(error) from None


def open_csv(data: bytes) -> CsvTable:
    """Check a CSV file, and detect its encoding, separator and column names.

    UTF-8 is expected, with or without a byte order mark. Anything else is read as Latin-1, in
    which every byte is valid, and `remark` says so. A first row that is all numbers is read as
    data, and the columns are then called "column 1" and so on.

    Raises
    ------
    InputError
        If the file is empty, binary, over 50 MB, has fewer than 3 columns or more than 1,000,
        a line of more than 1,000,000 characters, or an unclosed quote in its first row.
    """
    _check_bytes(data)
    data = BLANK_START.sub(b"", data, count=1)
    encoding, remark = _encoding(data)
    lines = _lines(data, encoding)
    head = next(lines, "")
    separator = max(SEPARATORS, key=head.count)
    try:
        first = next(csv.reader(chain([head], lines), delimiter=separator), [])
    except csv.Error as error:
        raise _not_a_table_error(error) from None
    if not MIN_COLUMNS <= len(first) <= MAX_COLUMNS:
        raise InputError(
            f"The file has {_plural(len(first), 'column')}; {MIN_COLUMNS} (x, y and a label) to "
            f"{MAX_COLUMNS} are allowed, separated by commas, semicolons or tabs."
        )
    for _line in lines:  # checks their lengths
        pass
    has_header = not _are_numbers(first, separator)
    names = _unique_names(first if has_header else [""] * len(first))
    row_count = _line_count(data) - has_header
    return CsvTable(names, separator, remark, row_count, data, encoding, has_header)


def _check_bytes(data: bytes) -> None:
    if len(data) > MAX_BYTES:
        raise InputError(
            f"The file has {len(data) / 1e6:.1f} MB; {MAX_BYTES // 1_000_000} MB is the most."
        )
    if not data.removeprefix(b"\xef\xbb\xbf").strip():
        raise InputError("The file is empty; it needs a line of column names and rows below.")
    if b"\0" in data:
        raise InputError(
            f"The file is binary or UTF-16 (it begins with {data[:8]!r}); a CSV file saved as "
            "UTF-8 text is needed."
        )


def _encoding(data: bytes) -> tuple[str, str]:
    try:
        data.decode()
    except UnicodeDecodeError as error:
        bad_byte = data[error.start]
        return "latin-1", f"The file is not UTF-8 (byte {bad_byte:#x}), so it was read as Latin-1."
    return "utf-8", ""


def _lines(data: bytes, encoding: str) -> Iterator[str]:
    """Yield the lines with their line ends; InputError at a line that is too long."""
    for number, line in enumerate(io.TextIOWrapper(io.BytesIO(data), encoding, newline=""), 1):
        if len(line) > MAX_LINE_LENGTH:
            raise InputError(
                f"Line {number} has {len(line)} characters; {MAX_LINE_LENGTH} is the most."
            )
        yield line


def _line_count(data: bytes) -> int:
    ends = data.count(b"\n") + data.count(b"\r") - data.count(b"\r\n")
    return ends + (not data.endswith((b"\n", b"\r")))


def _are_numbers(cells: Sequence[str], separator: str) -> bool:
    """Return whether every cell holds a finite number."""
    try:
        return all(math.isfinite(float(with_decimal_point(cell, separator))) for cell in cells)
    except ValueError:
        return False


def with_decimal_point(cell: str, separator: str) -> str:
    """Return a number with a decimal point: "1,5" becomes "1.5", unless cells end at commas."""
    return cell if separator == "," else cell.replace(",", ".")


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


def _not_a_table_error(error: Exception) -> InputError:
    return InputError(f"The file can't be read as a table ({error}); is a quote left open?")


def _plural(count: int, what: str) -> str:
    return f"{count} {what}" if count == 1 else f"{count} {what}s"
