"""Reading of a table, arrays or tensors of the user as inputs and targets."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import numpy.typing as npt

from playground.errors import InputError
from playground.problems.array_types import Doubles
from playground.problems.input_columns import InputColumn, input_names
from playground.problems.tables.column_encoding import (
    encode_columns,
    in_order,
    input_column,
    is_number_text,
    text_remark,
)
from playground.problems.tables.columns import (
    are_few,
    encode_classes,
    missing_column_error,
    quote,
)
from playground.problems.tables.number_columns import (
    is_missing,
    is_number,
    read_numbers,
)
from playground.problems.tables.saved_points import HEADERS
from playground.problems.tables.sources import (
    Column,
    column,
    label_text,
    label_texts,
    names_of,
    pairing_remark,
    table_columns,
)

MAX_ROWS = 100_000
MAX_COLUMNS = 20
MAX_INPUTS = 40
"""Inputs of the network, of which a column of categories has one for each."""
TARGET_NAMES = ("label", "target", "class", "y")
"""Names, in lower case, of columns that are taken as the target by default: the first found."""

Array = npt.NDArray[Any]
NamedColumns = dict[str, Column]


@dataclass(frozen=True, slots=True, eq=False)
class TabularData:
    """Inputs and targets in the units of the user.

    Attributes
    ----------
    columns : tuple of InputColumn
        The columns that are learned from.
    x : float64 array of shape (n, inputs)
        NaN where a value is missing.
    y : int64 array (class numbers) or float64 array (values) of shape (n,)
    classes : tuple of str
        Names of the classes; empty in regression.
    target : str
        Name of the target.
    remark : str or None
        A sentence about what was left out.
    """

    columns: tuple[InputColumn, ...]
    x: Doubles
    y: npt.NDArray[np.int64] | Doubles
    classes: tuple[str, ...]
    target: str
    remark: str | None = None

    @property
    def names(self) -> tuple[str, ...]:
        """Names of the inputs, all different."""
        return input_names(self.columns)

    def __len__(self) -> int:
        return len(self.x)

    def __getitem__(self, rows: npt.NDArray[np.int64]) -> TabularData:
        return replace(self, x=self.x[rows], y=self.y[rows])


def read_tabular_data(
    data: object, target: object = None, regression: bool | None = None
) -> TabularData:
    """Read a table, or a pair of inputs and targets.

    Parameters
    ----------
    data : table, matrix, or (x, y)
        A table is a DataFrame of pandas or polars, an Arrow table, a mapping of names to columns,
        or a structured array: one column is the target and all others are inputs. A matrix (n, k)
        is a table without names. In a pair, x is a table, or an array, tensor or list of shape
        (n, inputs) or (n,), and y has the shape (n,) or (n, 1), or is one-hot (n, classes). 1 to
        20 columns of inputs, 2 to 100,000 rows. Columns of text, or of a type for categories, are
        categories, up to 12. Inputs may be missing; masked ones are.
    target : str or int, optional
        The target column, by name or by place from 0 on; -1 is the last. If left out, the first
        found of "label", "target", "class" and "y", else the last. A table of points that was
        downloaded from the page keeps its label and its coordinates.
    regression : bool, optional
        Whether targets are values. If left out, text, booleans, categories, and few
        different whole numbers are classes, and all else are values. Few are up to 6, or up to 12
        of which each comes 5 times on average.

    Raises
    ------
    InputError
        If the data are of another kind, have too few or too many rows, columns, categories or
        classes, text among numbers, missing targets, or infinite or larger numbers than 1e30.
    """
    if not (regression is None or isinstance(regression, bool | np.bool_)):
        raise InputError(f"regression can't be {regression!r}; give True, False or None.")
    columns = named_columns(data, one_hot=not regression)
    if not columns:
        raise InputError("The table has no columns; give one or more inputs and a target.")
    remark = None
    if target is None and [*columns] in HEADERS:
        columns, target, remark = _own_points(columns)
    name = _target_name(columns, target)
    y = columns.pop(name)
    _check_shape(columns, y.values, name)
    inputs = tuple(input_column(each, known) for known, each in columns.items())
    if len(input_names(inputs)) > MAX_INPUTS:
        raise InputError(
            f"With one for each category there are {len(input_names(inputs))} inputs; up to "
            f"{MAX_INPUTS} are allowed: leave out a column of many categories."
        )
    if len({*input_names(inputs)}) < len(input_names(inputs)):
        raise InputError("A column has the name of a category of another one; rename it.")
    x = encode_columns(inputs, [each.values for each in columns.values()], gaps=True)
    targets, classes = _targets(y, name, regression)
    remarks = [
        remark,
        pairing_remark(*data) if isinstance(data, tuple | list) and len(data) == 2 else "",
        *(text_remark(each, known) for known, each in columns.items()),
        _class_remark(y, name, classes) if regression is None else "",
    ]
    return TabularData(inputs, x, targets, classes, name, " ".join(filter(None, remarks)) or None)


def read_test_data(test: object, data: TabularData) -> TabularData:
    """Read rows to test with: a table or a pair, with the columns and the target of `data`.

    Raises
    ------
    InputError
        If a column is not there or holds something else, or if a class is none of those of `data`.
    """
    columns = named_columns(test, one_hot=bool(data.classes))
    if data.target not in columns and isinstance(test, tuple | list) and len(columns) > 1:
        columns[data.target] = columns.pop([*columns][-1])
    for name in (*(each.name for each in data.columns), data.target):
        if name not in columns:
            raise missing_column_error(name, columns)
    y = columns[data.target]
    chosen = {each.name: columns[each.name] for each in data.columns}
    _check_shape(chosen, y.values, data.target, fewest=1)
    x = encode_columns(data.columns, [each.values for each in chosen.values()], gaps=True)
    labels = y.values.reshape(len(y.values), -1)
    if labels.shape[1] != 1:
        raise InputError(f"There are {labels.shape[1]} targets a row to test with; give one.")
    if not data.classes:
        return replace(data, x=x, y=read_numbers(labels[:, 0], data.target), remark=None)
    return replace(data, x=x, y=_known_classes(labels[:, 0], data), remark=None)


def _known_classes(labels: Array, data: TabularData) -> npt.NDArray[np.int64]:
    """Return the numbers of the classes of labels; see `read_test_data`."""
    numbers = {name: number for number, name in enumerate(data.classes)}
    names = [label_text(label) for label in labels]
    for name in names:
        if name not in numbers:
            raise InputError(
                f"Column {quote(data.target)} of the rows to test with holds {quote(name)}, which "
                f"is no class to learn: there are {', '.join(map(quote, data.classes))}."
            )
    return np.array([numbers[name] for name in names], np.int64)


def default_names(count: int) -> list[str]:
    """Return names of inputs that have none."""
    return [f"x{number}" for number in range(1, count + 1)]


def as_columns(x: object) -> NamedColumns:
    """Return the columns of a table, or of an array (n, inputs) or (n,), by name and in order.

    Raises
    ------
    InputError
        If it is no table and has another shape, or two columns have the same name.
    """
    columns = table_columns(x)
    if columns is None:
        whole = column(x)
        if whole.values.ndim == 1:
            return {"x1" if whole.name is None else str(whole.name): whole}
        if whole.values.ndim != 2:
            raise InputError(
                f"x has the shape {whole.values.shape}; it needs one row a sample: (n, inputs)."
            )
        names = default_names(whole.values.shape[1])
        return {
            name: Column(name, values) for name, values in zip(names, whole.values.T, strict=True)
        }
    return dict(zip(names_of(columns), columns, strict=True))


def named_columns(data: object, *, one_hot: bool) -> NamedColumns:
    """Return the columns by name, in order; the target of a pair is the last."""
    if getattr(data, "ndim", 0) == 2 or table_columns(data) is not None:
        return as_columns(data)
    if not isinstance(data, tuple | list) or len(data) != 2:
        raise InputError(
            "Give a DataFrame, or a pair (x, y) of arrays, tables or tensors, not "
            f"{type(data).__name__}."
        )
    if isinstance(data, list) and all(_is_plain_row(each) for each in data):
        raise InputError(
            "A list of two lists of plain values may be two rows, or x and y. Give rows as"
            " np.array(rows), and x and y as a tuple (x, y)."
        )
    columns, target = as_columns(data[0]), _target_column(data[1], one_hot=one_hot)
    name = "y" if target.name is None else str(target.name)
    if name in columns:
        raise InputError(f"An input and the target are both called {quote(name)}; rename one.")
    return {**columns, name: target}


def _is_plain_row(values: object) -> bool:
    return isinstance(values, tuple | list) and all(
        isinstance(each, str | int | float) for each in values
    )


def _target_column(y: object, *, one_hot: bool) -> Column:
    """Return y as one column; rows of 0s and a single 1 become the names of their classes."""
    columns = table_columns(y)
    if columns is None:
        whole = column(y)
        width = whole.values.shape[1] if whole.values.ndim == 2 else 1
        names = [str(number) for number in range(width)]
    elif not columns:
        raise InputError("The table of targets has no columns; give one.")
    elif len(columns) == 1:
        return columns[0]
    else:
        names = [*names_of(columns)]
        whole = Column(None, _stack([each.values for each in columns], names))
    if not (one_hot and len(names) > 1 and _is_one_hot(whole.values)):
        return whole
    numbers = whole.values.astype(np.float64).argmax(axis=1)
    return Column(whole.name, np.array(names, object)[numbers], tuple(names))


def _stack(arrays: Sequence[Array], names: Sequence[str]) -> Array:
    lengths = {each.shape for each in arrays}
    if len(lengths) > 1:
        raise InputError(
            f"The columns {', '.join(map(quote, names))} are not equally long: they have the "
            f"shapes {', '.join(map(str, sorted(lengths)))}."
        )
    kinds = {each.dtype.kind for each in arrays}
    if len(kinds) > 1 and not kinds.isdisjoint("US"):  # which NumPy would make one kind of text
        arrays = [each.astype(object) for each in arrays]
    return np.column_stack(arrays)


def _is_one_hot(values: Array) -> bool:
    if values.dtype.kind == "c":
        return False
    try:
        numbers = values.astype(np.float64)
    except (TypeError, ValueError, OverflowError):
        return False
    zeros_and_ones = bool(np.isin(numbers, (0, 1)).all())
    return zeros_and_ones and bool((numbers.sum(axis=1) == 1).all())


def _own_points(columns: NamedColumns) -> tuple[NamedColumns, str, str]:
    """Return coordinates and label of a table that the page has written, the label, a remark."""
    x, y, label, *others = columns
    remark = (
        f"The table is one of points from Playground: {quote(label)} is learned from {x} and {y}, "
        f"without {' and '.join(map(quote, others))}."
    )
    return {name: columns[name] for name in (x, y, label)}, label, remark


def _target_name(columns: NamedColumns, target: object) -> str:
    names = [*columns]
    if target is None:
        by_lower_case = {name.lower(): name for name in reversed(names)}
        found = (by_lower_case[each] for each in TARGET_NAMES if each in by_lower_case)
        return next(found, names[-1])
    if str(target) in columns:
        return str(target)
    if isinstance(target, int | np.integer) and not isinstance(target, bool):
        place = int(target)
        if -len(names) <= place < len(names):
            return names[place]
    raise missing_column_error(str(target), columns)


def _check_shape(columns: NamedColumns, y: Array, target: str, fewest: int = 2) -> None:
    if not 1 <= len(columns) <= MAX_COLUMNS:
        raise InputError(
            f"There are {len(columns)} inputs besides {quote(target)}; "
            f"1 to {MAX_COLUMNS} are allowed."
        )
    for name, each in columns.items():
        if each.values.ndim != 1:
            raise InputError(f"Column {quote(name)} has the shape {each.values.shape}, not (n,).")
    lengths = {len(each.values): name for name, each in columns.items()}
    if len(lengths) > 1:
        counted = ", ".join(f"{quote(name)} has {count}" for count, name in lengths.items())
        raise InputError(f"Columns must have equally many rows, but {counted}.")
    (rows,) = lengths
    if not y.ndim or len(y) != rows:
        raise InputError(f"There are {rows} rows of inputs, and targets of the shape {y.shape}.")
    if not fewest <= rows <= MAX_ROWS:
        raise InputError(f"There are {rows} rows; {fewest} to {MAX_ROWS:,} are allowed.")


def _targets(
    y: Column, name: str, regression: bool | None
) -> tuple[npt.NDArray[np.int64] | Doubles, tuple[str, ...]]:
    values = y.values.reshape(len(y.values), -1)
    if values.shape[1] != 1:
        raise InputError(
            f"Column {quote(name)} has {values.shape[1]} targets a row; give one, or for classes "
            "a single 1 among 0s."
        )
    labels = values[:, 0]
    text = labels.dtype.kind in "OUST" and not all(map(is_number, labels))
    if regression is not True and (text or y.order or y.categorical):
        return _encode_text(labels, name, y.order, by_size=not text)
    numbers = read_numbers(labels, name)
    whole = bool((numbers == np.round(numbers)).all())
    few = whole and are_few(len(np.unique(numbers)), len(numbers))
    if regression or (regression is None and not few):
        return numbers, ()
    if labels.dtype.kind == "b":
        return encode_classes(labels, name)
    return encode_classes(numbers, name, (lambda each: str(int(each))) if whole else str)


def _class_remark(y: Column, name: str, classes: tuple[str, ...]) -> str:
    """Return a sentence if texts that are numbers, not all whole ones, were taken as classes."""
    texts = {each for each in y.values.ravel() if isinstance(each, str)}
    whole = all(text.strip().lstrip("+-").isdecimal() for text in texts)
    if not classes or y.categorical or y.order or whole or not all(map(is_number_text, texts)):
        return ""
    return (
        f"{quote(name)} holds numbers as text, such as {quote(min(texts))}: each is a class. To "
        "learn values, convert them to numbers."
    )


def _encode_text(
    labels: Array, column_name: str, order: tuple[str, ...], *, by_size: bool
) -> tuple[npt.NDArray[np.int64], tuple[str, ...]]:
    """Encode text as class numbers, in the order of categories, or sorted by size or name."""
    missing = sum(map(is_missing, labels))
    if missing:
        raise InputError(
            f"In column {quote(column_name)} {missing} of {len(labels)} labels are missing: "
            "leave out those rows."
        )
    texts = np.array(label_texts(labels, column_name), object)
    numbers, names = encode_classes(texts, column_name)
    unordered = in_order({*texts.tolist()}, by_size=by_size)
    ordered = sorted(names, key=[*order, *unordered, *names].index)
    return np.array([*map(ordered.index, names)])[numbers], tuple(ordered)
