"""Parameter types whose valid values depend on the number of inputs of their owner."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

import numpy as np
import param

from playground.errors import InputError
from playground.problems.truth_tables import check_table

INPUT_NAMES = ("A", "B", "C", "D")


class HasInputs(Protocol):
    """The interface that the parameters here need of the object to which they belong."""

    inputs_count: int

    @property
    def inputs(self) -> tuple[str, ...]:
        """The names of the current inputs."""


# Param's classes accept a type parameter only from version 2.4 on, so none is given here.


class TruthTableParameter(param.Parameter):  # type: ignore[type-arg]
    """A truth table of 2**inputs_count answers, stored as a tuple of 0 and 1."""

    def __set__(self, obj: HasInputs | None, val: Sequence[int]) -> None:
        super().__set__(obj, val if obj is None else check_table(val, obj.inputs_count))


class AxisSelector(param.Selector):  # type: ignore[type-arg]
    """The name of one of the owner's inputs."""

    def __set__(self, obj: HasInputs | None, val: str) -> None:
        if obj is not None and val not in obj.inputs:
            raise InputError(f"There is no input {val!r}; there are {', '.join(obj.inputs)}.")
        super().__set__(obj, val)

    def _validate_value(self, value: object, allow_None: bool | None = None) -> None:  # noqa: N803
        """Check nothing: `__set__` checks, as `objects` can be out of date."""


class PinsParameter(param.Parameter):  # type: ignore[type-arg]
    """Values from 0 to 1 of inputs A to D, stored as a tuple of four; missing ones are 0."""

    def __set__(self, obj: HasInputs | None, val: Sequence[float]) -> None:
        super().__set__(obj, _checked_pins(val))


def _checked_pins(values: Sequence[float]) -> tuple[float, ...]:
    if not isinstance(values, list | tuple | np.ndarray) or len(values) > len(INPUT_NAMES):
        raise InputError(f"Give up to {len(INPUT_NAMES)} values from 0 to 1, not {values!r}.")
    for value in values:
        if not (isinstance(value, int | float | np.number) and 0 <= value <= 1):
            raise InputError(f"An input can't be held at {value!r}; choose from 0 to 1.")
    return (*map(float, values), *[0.0] * (len(INPUT_NAMES) - len(values)))


def resolve_axes(
    changed: str, other: str, fallback: str, inputs: tuple[str, ...]
) -> tuple[str, str]:
    """Return two different inputs for the axes, as close as possible to those chosen.

    `changed`, the one chosen last, is kept if it is an input. `other` is kept if it is an input
    and differs from `changed`, and is replaced otherwise, by `fallback` if that is free.
    """
    candidates = [name for name in (fallback, *inputs) if name in inputs]
    if changed not in inputs:
        changed = next(name for name in candidates if name != other)
    if other not in inputs or other == changed:
        other = next(name for name in candidates if name != changed)
    return changed, other
