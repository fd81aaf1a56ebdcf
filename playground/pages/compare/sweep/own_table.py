"""A table of one's own on the page Compare, and what runs hold of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from playground.errors import InputError
from playground.problems.tables.table_file import TABLE, TableFile
from playground.problems.tables.table_problem import TableProblem
from playground.settings import Settings

CHOICES = "table_settings"
"""Where a run of Compare holds what else was chosen about it, such as the split."""


@dataclass(frozen=True, slots=True, eq=False)
class OwnTable:
    """A table that networks learn, which nobody changes any more.

    Attributes
    ----------
    problem : TableProblem
    packed : mapping or None
        What a run holds of its file; None if there is no file.
    """

    problem: TableProblem
    packed: Mapping[str, Any] | None = None

    @property
    def choices(self) -> dict[str, Any]:
        """The settings of the table by the names that they have on the page Your data."""
        return Settings(self.problem).values()

    def pack(self) -> dict[str, Any]:
        """Return what a run holds of it; nothing where there is no file."""
        return {} if self.packed is None else {TABLE: self.packed, CHOICES: self.choices}


def read_own_table(extra: Mapping[str, Any], present: OwnTable | None) -> OwnTable | None:
    """Read the table that a run holds, which may be from an untrusted file; None if it holds none.

    Parameters
    ----------
    extra : mapping
        What `OwnTable.pack` has returned, among others.
    present : OwnTable or None
        The table that is there, whose rows are taken if its file is the same.

    Raises
    ------
    InputError
        If it is something else, or the file was too large to be held.
    """
    packed, choices = extra.get(TABLE), extra.get(CHOICES)
    if packed is None:
        return None
    if not isinstance(choices, dict):
        raise InputError("The settings of the table in this run are not as Playground writes them.")
    if present is not None and present.packed == packed:
        problem = present.problem.copy()
    else:
        problem = TableProblem(TableFile.unpack(packed).read())
    settings = Settings(problem)
    if sentences := settings.apply(choices):
        raise InputError(f"The table in this run is not as it was: {sentences[0]}")
    if unknown := settings.stop_waiting():
        raise InputError(f"A table has no setting {unknown[0][:40]!r}, as this run has.")
    return OwnTable(problem, packed)
