"""The text of a CSV file: its size, its encoding, and its lines."""

from __future__ import annotations

import codecs
import io
import re
from collections.abc import Iterator

from playground.errors import InputError

MAX_BYTES = 50_000_000
MAX_LINE_LENGTH = 1_000_000  # characters
BLANK_START = re.compile(r"\A(?:[ \t]*+[\r\n]++)*+")
"""Blank lines before the first row."""
_BYTE_ORDER_MARK = "\ufeff"
"""Where a file has two, as after a program that knew of none, the second is still in the text."""
# UTF-32's mark begins like UTF-16's.
_BYTE_ORDER_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)


def decode_csv(data: bytes) -> tuple[str, str]:
    """Decode the bytes of a CSV file.

    UTF-8 is expected, or UTF-16 or UTF-32, with or without a byte order mark. Anything else is
    read as Windows-1252, or as Latin-1, in which every byte is valid.

    Returns
    -------
    text : str
        From the first line on that is not blank.
    remark : str
        A sentence about what was assumed, or "".

    Raises
    ------
    InputError
        If the file is empty, binary, or over 50 MB.
    """
    if len(data) > MAX_BYTES:
        raise InputError(
            f"The file has {len(data) / 1e6:.1f} MB; {MAX_BYTES // 1_000_000} MB is the most."
        )
    text, remark = _decode(data)
    if "\0" in text:
        raise _binary_error(data)
    text = BLANK_START.sub("", text.lstrip(_BYTE_ORDER_MARK), count=1)
    if not text.strip():
        raise InputError("The file is empty; it needs a line of column names and rows below.")
    return text, remark


def lines_of(text: str) -> Iterator[str]:
    """Yield the lines with their line ends; InputError at a line that is too long."""
    for number, line in enumerate(io.StringIO(text, newline=""), 1):
        if len(line) > MAX_LINE_LENGTH:
            raise InputError(
                f"Line {number} has {len(line)} characters; {MAX_LINE_LENGTH} is the most."
            )
        yield line


def count_lines(text: str) -> int:
    """Return the number of lines, whatever their ends are."""
    ends = text.count("\n") + text.count("\r") - text.count("\r\n")
    return ends + (bool(text) and not text.endswith(("\n", "\r")))


def _decode(data: bytes) -> tuple[str, str]:
    for mark, encoding in _BYTE_ORDER_MARKS:
        if data.startswith(mark):
            try:
                return data.decode(encoding), ""
            except UnicodeDecodeError:
                raise _binary_error(data) from None
    if b"\0" in data:
        return _decode_unmarked_utf16(data), ""
    try:
        return data.decode(), ""
    except UnicodeDecodeError as error:
        remark = f"The file is not UTF-8 (byte {data[error.start]:#x}), so it was read as "
    try:
        return data.decode("cp1252"), f"{remark}Windows-1252."
    except UnicodeDecodeError:
        return data.decode("latin-1"), f"{remark}Latin-1."


def _decode_unmarked_utf16(data: bytes) -> str:
    """Decode UTF-16 without a byte order mark, in which half of the bytes of plain text are 0."""
    first, second = data[::2].count(0), data[1::2].count(0)
    enough = 0.6 * (len(data) // 2)
    try:
        if not first and second >= enough:
            return data.decode("utf-16-le")
        if not second and first >= enough:
            return data.decode("utf-16-be")
    except UnicodeDecodeError:
        pass
    raise _binary_error(data)


def _binary_error(data: bytes) -> InputError:
    return InputError(
        f"The file is binary (it begins with {data[:8]!r}); a CSV file, which is text, is needed."
    )
