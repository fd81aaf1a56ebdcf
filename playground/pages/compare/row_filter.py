"""Filters of tables as text: words that a row must have, and conditions such as `loss < 0.1`."""

from __future__ import annotations

import operator
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from playground.pages.compare.runs_table import Cell

_COMPARISONS: dict[str, Callable[[float, float], bool]] = {
    "<=": operator.le,
    ">=": operator.ge,
    "<": operator.lt,
    ">": operator.gt,
    "=": operator.eq,
}


@dataclass(frozen=True, slots=True)
class Condition:
    """A comparison of one column with a number.

    Attributes
    ----------
    column : int
        The number of the column.
    sign : str
        One of <=, >=, <, > and =.
    number : float
    """

    column: int
    sign: str
    number: float

    def holds(self, row: Sequence[Cell]) -> bool:
        """Whether a row fulfils it; one without a number there does not."""
        value = row[self.column]
        return isinstance(value, int | float) and _COMPARISONS[self.sign](value, self.number)


def read_filter(
    text: str, headings: Sequence[str]
) -> tuple[tuple[Condition, ...], tuple[str, ...]]:
    """Return the conditions of a filter, and its other words in lower case.

    Whatever is no condition on a known heading is taken for words.
    """
    # Of "test loss" and "best test loss" the longer comes first.
    names = "|".join(re.escape(each) for each in sorted(headings, key=len, reverse=True))
    pattern = rf"(?<!\w)({names})\s*(<=|>=|<|>|=)\s*([^\s,<>=]+)"
    by_name = {heading.casefold(): number for number, heading in enumerate(headings)}
    conditions = []

    def take(found: re.Match[str]) -> str:
        try:
            number = float(found[3])
        except ValueError:
            return found[0]
        conditions.append(Condition(by_name[found[1].casefold()], found[2], number))
        return " "

    others = re.sub(pattern, take, text, flags=re.IGNORECASE)
    return tuple(conditions), tuple(others.casefold().replace(",", " ").split())
