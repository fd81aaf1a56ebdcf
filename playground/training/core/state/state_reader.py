"""Checked reading of a State from an untrusted file."""

from __future__ import annotations

import reprlib
from collections.abc import Callable
from typing import Any, TypeVar

import torch
from torch import Tensor

from playground.errors import InputError
from playground.training.core.state.state import State

T = TypeVar("T")

RestoreStep = Callable[[], object]
"""A function that restores a part of a State that has been checked; it does not fail."""

MAX_COUNT = 2**53
"""The largest count; double precision does not represent all larger integers."""


def join_states(**parts: State) -> State:
    """Join states into one; each name is prefixed with the name of its part and a dot."""
    return State(
        {
            f"{part}.{name}": it
            for part, state in parts.items()
            for name, it in state.numbers.items()
        },
        {
            f"{part}.{name}": it
            for part, state in parts.items()
            for name, it in state.tensors.items()
        },
    )


class StateReader:
    """Reads values of a State by name; raises InputError if one is missing or invalid.

    Parameters
    ----------
    state : State
    prefix : str
        Prefix of all names.
    """

    def __init__(self, state: State, prefix: str = "") -> None:
        self._state, self._prefix = state, prefix

    def part(self, name: str) -> StateReader:
        """Return a StateReader of one part of a state made by `join_states`."""
        return StateReader(self._state, f"{self._prefix}{name}.")

    def __contains__(self, name: str) -> bool:
        full = self._prefix + name
        return full in self._state.numbers or full in self._state.tensors

    def tensor_names(self) -> set[str]:
        """Return the names of all tensors of this part."""
        prefix = self._prefix
        names = self._state.tensors
        return {name.removeprefix(prefix) for name in names if name.startswith(prefix)}

    def value(self, name: str) -> Any:  # noqa: ANN401 (JSON may be anything)
        """Return a JSON value unchecked; InputError if it is missing."""
        if self._prefix + name not in self._state.numbers:
            raise self.invalid(name, "is missing")
        return self._state.numbers[self._prefix + name]

    def integer(self, name: str, maximum: int = MAX_COUNT, *, minimum: int = 0) -> int:
        """Return an integer from `minimum` to `maximum`."""
        found = self.value(name)
        if type(found) is not int or not minimum <= found <= maximum:
            raise self.invalid(
                name,
                f"should be a whole number from {minimum} to {maximum}, not {short_repr(found)}",
            )
        return found

    def optional_integer(self, name: str) -> int | None:
        """Return an integer from 0 to `MAX_COUNT`, or None."""
        return None if self.value(name) is None else self.integer(name)

    def boolean(self, name: str) -> bool:
        """Return a bool."""
        found = self.value(name)
        if not isinstance(found, bool):
            raise self.invalid(name, f"should be true or false, not {short_repr(found)}")
        return found

    def choice(self, name: str, choices: tuple[T, ...]) -> T:
        """Return one of several allowed values."""
        found = self.value(name)
        for each in choices:
            if found == each and type(found) is type(each):
                return each
        raise self.invalid(name, f"should be one of {choices}, not {short_repr(found)}")

    def tensor(
        self, name: str, shape: tuple[int | None, ...], dtype: torch.dtype, *, finite: bool = False
    ) -> Tensor:
        """Return a tensor of given shape and dtype on the CPU.

        Parameters
        ----------
        name : str
        shape : tuple of int or None
            None allows any length of a dimension.
        dtype : torch.dtype
        finite : bool
            Whether all elements must be finite.

        Raises
        ------
        InputError
            If the tensor is missing, or does not have these properties.
        """
        found = self._state.tensors.get(self._prefix + name)
        if found is None:
            raise self.invalid(name, "is missing")
        fits = len(shape) == found.ndim and all(
            expected in (None, length) for expected, length in zip(shape, found.shape, strict=True)
        )
        if not (fits and found.dtype == dtype and found.device.type == "cpu"):
            raise self.invalid(
                name,
                f"should be {dtype} of shape {shape}, not {found.dtype} of {tuple(found.shape)}",
            )
        if finite and not found.isfinite().all():
            raise self.invalid(name, "should hold numbers only, but some are infinite or NaN")
        return found

    def indices(self, name: str, length: int | None, below: int) -> Tensor:
        """Return an int64 tensor of shape (length,) with values from 0 to `below` - 1."""
        found = self.tensor(name, (length,), torch.int64)
        if ((found < 0) | (found >= below)).any():
            raise self.invalid(name, f"should hold whole numbers from 0 to {below - 1}")
        return found

    def order(self, name: str) -> Tensor:
        """Return a permutation of 0 to n - 1 for any n, int64 of shape (n,)."""
        found = self.tensor(name, (None,), torch.int64)
        if not torch.equal(found.sort().values, torch.arange(len(found))):
            raise self.invalid(name, f"should hold each number below {len(found)} once")
        return found

    def invalid(self, name: str, why: str) -> InputError:
        """Return an InputError that names a value and what is wrong with it."""
        return InputError(f"This can't be restored: {(self._prefix + name).rstrip('.')} {why}.")


def short_repr(value: object) -> str:
    """Return the repr of a value, shortened."""
    return reprlib.repr(value)
