"""A truth table of one's own as a setting: the answers to all rows, such as "0110"."""

from __future__ import annotations

import re
from collections.abc import Callable

from playground.problems.gates import CUSTOM, Gates
from playground.problems.truth_tables import check_table

MAX_ROWS = 16
"""Rows of the largest table."""


class TruthTableSetting:
    """The custom truth table; "" while a gate with a name is learned, which has its own.

    Parameters
    ----------
    problem : Gates
    """

    name = "table"

    def __init__(self, problem: Gates) -> None:
        self.owner = problem
        self.value_type = _AnswersKind()

    @property
    def value(self) -> str:
        """The answers."""
        return "".join(map(str, self.owner.table)) if self.owner.gate == CUSTOM else ""

    def assign(self, value: str) -> None:
        """Learn this table; InputError if there are more or fewer rows."""
        if value:
            table = check_table([int(answer) for answer in value], self.owner.inputs_count)
            self.owner.param.update(gate=CUSTOM, table=table)

    def watch(self, call: Callable[[], None]) -> None:
        """Have a function called whenever the table may have changed."""
        self.owner.param.watch(lambda *_events: call(), ["gate", "table"])


class _AnswersKind:
    """Digits 0 and 1."""

    description = "one digit, 0 or 1, for each row, such as 0110"

    def parse(self, given: object) -> str:
        """Take digits."""
        if isinstance(given, str) and re.fullmatch(f"[01]{{0,{MAX_ROWS}}}", given):
            return given
        raise ValueError

    def coerce(self, value: str) -> str:
        """How many are right, the problem knows."""
        return value

    def text(self, value: str) -> str:
        """As it is."""
        return value
