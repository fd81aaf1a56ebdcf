"""A custom truth table as a setting: the targets of all rows, such as "0110"."""

from __future__ import annotations

import re
from collections.abc import Callable

from playground.problems.gates import CUSTOM, Gates
from playground.problems.truth_tables import check_table

MAX_ROWS = 16
"""Rows of the largest table, of four inputs."""


class TruthTableSetting:
    """The targets of a custom truth table; "" while a gate with a name is learned.

    Parameters
    ----------
    problem : Gates
    """

    name = "table"

    def __init__(self, problem: Gates) -> None:
        self.owner = problem
        self.value_type = _TargetsType()

    @property
    def value(self) -> str:
        """The targets, as digits."""
        return "".join(map(str, self.owner.table)) if self.owner.gate == CUSTOM else ""

    def assign(self, value: str) -> None:
        """Learn this table; InputError if the number of rows is wrong."""
        if value:
            table = check_table([int(answer) for answer in value], self.owner.inputs_count)
            self.owner.param.update(gate=CUSTOM, table=table)

    def watch(self, call: Callable[[], None]) -> None:
        """Call a function whenever the table may have changed."""
        self.owner.param.watch(lambda *_events: call(), ["gate", "table"])


class _TargetsType:
    """Texts of digits 0 and 1."""

    description = "one digit, 0 or 1, for each row, such as 0110"

    def parse(self, given: object) -> str:
        """Accept up to `MAX_ROWS` digits; ValueError for anything else."""
        if isinstance(given, str) and re.fullmatch(f"[01]{{0,{MAX_ROWS}}}", given):
            return given
        raise ValueError

    def coerce(self, value: str) -> str:
        """Return the value; `assign` checks the number of rows."""
        return value

    def text(self, value: str) -> str:
        """Return the value."""
        return value
