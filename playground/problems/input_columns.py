"""Columns of a table as inputs of a network: a number each, or for categories one-hot."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import chain


@dataclass(frozen=True, slots=True)
class InputColumn:
    """A column that a network learns from.

    Attributes
    ----------
    name : str
    categories : tuple of str
        Empty for a column of numbers, which is one input. Each category is an input of its own,
        1 where the column has that category and 0 elsewhere.
    """

    name: str
    categories: tuple[str, ...] = ()

    @property
    def inputs(self) -> tuple[str, ...]:
        """Names of its inputs, such as "age", or "colour=blue" and "colour=red"."""
        if not self.categories:
            return (self.name,)
        return tuple(f"{self.name}={category}" for category in self.categories)


def input_names(columns: Sequence[InputColumn]) -> tuple[str, ...]:
    """Return the names of the inputs of all columns, in order."""
    return tuple(chain.from_iterable(column.inputs for column in columns))


def first_inputs(columns: Sequence[InputColumn]) -> list[int]:
    """Return the number of the first input of each column."""
    numbers, following = [], 0
    for column in columns:
        numbers.append(following)
        following += len(column.inputs)
    return numbers
