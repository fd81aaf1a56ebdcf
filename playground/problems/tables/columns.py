"""Class labels and column names of tables: encoding, quoting, error messages."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

import numpy as np
import numpy.typing as npt

from playground.errors import InputError
from playground.problems.points.position_checks import MAX_CLASSES

FEW_CLASSES = 6
ROWS_PER_CLASS = 5
MAX_QUOTED_LENGTH = 40  # characters
MAX_QUOTED_NAMES = 10


def encode_classes(
    labels: npt.NDArray[Any], column: str, name: Callable[[Any], str] = str
) -> tuple[npt.NDArray[np.int64], tuple[str, ...]]:
    """Encode labels as class numbers, in the sorted order of the labels.

    Parameters
    ----------
    labels : array of shape (n,)
        All text, or all numbers; at least one.
    column : str
        The column's name, for messages.
    name : callable, optional
        Converts a label to the name of its class.

    Returns
    -------
    numbers : int64 array of shape (n,)
    names : tuple of str
        Two or more: a single label is followed by a second class, "not " and the label.

    Raises
    ------
    InputError
        If there are more than 12 different labels.
    """
    found, numbers = np.unique(labels, return_inverse=True)
    if len(found) > MAX_CLASSES:
        raise InputError(
            f"Column {quote(column)} has {len(found)} different labels; 2 to {MAX_CLASSES} are "
            "allowed, or numbers to be learned as values."
        )
    names = tuple(map(name, found))
    return numbers.astype(np.int64), names if len(names) > 1 else (*names, f"not {names[0]}")


def are_few(different: int, count: int) -> bool:
    """Return whether so many different numbers among `count` are classes rather than values.

    They are if there are up to 6, or up to 12 of which each comes 5 times on average.
    """
    return different <= FEW_CLASSES or (
        different <= MAX_CLASSES and count >= ROWS_PER_CLASS * different
    )


def missing_column_error(name: str, names: Iterable[str]) -> InputError:
    """Return the error for a column that does not exist."""
    quoted = [quote(each) for each in names]
    some = ", ".join(quoted[:MAX_QUOTED_NAMES]) + (", …" if len(quoted) > MAX_QUOTED_NAMES else "")
    return InputError(f"There is no column {quote(name)}; there are {some}.")


def quote(text: str) -> str:
    """Return text in quotes for a message, cut after 40 characters."""
    return repr(text if len(text) <= MAX_QUOTED_LENGTH else text[:MAX_QUOTED_LENGTH] + "…")
