"""A table of one's own that trials learn: kept once beside a sweep, sent once to each worker."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from hashlib import sha256
from pathlib import Path
from typing import Any, Self

from playground.errors import InputError
from playground.problems.tables.column_choice import ColumnChoices, suggest_columns
from playground.problems.tables.columns import missing_column_error
from playground.problems.tables.csv.csv_columns import LEAST_COLUMNS
from playground.problems.tables.csv.csv_dialect import CsvChoices
from playground.problems.tables.csv.csv_table import open_csv
from playground.problems.tables.table_file import MAX_PACKED, TABLE, TableFile
from playground.problems.tables.tabular_data import TabularData

PACKED_SUFFIX = ".json"
"""Of the files in which sweeps keep tables."""


@dataclass(frozen=True)
class TrialTable:
    """A CSV file with what was chosen about it.

    Attributes
    ----------
    packed : mapping
        What `TableFile.pack` has returned.

    Raises
    ------
    InputError
        If the file is too large to be sent.
    """

    packed: Mapping[str, Any]

    def __post_init__(self) -> None:
        if "csv" not in self.packed:
            raise InputError(
                f"The table is too large for a sweep: {MAX_PACKED / 1e6:.0f} MB of it, compressed, "
                "can be sent to workers. Take fewer rows or columns."
            )

    def __reduce__(self) -> tuple[type[Self], tuple[Mapping[str, Any]]]:
        """Send a worker what is packed, and not the columns that have been read from it here."""
        return type(self), (self.packed,)

    @classmethod
    def open(cls, path: Path, target: str | None = None) -> tuple[Self, str]:
        """Read a CSV file as it is probably meant, or a table that a sweep has kept.

        Parameters
        ----------
        path : Path
        target : str, optional
            The column that is learned; by default as `suggest_columns` chooses it.

        Returns
        -------
        (TrialTable, str)
            With a sentence about what was left out, or "".

        Raises
        ------
        InputError
            If there is no such file, or it can't be read as a table.
        """
        try:
            content = path.read_bytes()
        except OSError as error:
            raise InputError(f"{path} can't be read: {error.strerror}.") from None
        if path.suffix.lower() == PACKED_SUFFIX:
            return cls.from_bytes(content), ""
        table = open_csv(content, least=LEAST_COLUMNS)
        columns, sentence = suggest_columns(table)
        if target is not None:
            if target not in table.names:
                raise missing_column_error(target, table.names)
            used = {columns.target, *columns.inputs} - {target}
            columns = ColumnChoices(target, tuple(name for name in table.names if name in used))
        found = cls(TableFile(content, CsvChoices(), columns).pack())
        return found, " ".join(filter(None, (table.remark, sentence, found.data.remark)))

    @classmethod
    def from_bytes(cls, content: bytes) -> Self:
        """Restore what `to_bytes` has returned; InputError if it is something else."""
        try:
            packed = json.loads(content)
        except (ValueError, RecursionError) as error:
            raise InputError(f"The table of a sweep can't be read: {error}.") from None
        TableFile.unpack(packed)
        return cls(packed)

    def to_bytes(self) -> bytes:
        """Return the table as a sweep keeps it."""
        return json.dumps(dict(self.packed)).encode()

    @cached_property
    def digest(self) -> str:
        """What tells it from others."""
        return sha256(json.dumps(dict(self.packed), sort_keys=True).encode()).hexdigest()[:16]

    @cached_property
    def data(self) -> TabularData:
        """Its columns; InputError if it can't be learned."""
        return TableFile.unpack(self.packed).read()

    @property
    def run_extra(self) -> dict[str, Any]:
        """What a run holds of it, so that its page can open it."""
        return {TABLE: dict(self.packed)}
