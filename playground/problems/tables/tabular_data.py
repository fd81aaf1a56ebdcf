"""Reading of a DataFrame, arrays or tensors of the user as inputs and targets."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from playground.errors import InputError
from playground.problems.points.position_checks import MAX_CLASSES
from playground.problems.tables.columns import encode_classes, missing_column_error, quote

MAX_ROWS = 100_000
MAX_INPUTS = 16
MAX_MAGNITUDE = 1e30
TARGET_NAMES = ("y", "label", "target", "class")
"""Names, in lower case, of columns that are taken as the target by default."""

ColumnArrays = dict[str, npt.NDArray[Any]]
Doubles = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True, eq=False)
class TabularData:
    """Inputs and targets in the units of the user.

    Attributes
    ----------
    names : tuple of str
        Names of the k inputs, all different.
    x : float64 array of shape (n, k)
    y : int64 array (class numbers) or float64 array (values) of shape (n,)
    classes : tuple of str
        Names of the classes; empty in regression.
    target : str
        Name of the target.
    """

    names: tuple[str, ...]
    x: Doubles
    y: npt.NDArray[np.int64] | Doubles
    classes: tuple[str, ...]
    target: str

    def __len__(self) -> int:
        return len(self.x)


def read_tabular_data(
    data: object, target: str | None = None, regression: bool | None = None
) -> TabularData:
    """Read a table, or a pair of arrays, as inputs and targets.

    Parameters
    ----------
    data : DataFrame, mapping of str to array, or (x, y)
        In a table, one column is the target and all others are inputs. In a pair, x has the
        shape (n, inputs) or (n,) and y the shape (n,) or (n, 1); both are NumPy arrays, tensors
        or lists. 1 to 16 inputs, 2 to 100,000 rows.
    target : str, optional
        The target column. If left out, the first one called "y", "label", "target" or "class",
        else the last.
    regression : bool, optional
        Whether targets are values. If left out, text, booleans, and up to 6 different whole
        numbers are classes, and all else are values.

    Raises
    ------
    InputError
        If the data are of another kind, have too few or too many rows, inputs or classes, text
        in a column of numbers, or missing, infinite or larger numbers than 1e30.
    """
    columns = _columns(data)
    if not columns:
        raise InputError("The table has no columns; give one or more inputs and a target.")
    name = _target_name(columns, target)
    y = columns.pop(name)
    _check_shape(columns, y, name)
    x = np.column_stack([_numbers(values, each) for each, values in columns.items()])
    targets, classes = _targets(y, name, regression)
    return TabularData(tuple(columns), x, targets, classes, name)


def as_array(values: object) -> npt.NDArray[Any]:
    """Return a NumPy array of an array, a list, a column, or a tensor on any device.

    Raises
    ------
    InputError
        If its rows differ in length.
    """
    detach = getattr(values, "detach", None)
    try:
        return np.asarray(values if detach is None else detach().cpu())
    except ValueError as error:
        raise InputError(f"Not all rows are of one length ({error}).") from None


def _columns(data: object) -> ColumnArrays:
    """Return the columns by name, in order; the target of a pair is the last, "y"."""
    names = getattr(data, "columns", data if isinstance(data, Mapping) else None)
    if names is not None:
        return {str(name): as_array(data[name]) for name in names}  # type: ignore[index]
    if not isinstance(data, tuple | list) or len(data) != 2:
        raise InputError(
            f"Give a DataFrame, or a pair (x, y) of arrays or tensors, not {type(data).__name__}."
        )
    x, y = map(as_array, data)
    if x.ndim == 1:
        x = x[:, None]
    if x.ndim != 2:
        raise InputError(f"x has the shape {x.shape}; it needs one row a sample: (n, inputs).")
    names = [f"x{number}" for number in range(1, x.shape[1] + 1)]
    return {**dict(zip(names, x.T, strict=True)), "y": y}


def _target_name(columns: ColumnArrays, target: str | None) -> str:
    if target is not None:
        if target not in columns:
            raise missing_column_error(target, columns)
        return target
    target_names = [name for name in columns if name.lower() in TARGET_NAMES]
    return target_names[0] if target_names else next(reversed(columns))


def _check_shape(columns: ColumnArrays, y: npt.NDArray[Any], target: str) -> None:
    if not 1 <= len(columns) <= MAX_INPUTS:
        raise InputError(
            f"There are {len(columns)} inputs besides {quote(target)}; "
            f"1 to {MAX_INPUTS} are allowed."
        )
    for name, values in columns.items():
        if values.ndim != 1:
            raise InputError(f"Column {quote(name)} has the shape {values.shape}, not (n,).")
    rows = len(next(iter(columns.values())))
    if not y.ndim or len(y) != rows:
        raise InputError(f"There are {rows} rows of inputs, and targets of the shape {y.shape}.")
    if not 2 <= rows <= MAX_ROWS:
        raise InputError(f"There are {rows} rows; 2 to {MAX_ROWS:,} are allowed.")


def _numbers(values: npt.NDArray[Any], name: str) -> Doubles:
    """Return a column as finite numbers; InputError if it holds anything else."""
    if values.dtype.kind in "mMc":
        raise InputError(f"Column {quote(name)} holds {values.dtype}, not plain numbers.")
    try:
        numbers = values.astype(np.float64)
    except (TypeError, ValueError, OverflowError):
        example = next((each for each in values if not _is_number(each)), "too large a number")
        raise InputError(
            f"Column {quote(name)} holds {quote(str(example))} where only numbers are allowed: "
            "leave it out, or convert it to numbers."
        ) from None
    usable = np.abs(numbers) <= MAX_MAGNITUDE
    if not usable.all():
        raise InputError(
            f"In column {quote(name)} {len(numbers) - usable.sum()} of {len(numbers)} numbers are "
            f"missing, or larger than {MAX_MAGNITUDE:g}: leave out those rows, or fill the gaps."
        )
    return numbers


def _targets(
    y: npt.NDArray[Any], name: str, regression: bool | None
) -> tuple[npt.NDArray[np.int64] | Doubles, tuple[str, ...]]:
    y = y.reshape(len(y), -1)
    if y.shape[1] != 1:
        raise InputError(f"Column {quote(name)} has {y.shape[1]} targets a row; give one.")
    labels = y[:, 0]
    text = labels.dtype.kind in "OUST" and not all(map(_is_number, labels))
    if text and regression is not True:
        if any(map(_is_missing_label, labels)):
            raise InputError(f"In column {quote(name)} labels are missing: leave out those rows.")
        return encode_classes(np.array([str(each) for each in labels]), name)
    numbers = _numbers(labels, name)
    whole = bool((numbers == np.round(numbers)).all())
    few = whole and len(np.unique(numbers)) <= MAX_CLASSES
    if regression or (regression is None and not few):
        return numbers, ()
    if labels.dtype.kind == "b":
        return encode_classes(labels, name)
    return encode_classes(numbers.astype(np.int64) if whole else numbers, name)


def _is_number(value: object) -> bool:
    return isinstance(value, int | float | np.number | np.bool_)


def _is_missing_label(value: object) -> bool:
    """Return whether a label is None, empty, NaN (which differs from itself), NA or NaT."""
    if value is None or str(value) in ("", "<NA>", "NaT"):
        return True
    return bool(value != value)
