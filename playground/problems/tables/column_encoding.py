"""Columns of tables to inputs: numbers as they are, categories one-hot, gaps as NaN."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

import numpy as np
import numpy.typing as npt

from playground.errors import InputError
from playground.problems.array_types import Doubles
from playground.problems.input_columns import InputColumn
from playground.problems.tables.columns import quote
from playground.problems.tables.csv.csv_numbers import BOOLEANS, is_numeric
from playground.problems.tables.number_columns import (
    is_missing,
    is_number,
    missing_error,
    read_numbers,
)
from playground.problems.tables.sources import Column, label_text, label_texts

MAX_CATEGORIES = 12

Array = npt.NDArray[Any]


def input_column(column: Column, name: str) -> InputColumn:
    """Say what a column is as an input: text is categories, and so is a type for categories.

    Text that Python reads as numbers is numbers.

    Raises
    ------
    InputError
        If there are too many categories, nothing but missing values, or text that is numbers only
        to a person, such as "1,5".
    """
    texts = _texts(column.values, name, categorical=column.categorical)
    if texts is None:
        if np.isnan(read_numbers(column.values, name, gaps=True)).all():
            raise InputError(f"All values in column {quote(name)} are missing: leave it out.")
        return InputColumn(name)
    found = {*texts}
    if not found:
        raise InputError(f"All values in column {quote(name)} are missing: leave it out.")
    words = {text for text in found if not is_number_text(text)}
    if not words and not column.categorical:
        example = min(text for text in found if not _is_number(text))
        raise InputError(
            f"Column {quote(name)} holds numbers as text, such as {quote(example)}: convert it "
            "to numbers, or to a type for categories."
        )
    if len(found) > MAX_CATEGORIES:
        example = min(words or found)
        raise InputError(
            f"Column {quote(name)} holds {quote(example)} and {len(found) - 1} other texts, where "
            f"numbers or up to {MAX_CATEGORIES} categories are allowed: leave it out."
        )
    unordered = in_order(found, by_size=not _is_text(column.values))
    return InputColumn(name, tuple(sorted(found, key=[*column.order, *unordered].index)))


def is_number_text(text: str) -> bool:
    """Return whether a text is a number or a date to a person, such as "1,5" or "12 %"."""
    return is_numeric(text) and text.strip().lower() not in BOOLEANS


def text_remark(column: Column, name: str) -> str:
    """Return a sentence if texts among the inputs look like something else than they are taken for.

    They do if they are numbers, and if only some of them are; "" if they don't.
    """
    if column.values.dtype.kind not in "OUST" or (column.categorical and column.order):
        return ""
    texts = {each for each in column.values if isinstance(each, str) and each}
    words = {text for text in texts if not is_number_text(text)}
    if not texts or words == texts:
        return ""
    if not words:
        return "" if column.categorical else f"The texts under {quote(name)} were read as numbers."
    return f"{quote(name)} holds numbers and words such as {quote(min(words))}: each is a category."


def in_order(names: Iterable[str], *, by_size: bool) -> list[str]:
    """Sort names of categories: by name, or if they stand for numbers by size."""
    return sorted(names, key=float) if by_size and all(map(_is_number, names)) else sorted(names)


def encode(column: InputColumn, values: Array, *, gaps: bool) -> Doubles:
    """Return the inputs of a column, shape (n, inputs).

    Parameters
    ----------
    column : InputColumn
    values : array of shape (n,)
    gaps : bool
        Whether values may be missing; their inputs are NaN.

    Raises
    ------
    InputError
        If it holds something else than the numbers or the categories of the column.
    """
    if not column.categories:
        return read_numbers(values, column.name, gaps=gaps)[:, None]
    places = {category: place for place, category in enumerate(column.categories)}
    encoded = np.zeros((len(values), len(places)))
    missing = 0
    for row, value in enumerate(values):
        if is_missing(value):
            missing += 1
            encoded[row] = np.nan
        elif label_text(value) in places:
            encoded[row, places[label_text(value)]] = 1
        else:
            found, known = quote(label_text(value)), ", ".join(map(quote, column.categories))
            raise InputError(
                f"Column {quote(column.name)} has no category {found}; it has {known}."
            )
    if missing and not gaps:
        raise missing_error(column.name, missing, len(values), "values")
    return encoded


def encode_columns(
    columns: Sequence[InputColumn], values: Sequence[Array], *, gaps: bool
) -> Doubles:
    """Return the inputs of all columns side by side, shape (n, inputs)."""
    return np.column_stack(
        [encode(column, each, gaps=gaps) for column, each in zip(columns, values, strict=True)]
    )


def typical_inputs(columns: Sequence[InputColumn], x: Doubles) -> Doubles:
    """Return the median of each number and the most frequent category, as one row of inputs.

    Parameters
    ----------
    columns : sequence of InputColumn
    x : array of shape (n, inputs)
        NaN where a value is missing; a column in which all are is taken as 0, or as the first
        category.
    """
    parts, first = [], 0
    for column in columns:
        part = x[:, first : first + len(column.inputs)]
        first += len(column.inputs)
        known = part[~np.isnan(part[:, 0])]
        if column.categories:
            parts.append(np.eye(len(column.categories))[known.sum(axis=0).argmax()])
        else:
            parts.append(np.median(known, axis=0) if len(known) else np.zeros(1))
    return np.concatenate(parts)


def _texts(values: Array, name: str, *, categorical: bool) -> list[str] | None:
    """Return the categories of a column without those that are missing; None for numbers."""
    if not categorical and not _is_text(values):
        return None
    return label_texts((each for each in values if not is_missing(each)), name)


def _is_text(values: Array) -> bool:
    """Return whether a column holds texts, not all of which Python reads as numbers."""
    if values.ndim != 1 or values.dtype.kind not in "OUST":
        return False
    known = [each for each in values if not is_missing(each)]
    if not known or any(is_number(each) or not isinstance(each, str | bytes) for each in known):
        return False
    try:
        np.array(known, object).astype(np.float64)
    except ValueError:
        return True
    return False


def _is_number(name: str) -> bool:
    try:
        return not np.isnan(float(name))
    except ValueError:
        return False
