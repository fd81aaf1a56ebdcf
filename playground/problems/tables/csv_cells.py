"""What the text in a table's cells means."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from playground.errors import InputError

MISSING_WORDS = frozenset({"", "na", "n/a", "nan", "null", "none"})
MAX_QUOTED_LENGTH = 40  # characters


def is_missing(cell: str) -> bool:
    """Whether a cell holds nothing, or one of the usual words for nothing, or infinity."""
    return cell.lower() in MISSING_WORDS or cell.lower().lstrip("+-") in ("inf", "infinity")


def parse_number(cell: str, separator: str) -> float:
    """Return the number in a cell; with another separator than a comma, "1,5" is 1.5.

    Raises
    ------
    ValueError
        If it is none.
    """
    return float(cell if separator == "," else cell.replace(",", "."))


def parse_numbers(cells: Sequence[str], separator: str, column: str) -> npt.NDArray[np.float64]:
    """Return the numbers in a column, NaN for what is missing or infinite.

    Raises
    ------
    InputError
        If a cell holds anything else.
    """
    found = np.full(len(cells), np.nan)
    for row, cell in enumerate(cells):
        if is_missing(cell):
            continue
        try:
            found[row] = parse_number(cell, separator)
        except ValueError:
            raise InputError(
                f"Column {quote(column)} holds {quote(cell)} where only numbers are allowed."
            ) from None
    found[np.isinf(found)] = np.nan
    return found


def are_numbers(cells: Sequence[str], separator: str) -> bool:
    """Whether every cell holds a finite number."""
    try:
        return all(math.isfinite(parse_number(cell, separator)) for cell in cells)
    except ValueError:
        return False


def make_names_unique(names: Sequence[str]) -> list[str]:
    """Call nameless columns by their place, and add a number to a name that came before."""
    found: dict[str, int] = {}
    for place, name in enumerate(names, start=1):
        wanted = name.strip() or f"column {place}"
        # Names such as "a, a (2), a" make it necessary to look further than one.
        free = wanted
        while free in found:
            found[wanted] += 1
            free = f"{wanted} ({found[wanted]})"
        found[free] = 1
    return list(found)


def quote(text: str) -> str:
    """Return text in quotes for a message, cut if it is long."""
    return repr(text if len(text) <= MAX_QUOTED_LENGTH else text[:MAX_QUOTED_LENGTH] + "…")
