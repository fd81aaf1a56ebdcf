"""A CSV file with what was chosen about it, packed so that a run can hold it."""

from __future__ import annotations

import base64
import binascii
import zlib
from collections.abc import Mapping
from dataclasses import dataclass
from hashlib import sha256
from typing import Any, Self

from playground.errors import InputError
from playground.problems.tables.column_choice import ColumnChoices
from playground.problems.tables.csv.csv_columns import LEAST_COLUMNS, read_columns
from playground.problems.tables.csv.csv_dialect import CsvChoices
from playground.problems.tables.csv.csv_table import open_csv
from playground.problems.tables.csv.csv_text import MAX_BYTES
from playground.problems.tables.tabular_data import TabularData

TABLE = "table"
"""Where a run holds the file of its table."""
MAX_PACKED = 2_000_000
"""Characters of a file, packed, that a run can hold."""


@dataclass(frozen=True, slots=True, eq=False)
class TableFile:
    """A CSV file and what was chosen about it, from which a table is read.

    Attributes
    ----------
    content : bytes
    dialect : CsvChoices
    columns : ColumnChoices
    """

    content: bytes
    dialect: CsvChoices
    columns: ColumnChoices

    def read(self) -> TabularData:
        """Read the table; see `read_columns`."""
        return read_columns(open_csv(self.content, self.dialect, LEAST_COLUMNS), self.columns)

    def pack(self) -> dict[str, Any]:
        """Return what JSON can hold, from which `unpack` restores it, unless it is too much.

        Of a file that is too large only a digest is held, which tells it from others.
        """
        packed = base64.b64encode(zlib.compress(self.content)).decode()
        dialect, columns = self.dialect, self.columns
        is_large = len(packed) > MAX_PACKED
        return {
            **({"digest": sha256(self.content).hexdigest()} if is_large else {"csv": packed}),
            "separator": dialect.separator,
            "decimal": dialect.decimal,
            "has_header": dialect.has_header,
            "target": columns.target,
            "inputs": [*columns.inputs],
            "categories": [*columns.categories],
            "regression": columns.regression,
        }

    @classmethod
    def unpack(cls, packed: object) -> Self:
        """Restore what `pack` has returned, which may come from an untrusted file.

        Raises
        ------
        InputError
            If it is something else, or the file was too large.
        """
        match packed:
            case {"digest": str()}:
                raise InputError(
                    "The table of this run was too large to be kept with it: open its file first, "
                    "with the same choices, and the run then."
                )
            case {
                "csv": str(csv),
                "separator": str() | None as separator,
                "decimal": "." | "," | None as decimal,
                "has_header": bool() | None as has_header,
                "target": str(target),
                "inputs": [*inputs],
                "categories": [*categories],
                "regression": bool() | None as regression,
            } if len(csv) <= MAX_PACKED and all(isinstance(n, str) for n in inputs + categories):
                columns = ColumnChoices(target, (*inputs,), (*categories,), regression)
                return cls(_unzip(csv), CsvChoices(separator, decimal, has_header), columns)
        raise InputError("The table in this run is not as Playground writes it.")


@dataclass(frozen=True, slots=True, eq=False)
class OpenTable:
    """A table that was read from a file.

    Attributes
    ----------
    data : TabularData
    packed : mapping or None
        What a run holds of the file; None if there is no file.
    """

    data: TabularData
    packed: Mapping[str, Any] | None = None


def _unzip(text: str) -> bytes:
    """Return the bytes of a packed file, of which there may not be more than in one uploaded."""
    try:
        reader = zlib.decompressobj()
        content = reader.decompress(base64.b64decode(text, validate=True), MAX_BYTES)
    except (binascii.Error, ValueError, zlib.error):
        raise InputError("The table in this run can't be unpacked.") from None
    if not reader.eof:
        raise InputError("The table in this run is too large, or damaged.")
    return content
