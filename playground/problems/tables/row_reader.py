"""Reading of rows to be predicted, from tables, arrays, tensors and lists."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from playground.errors import InputError
from playground.problems.array_types import Doubles
from playground.problems.input_columns import InputColumn, input_names
from playground.problems.preprocessing import Preprocessing
from playground.problems.tables.column_encoding import encode_columns
from playground.problems.tables.columns import missing_column_error
from playground.problems.tables.sources import column, names_of, table_columns
from playground.problems.tables.tabular_data import default_names


def read_rows(
    x: object, inputs: Sequence[str], preprocessing: Preprocessing | None = None
) -> Doubles:
    """Return rows of inputs, shape (n, inputs), in the units of the user.

    Parameters
    ----------
    x : table, array, tensor or nested list
        A table has each column by name, in any order; others are ignored. One whose columns are
        only numbered is read by place, as are arrays; with categories these may also hold the
        inputs themselves, one-hot.
    inputs : sequence of str
        Their names.
    preprocessing : Preprocessing, optional
        Says which columns hold categories, and whether inputs may be missing. By default each
        input is a column of numbers, none of them missing.

    Raises
    ------
    InputError
        If the rows are not of that shape, a column is not there or has an unknown category, or
        inputs are missing.
    """
    wanted = tuple(preprocessing.columns) if preprocessing is not None else ()
    wanted = wanted or tuple(map(InputColumn, inputs))
    gaps = preprocessing is not None and preprocessing.fill is not None
    columns = table_columns(x)
    if columns is None:
        return _matrix_rows(x, wanted, gaps=gaps)
    chosen = [each.name for each in wanted]
    names = [*names_of(columns)]
    numbered = all(isinstance(each.name, int | np.integer) for each in columns)
    if numbered and len(columns) == len(chosen) and not {*chosen} <= {*names}:
        names = [*chosen]
    elif chosen == default_names(len(chosen)) and len(columns) == len(chosen):
        names = [*chosen]  # those of an array, which had no names
    by_name = dict(zip(names, columns, strict=True))
    for name in chosen:
        if name not in by_name:
            raise missing_column_error(name, names)
    lengths = {by_name[name].values.shape for name in chosen}
    if len(lengths) > 1 or len(next(iter(lengths))) != 1:
        shapes = ", ".join(map(str, sorted(lengths)))
        raise InputError(f"Columns must have equally many rows, but have the shapes {shapes}.")
    return encode_columns(wanted, [by_name[name].values for name in chosen], gaps=gaps)


def _matrix_rows(x: object, columns: Sequence[InputColumn], *, gaps: bool) -> Doubles:
    values, inputs = column(x).values, input_names(columns)
    if (
        values.ndim == 2
        and values.shape[1] == len(columns)
        and not (values.shape[1] == len(inputs) and values.dtype.kind in "fiub")
    ):
        return encode_columns(columns, [*values.T], gaps=gaps)
    if values.ndim == 2 and values.shape[1] == len(inputs):
        return encode_columns([*map(InputColumn, inputs)], [*values.T], gaps=gaps)
    if len(columns) < len(inputs):
        raise InputError(
            f"Give rows of {len(columns)} columns ({', '.join(each.name for each in columns)}), "
            f"or of {len(inputs)} inputs, one for each category, not the shape {values.shape}."
        )
    raise InputError(
        f"Give rows of {len(inputs)} inputs ({', '.join(inputs)}), an array of shape "
        f"(n, {len(inputs)}), not of shape {values.shape}."
    )
