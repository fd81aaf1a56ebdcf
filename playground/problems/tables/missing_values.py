"""What is done about missing values in the inputs of a table, and how many there are."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt
import param

from playground.errors import InputError
from playground.problems.array_types import Doubles
from playground.problems.input_columns import InputColumn, first_inputs

MEDIAN, DROP = "median", "drop rows"

# Param's classes accept a type parameter only from version 2.4 on, so none is given here.


class MissingChoice(param.Selector):  # type: ignore[type-arg]
    """`MEDIAN` or `DROP`, as long as rows are left."""

    def __set__(self, obj: object, val: object) -> None:
        rows = getattr(obj, "complete_rows", None)
        if val == DROP and rows is not None and not len(rows):
            raise InputError(
                "Values are missing in every row, so none would be left: fill the gaps instead, "
                f"with {MEDIAN!r}."
            )
        super().__set__(obj, val)


def complete_rows(x: Doubles) -> npt.NDArray[np.int64]:
    """Return the numbers of the rows in which no input is missing."""
    return np.flatnonzero(~np.isnan(x).any(axis=1))


def missing_counts(columns: Sequence[InputColumn], x: Doubles) -> dict[str, int]:
    """Return how many values are missing in each column where there are any."""
    missing = np.isnan(x).sum(axis=0)
    counts = {
        column.name: int(missing[first])
        for column, first in zip(columns, first_inputs(columns), strict=True)
    }
    return {name: count for name, count in counts.items() if count}
