"""Reading of rows to be predicted, from whatever holds them."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from playground.errors import InputError
from playground.problems.tables.columns import missing_column_error
from playground.problems.tables.number_columns import Doubles, read_numbers
from playground.problems.tables.sources import column, names_of, table_columns
from playground.problems.tables.tabular_data import default_names


def read_rows(x: object, inputs: Sequence[str]) -> Doubles:
    """Return rows of inputs, shape (n, inputs), in the units of the user.

    Parameters
    ----------
    x : table, array, tensor or nested list
        A table has a column for each input, by name and in any order; others are ignored. One
        whose columns are only numbered is read by place.
    inputs : sequence of str
        Their names.

    Raises
    ------
    InputError
        If the rows are not of that shape, a column is not there, or numbers are missing.
    """
    columns = table_columns(x)
    if columns is None:
        return _matrix_rows(x, inputs)
    names = [*names_of(columns)]
    numbered = all(isinstance(each.name, int | np.integer) for each in columns)
    if numbered and len(columns) == len(inputs) and not {*inputs} <= {*names}:
        names = [*inputs]
    elif [*inputs] == default_names(len(inputs)) and len(columns) == len(inputs):
        names = [*inputs]  # those of an array, which had no names
    by_name = dict(zip(names, columns, strict=True))
    for name in inputs:
        if name not in by_name:
            raise missing_column_error(name, names)
    lengths = {by_name[name].values.shape for name in inputs}
    if len(lengths) > 1 or len(next(iter(lengths))) != 1:
        shapes = ", ".join(map(str, sorted(lengths)))
        raise InputError(f"Columns must have equally many rows, but have the shapes {shapes}.")
    return np.column_stack([read_numbers(by_name[name].values, name) for name in inputs])


def _matrix_rows(x: object, inputs: Sequence[str]) -> Doubles:
    values = column(x).values
    if values.ndim != 2 or values.shape[1] != len(inputs):
        raise InputError(
            f"Give rows of {len(inputs)} inputs ({', '.join(inputs)}), an array of shape "
            f"(n, {len(inputs)}), not of shape {values.shape}."
        )
    numbers = [read_numbers(each, name) for each, name in zip(values.T, inputs, strict=True)]
    return np.column_stack(numbers)
