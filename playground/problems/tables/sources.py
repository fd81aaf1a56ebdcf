"""Columns of tables, arrays and tensors of any library, as NumPy arrays."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

import narwhals.stable.v2 as nw
import numpy as np
import numpy.typing as npt
import torch
from narwhals.dependencies import get_pandas, is_pandas_index

from playground.errors import InputError
from playground.problems.tables.columns import quote
from playground.problems.tables.number_columns import MAX_WHOLE

Array = npt.NDArray[Any]

MAX_REASON_LENGTH = 200
MAX_SPARSE_SIZE = 10_000_000
"""Numbers of a sparse matrix, written out."""


@dataclass(frozen=True, slots=True, eq=False)
class Column:
    """One column of a table.

    Attributes
    ----------
    name : object
        As its library has it, such as a str or an int; None if it has none.
    values : array of shape (n, ...)
        Missing values are NaN among numbers; None, NA or NaN among anything else.
    order : tuple of str
        The categories in their order, if it is a column of ordered categories.
    categorical : bool
        Whether its library, or the person, has it as categories, be they numbers or not.
    """

    name: object
    values: Array
    order: tuple[str, ...] = ()
    categorical: bool = False


def table_columns(data: object) -> list[Column] | None:
    """Return the columns of a table; None if the data are no table.

    Parameters
    ----------
    data : object
        A table is a DataFrame of pandas, polars or another library that narwhals knows, an Arrow
        table, a mapping of names to columns, or a structured array.

    Raises
    ------
    InputError
        If it can't be read, as when two columns have the same name.
    """
    if isinstance(data, Mapping):
        return [column(values, name) for name, values in data.items()]
    if isinstance(data, np.ndarray) and data.dtype.names:
        return [column(data[name], name) for name in data.dtype.names]
    try:
        frame: Any = nw.from_native(data, pass_through=True)
        if isinstance(frame, nw.LazyFrame):
            frame = frame.collect()
        if not isinstance(frame, nw.DataFrame):
            return None
        return [_from_series(frame[:, place], name) for place, name in enumerate(frame.columns)]
    except InputError:
        raise
    except Exception as error:  # a table of any library can raise anything
        raise InputError(f"The table can't be read: {_reason(error)}") from error


def column(values: object, name: object = None) -> Column:
    """Return a Column of an array, a list, a Series or a tensor.

    Parameters
    ----------
    values : object
        One row an element; a Column is returned as it is, but for its name.
    name : object, optional
        By default that of a Series or a Column, and none of anything else.

    Raises
    ------
    InputError
        If its rows differ in length, or it can't be read.
    """
    if isinstance(values, Column):
        return replace(values, name=values.name if name is None else name)
    pandas: Any = get_pandas()  # None if nothing has imported it, so that values are not of it
    if pandas is not None and isinstance(values, pandas.api.extensions.ExtensionArray):
        values = pandas.Series(values)
    try:
        series = nw.from_native(values, allow_series=True, pass_through=True)
        if isinstance(series, nw.Series):
            return _from_series(series, (series.name or None) if name is None else name)
        array = _as_array(values)
    except InputError:
        raise
    except ValueError as error:
        raise InputError(f"Not all rows are of one length ({_reason(error)}).") from error
    except Exception as error:  # an array of any library can raise anything
        raise InputError(
            f"A {type(values).__name__} can't be read as an array: {_reason(error)}"
        ) from error
    return Column(name, array)


def label_text(value: object) -> str:
    """Write a label or a category; a whole number has no point, whatever its type."""
    if isinstance(value, bytes):
        return value.decode(errors="replace")
    whole = isinstance(value, float | np.floating) and float(value).is_integer()
    return str(int(value)) if whole else str(value)  # type: ignore[call-overload]


def label_texts(values: Iterable[object], column_name: str) -> list[str]:
    """Write the labels of a column, none of them missing; see `label_text`.

    Raises
    ------
    InputError
        If two that differ are written alike, such as 1 and "1".
    """
    texts = []
    kinds: dict[str, type] = {}
    for value in values:
        text, kind = label_text(value), type(value)
        seen = kinds.setdefault(text, kind)
        if seen is not kind and _is_text(seen) is not _is_text(kind):
            first, second = sorted((seen.__name__, kind.__name__))
            raise InputError(
                f"Column {quote(column_name)} holds {quote(text)} both as {first} and as {second}, "
                "which would be one class: convert the column to one type."
            )
        texts.append(text)
    return texts


def _is_text(kind: type) -> type[str] | type[bytes] | None:
    """Return what kind of text a type is; None if it is none."""
    return next((each for each in (str, bytes) if issubclass(kind, each)), None)


def names_of(columns: list[Column]) -> Iterator[str]:
    """Yield the names of columns as text.

    Raises
    ------
    InputError
        If two have the same name.
    """
    seen: set[str] = set()
    for each in columns:
        name = str(each.name)
        if name in seen:
            raise InputError(f"Two columns are called {name!r}; give them different names.")
        seen.add(name)
        yield name


def pairing_remark(x: object, y: object) -> str:
    """Return a sentence if x and y, of pandas, have the same labels of rows in another order."""
    first, second = (getattr(each, "index", None) for each in (x, y))
    if not (is_pandas_index(first) and is_pandas_index(second)) or first.equals(second):
        return ""
    if len(first) != len(second) or {*first} != {*second}:
        return ""
    return (
        "The indexes of x and y hold the same labels in another order: rows are paired by their "
        "place. To pair them by label, give y.loc[x.index]."
    )


def _from_series(series: Any, name: object) -> Column:  # noqa: ANN401 (of any library)
    categories = series.dtype.categories if isinstance(series.dtype, nw.Enum) else ()
    categorical = isinstance(series.dtype, nw.Enum | nw.Categorical)
    array = _as_array(series.to_numpy())
    # NumPy holds whole numbers beside missing ones in double precision, where long ones merge.
    rounded = series.dtype.is_integer() and array.dtype.kind == "f"
    if rounded and (np.abs(array) > MAX_WHOLE).any():
        array = np.array(series.to_list(), object)
    # To Arrow, one that is missing among categories is the last category.
    if categorical and (missing := _as_array(series.is_null().to_numpy())).any():
        array = array.astype(object)
        array[missing] = None
    return Column(name, array, tuple(map(label_text, categories)), categorical)


def _as_array(values: object) -> Array:
    if isinstance(values, torch.Tensor):
        return _tensor_array(values)
    if isinstance(values, np.ma.MaskedArray):
        return _without_mask(values)
    # A sparse matrix of SciPy, as encoders of scikit-learn give.
    if (toarray := getattr(values, "toarray", None)) is not None:
        shape = getattr(values, "shape", ())
        if math.prod(shape) > MAX_SPARSE_SIZE:
            raise InputError(f"A sparse matrix of the shape {shape} is too large.")
        return np.asarray(toarray())
    if isinstance(values, list | tuple) and any(
        isinstance(each, torch.Tensor | np.ma.MaskedArray) for each in values
    ):
        return np.asarray([_as_array(each) for each in values])
    array = np.asarray(values)
    # NumPy writes numbers beside text as text, after which 1 and "1" are the same.
    if array.dtype.kind in "US" and isinstance(values, list | tuple):
        objects, kind = np.array(values, object), str if array.dtype.kind == "U" else bytes
        if not all(isinstance(each, kind) for each in objects.flat):
            array = objects
    return _without_masked(array)


def _without_masked(array: Array) -> Array:
    """Return an array in which None stands for objects that are NumPy's `masked`."""
    if array.dtype.kind != "O":
        return array
    masked = np.fromiter((each is np.ma.masked for each in array.flat), bool, array.size)
    if not masked.any():
        return array
    cleaned = array.copy()
    cleaned[masked.reshape(array.shape)] = None
    return cleaned


def _tensor_array(tensor: torch.Tensor) -> Array:
    """Return an array of a tensor of any layout, device and type of number."""
    with torch.inference_mode(False), torch.no_grad():
        plain = tensor.detach()
        plain = plain.dequantize() if plain.is_quantized else plain.to_dense()
        plain = plain.cpu().resolve_conj().resolve_neg()
        # NumPy has no bfloat16, and no types of 8 bits.
        return (plain.double() if plain.is_floating_point() else plain).numpy()


def _without_mask(masked: np.ma.MaskedArray[Any, Any]) -> Array:
    """Return an array in which masked numbers are NaN, and all else that is masked None."""
    if not np.ma.is_masked(masked):
        return np.asarray(masked)
    number = masked.dtype.kind in "fiub"
    filled = np.asarray(masked).astype(np.float64 if number else object)
    filled[np.ma.getmaskarray(masked)] = np.nan if number else None
    return filled


def _reason(error: Exception) -> str:
    """Return the beginning of what an error says."""
    return " ".join(str(error).split())[:MAX_REASON_LENGTH] or type(error).__name__
