"""Columns as finite numbers in double precision."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from numbers import Real
from typing import Any

import numpy as np
import numpy.typing as npt

from playground.errors import InputError
from playground.problems.array_types import Doubles
from playground.problems.tables.columns import quote

MAX_MAGNITUDE = 1e30
MAX_WHOLE = 2.0**53
"""Double precision holds all whole numbers up to this."""


def read_numbers(values: npt.NDArray[Any], name: str, *, gaps: bool = False) -> Doubles:
    """Return a column as finite numbers.

    Parameters
    ----------
    values : array
    name : str
        For messages.
    gaps : bool
        Whether numbers may be missing; they are NaN.

    Raises
    ------
    InputError
        If it holds text, dates or complex numbers, or if numbers are over 1e30, or missing where
        they may not be.
    """
    if values.dtype.kind in "mMc":
        raise InputError(
            f"Column {quote(name)} holds {values.dtype}, not plain numbers: convert it, times to "
            "seconds for example, or leave it out."
        )
    if gaps and values.dtype.kind in "OUST":
        values = _with_nan(values)
    try:
        numbers = values.astype(np.float64)
    except (TypeError, ValueError, OverflowError):
        others = [each for each in values.ravel() if not is_number(each)]
        if others and all(is_missing(each) for each in others):
            raise missing_error(name, len(others), values.size) from None
        example = next((each for each in others if not is_missing(each)), "too large a number")
        raise InputError(
            f"Column {quote(name)} holds {quote(str(example))} where only numbers are allowed: "
            "leave it out, or convert it to numbers."
        ) from None
    if (np.abs(numbers) > MAX_MAGNITUDE).any():
        raise InputError(
            f"Column {quote(name)} holds numbers larger than {MAX_MAGNITUDE:g}: scale it down, or "
            "leave out those rows."
        )
    missing = int(np.isnan(numbers).sum())
    if missing and not gaps:
        raise missing_error(name, missing, numbers.size)
    if values.dtype.kind in "iuO" and (np.abs(numbers) > MAX_WHOLE).any():
        exact = [each for each in values.ravel().tolist() if isinstance(each, int | Decimal)]
        refuse_merged([each for each in exact if not is_missing(each)], name)
    return numbers


def is_number(value: object) -> bool:
    """Return whether a value is a real number, such as NaN, a boolean or a Decimal."""
    return isinstance(value, Real | Decimal | np.bool_)


def is_missing(value: object) -> bool:
    """Return whether a value is None, empty text, NaN, NA or NaT."""
    if isinstance(value, float | np.floating | Decimal):
        return value != value
    return value is None or str(value) in ("", "<NA>", "NaT")


def missing_error(name: str, missing: int, count: int, what: str = "numbers") -> InputError:
    """Return the error for missing values in a column of `count`."""
    return InputError(
        f"In column {quote(name)} {missing} of {count} {what} are missing: leave out those rows, "
        "or fill the gaps."
    )


def refuse_merged(exact: Sequence[int | Decimal], name: str) -> None:
    """Raise InputError if different exact numbers are the same in double precision."""
    rounded = {float(value) for value in exact}
    if len(rounded) < len({*exact}):
        raise InputError(
            f"Column {quote(name)} holds numbers of so many digits, such as {max(exact)}, that "
            "some are the same in double precision: subtract their smallest, or leave it out."
        )


def _with_nan(values: npt.NDArray[Any]) -> npt.NDArray[Any]:
    """Return a copy, as an array of objects, with NaN for what is missing."""
    filled = values.astype(object)
    for place, value in enumerate(filled.flat):
        if is_missing(value):
            filled.flat[place] = np.nan
    return filled
