"""Columns as finite numbers in double precision."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt

from playground.errors import InputError
from playground.problems.tables.columns import quote

MAX_MAGNITUDE = 1e30

Doubles = npt.NDArray[np.float64]


def read_numbers(values: npt.NDArray[Any], name: str) -> Doubles:
    """Return a column as finite numbers.

    Raises
    ------
    InputError
        If it holds text, dates or complex numbers, or if numbers are missing or over 1e30.
    """
    if values.dtype.kind in "mMc":
        raise InputError(f"Column {quote(name)} holds {values.dtype}, not plain numbers.")
    try:
        numbers = values.astype(np.float64)
    except (TypeError, ValueError, OverflowError):
        others = [each for each in values.ravel() if not is_number(each)]
        if others and all(is_missing(each) for each in others):
            raise _missing_error(name, len(others), values.size) from None
        example = next((each for each in others if not is_missing(each)), "too large a number")
        raise InputError(
            f"Column {quote(name)} holds {quote(str(example))} where only numbers are allowed: "
            "leave it out, or convert it to numbers."
        ) from None
    usable = np.abs(numbers) <= MAX_MAGNITUDE
    if not usable.all():
        raise _missing_error(name, int(numbers.size - usable.sum()), numbers.size)
    return numbers


def is_number(value: object) -> bool:
    """Return whether a value is a real number, NaN and booleans included."""
    return isinstance(value, int | float | np.integer | np.floating | np.bool_)


def is_missing(value: object) -> bool:
    """Return whether a value is None, empty text, NaN, NA or NaT."""
    if isinstance(value, float | np.floating):
        return bool(np.isnan(value))
    return value is None or str(value) in ("", "<NA>", "NaT")


def _missing_error(name: str, missing: int, count: int) -> InputError:
    return InputError(
        f"In column {quote(name)} {missing} of {count} numbers are missing, or larger than "
        f"{MAX_MAGNITUDE:g}: leave out those rows, or fill the gaps."
    )
