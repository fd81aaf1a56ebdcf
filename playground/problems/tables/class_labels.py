"""Labels in a CSV column: classes or values, and which of them are missing."""

from __future__ import annotations

import re
from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from playground.errors import InputError
from playground.problems.array_types import Doubles
from playground.problems.points.position_checks import MAX_CLASSES
from playground.problems.tables.columns import encode_classes, quote
from playground.problems.tables.csv.csv_numbers import (
    Bools,
    clean_cell,
    is_missing,
    is_plain_number,
)

ClassNumbers = npt.NDArray[np.int64]

_WHOLE = re.compile(r"[+-]?(?:0|[1-9]\d*)(?:[.,]0*)?(?:[eE][+-]?\d+)?", re.ASCII)


def missing_labels(cells: Sequence[str]) -> Bools:
    """Return which labels are missing, shape (n,).

    Empty cells are. Words such as "none" and "NA" are only where all other labels are numbers;
    elsewhere they name a class.
    """
    texts = [cell.strip() for cell in cells]
    words = {text for text in set(texts) if is_missing(text)}
    others = set(texts) - words
    of_numbers = bool(others) and all(map(_is_number, others))
    missing = words if of_numbers else {""}
    return np.array([text in missing for text in texts], np.bool_)


def are_numbers(cells: Sequence[str]) -> bool:
    """Return whether labels, none of them missing, are all numbers."""
    return all(map(_is_number, set(cells)))


def encode_labels(
    cells: Sequence[str], column: str, numbers: Doubles | None
) -> tuple[ClassNumbers, tuple[str, ...], str]:
    """Encode labels as class numbers.

    Parameters
    ----------
    cells : sequence of str
        None of them missing.
    column : str
        The column's name, for messages.
    numbers : float64 array of shape (n,), optional
        What the labels are if they are all numbers.

    Returns
    -------
    classes : int64 array of shape (n,)
        Classes are in the order of their numbers, or of their names.
    names : tuple of str
        As the file writes them; "2" and "2.0" are one class, "1.1" and "1.10" are two.
    remark : str
        A sentence if a name looks like a missing label, or "".

    Raises
    ------
    InputError
        If there are more than 12 different labels.
    """
    texts = [cell.strip() for cell in cells]
    by_number = None if numbers is None else _names_by_number(texts, numbers)
    if numbers is None or by_number is None:
        classes, names = encode_classes(np.array(texts), column)
    else:
        classes, names = encode_classes(numbers, column, by_number.__getitem__)
    like_missing = [name for name in names if is_missing(name)]
    verb = "counts as a class" if len(like_missing) == 1 else "count as classes"
    remark = f"{' and '.join(map(quote, like_missing))} under {quote(column)} {verb}."
    return classes, names, remark if like_missing else ""


def refuse_mixed_labels(cells: Sequence[str], error: InputError) -> None:
    """Raise an error about numbers if the labels are too many to be classes instead."""
    if len({cell.strip() for cell in cells}) > MAX_CLASSES:
        raise error


def _is_number(cell: str) -> bool:
    return is_plain_number(clean_cell(cell).removesuffix("%").rstrip())


def _names_by_number(texts: Sequence[str], numbers: Doubles) -> dict[float, str] | None:
    """Return the name of each number's class; None if two names stand for one number."""
    found: dict[float, set[str]] = {}
    for text, number in zip(texts, numbers, strict=True):
        found.setdefault(float(number), set()).add(text)
    whole = all(_WHOLE.fullmatch(text) for text in texts)
    names = {}
    for number, written in found.items():
        plain = all(map(_WHOLE.fullmatch, written))
        if len(written) > 1 and not plain:
            return None
        names[number] = f"{number:.0f}" if plain and (whole or len(written) > 1) else min(written)
    return names
