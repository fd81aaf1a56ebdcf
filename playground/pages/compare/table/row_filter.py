"""Filters of tables as text: words that a row must have, and conditions such as `loss < 0.1`."""

from __future__ import annotations

import operator
import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

import panel as pn
import param

from playground.pages.compare.table.runs_table import Cell
from playground.pages.controls.fields.parameter_fields import field
from playground.settings.value_types import parse_number

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
    # A comma is that of a decimal number, or ends the condition.
    number = r"[-+]?\d*,\d+(?:e[-+]?\d+)?(?![\w.,])|[^\s,<>=]+"
    pattern = rf"(?<!\w)({names})\s*(<=|>=|<|>|=)\s*({number})"
    by_name = {heading.casefold(): column for column, heading in enumerate(headings)}
    conditions = []

    def take(found: re.Match[str]) -> str:
        try:
            limit = parse_number(found[3])
        except ValueError:
            return found[0]
        conditions.append(Condition(by_name[found[1].casefold()], found[2], limit))
        return " "

    others = re.sub(pattern, take, text, flags=re.IGNORECASE)
    return tuple(conditions), tuple(others.casefold().replace(",", " ").split())


def matching_rows(
    text: str, headings: Sequence[str], rows: Sequence[Sequence[Cell]], words_in: int
) -> list[bool]:
    """Return which rows of a table a filter leaves.

    Parameters
    ----------
    text : str
        Words, and conditions such as `test loss < 0.1`.
    headings : sequence of str
    rows : sequence
        The cells of each row.
    words_in : int
        How many of the first columns the words are looked for in.
    """
    conditions, wanted = read_filter(text, headings)
    found = []
    for row in rows:
        own = {word for cell in row[:words_in] for word in _words(cell)}
        found.append(own.issuperset(wanted) and all(each.holds(row) for each in conditions))
    return found


def _words(cell: Cell) -> Iterator[str]:
    """Yield what a cell can be found by, in lower case."""
    text = f"{cell:.6g}" if isinstance(cell, int | float) else (cell or "").casefold()
    yield text
    yield from text.split()


def filter_tools(
    owner: param.Parameterized, placeholder: str, select: Callable[[], None]
) -> tuple[object, ...]:
    """Make the field of a filter, the owner's parameter `only`, and what selects its rows."""
    typed = field(
        owner,
        "only",
        sizing_mode=None,
        width=230,
        css_classes=["pg-unlabelled"],
        placeholder=placeholder,
    )
    button = pn.widgets.Button(name="Select these", margin=0, css_classes=["pg-small"])
    button.on_click(lambda _event: select())
    return typed, button
