"""Rows out of the bytes of a CSV file, whatever they are, in bounded time and memory."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import chain, compress

import numpy as np

from playground.errors import InputError
from playground.problems.tables.csv_cells import are_numbers, make_names_unique

MAX_BYTES = 50_000_000
MIN_COLUMNS, MAX_COLUMNS = 3, 1_000
MAX_LINE_LENGTH = 1_000_000  # characters
SEPARATORS = ",;\t"


@dataclass(frozen=True, slots=True)
class CsvRows:
    """Rows of text, not read yet.

    Attributes
    ----------
    names : list of str
        One for each column, all different, none empty.
    separator : str
        What stands between the cells: a comma, semicolon or tab.
    remark : str
        A sentence on what had to be assumed of the file, or nothing.
    count : int
        How many rows there are at most; fewer if some are blank or reach over several lines.
    records : iterator of list of str
        The rows, some perhaps shorter or longer than `names`.
    """

    names: list[str]
    separator: str
    remark: str
    count: int
    records: Iterator[list[str]]

    def sample_rows(self, limit: int) -> list[list[str]]:
        """Read up to `limit` rows, evenly spaced if there are more.

        One is taken at a random place in each of `limit` stretches: with a fixed step, a file
        whose classes take turns might lose one of them. Equal files give equal rows.
        """
        ends = np.arange(limit + 1) * self.count // limit
        steps = np.random.default_rng(0).random(limit) * np.diff(ends)
        wanted = np.zeros(self.count, np.uint8)
        wanted[ends[:-1] + steps.astype(np.int64) if self.count > limit else slice(None)] = 1
        try:
            chosen = compress(filter(None, self.records), wanted.tobytes())
            return [row[: len(self.names)] for row in chosen]
        except csv.Error as error:
            raise _not_a_table_error(error) from None


def open_csv(data: bytes) -> CsvRows:
    """Find out how a CSV file is written, and read its column names.

    UTF-8 is expected, with or without a byte order mark. What is not UTF-8 is read as Latin-1,
    which gives every byte a meaning, and a remark says so. A first row all of numbers is taken
    for data, and the columns are then called "column 1" and so on.

    Raises
    ------
    InputError
        If the file is empty, binary, over 50 MB, has fewer than 3 columns or more than 1,000,
        or a line of more than 1,000,000 characters. `sample_rows` raises it too, for what is
        wrong further down.
    """
    _check_bytes(data)
    encoding, remark = _encoding(data)
    lines = _lines(data, encoding)
    head = next((line for line in lines if line.strip()), "")
    separator = max(SEPARATORS, key=head.count)
    records = csv.reader(chain([head], lines), delimiter=separator)
    try:
        first = next(records, [])
    except csv.Error as error:
        raise _not_a_table_error(error) from None
    if not MIN_COLUMNS <= len(first) <= MAX_COLUMNS:
        raise InputError(
            f"The file has {_plural(len(first), 'column')}; {MIN_COLUMNS} (x, y and a label) to "
            f"{MAX_COLUMNS} are allowed, parted by commas, semicolons or tabs."
        )
    if are_numbers(first, separator):
        unnamed = [""] * len(first)
        rest = chain([first], records)
        return CsvRows(make_names_unique(unnamed), separator, remark, _line_count(data), rest)
    return CsvRows(make_names_unique(first), separator, remark, _line_count(data) - 1, records)


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
        data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        bad_byte = data[error.start]
        return "latin-1", f"The file is not UTF-8 (byte {bad_byte:#x}), so it was read as Latin-1."
    return "utf-8-sig", ""


def _lines(data: bytes, encoding: str) -> Iterator[str]:
    """Go through the lines, keeping their ends for the quotes that reach over several."""
    for number, line in enumerate(io.TextIOWrapper(io.BytesIO(data), encoding, newline="")):
        if len(line) > MAX_LINE_LENGTH:
            raise InputError(
                f"Line {number + 1} has {len(line)} characters; {MAX_LINE_LENGTH} is the most."
            )
        yield line


def _line_count(data: bytes) -> int:
    ends = data.count(b"\n") + data.count(b"\r") - data.count(b"\r\n")
    return ends + (not data.endswith((b"\n", b"\r")))


def _not_a_table_error(error: csv.Error) -> InputError:
    return InputError(f"The file can't be read as a table ({error}); is a quote left open?")


def _plural(count: int, what: str) -> str:
    return f"{count} {what}" if count == 1 else f"{count} {what}s"
