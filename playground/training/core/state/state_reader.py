"""Reads a State that may come from any file: everything is checked before it is used."""

from __future__ import annotations

import reprlib
from collections.abc import Callable
from typing import Any

import torch
from torch import Tensor

from playground.errors import InputError
from playground.training.core.state.state import State

RestoreStep = Callable[[], object]
"""Restores a part that has been checked; can't fail."""

MAX_COUNT = 2**53
"""The largest count; double precision can't tell larger ones apart."""


def join_states(**parts: State) -> State:
    """Join states into one, in which each name begins with the name of its part and a dot."""
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
    """Reads the values of a State by name; InputError for what is missing or invalid.

    Parameters
    ----------
    state : State
    prefix : str
        Put before all names.
    """

    def __init__(self, state: State, prefix: str = "") -> None:
        self._state, self._prefix = state, prefix

    def part(self, name: str) -> StateReader:
        """Return a reader of one part that `join_states` joined."""
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
        """Read a number, or whatever else JSON can hold; it is not checked."""
        if self._prefix + name not in self._state.numbers:
            raise self.invalid(name, "is missing")
        return self._state.numbers[self._prefix + name]

    def integer(self, name: str, maximum: int = MAX_COUNT, *, minimum: int = 0) -> int:
        """Read a whole number from `minimum` to `maximum`."""
        found = self.value(name)
        if type(found) is not int or not minimum <= found <= maximum:
            raise self.invalid(
                name,
                f"should be a whole number from {minimum} to {maximum}, not {short_repr(found)}",
            )
        return found

    def optional_integer(self, name: str) -> int | None:
        """Read a whole number or None."""
        return None if self.value(name) is None else self.integer(name)

    def boolean(self, name: str) -> bool:
        """Read True or False."""
        found = self.value(name)
        if not isinstance(found, bool):
            raise self.invalid(name, f"should be true or false, not {short_repr(found)}")
        return found

    def tensor(
        self, name: str, shape: tuple[int | None, ...], dtype: torch.dtype, *, finite: bool = False
    ) -> Tensor:
        """Read a tensor.

        Parameters
        ----------
        shape : tuple of int or None
            None for any length.
        finite : bool
            Whether all of it must be numbers.
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
        """Read an int64 tensor of shape (length,) with values from 0 to `below` - 1."""
        found = self.tensor(name, (length,), torch.int64)
        if ((found < 0) | (found >= below)).any():
            raise self.invalid(name, f"should hold whole numbers from 0 to {below - 1}")
        return found

    def order(self, name: str) -> Tensor:
        """Read a permutation of 0 to n - 1 for any n, an int64 tensor of shape (n,)."""
        found = self.tensor(name, (None,), torch.int64)
        if not torch.equal(found.sort().values, torch.arange(len(found))):
            raise self.invalid(name, f"should hold each number below {len(found)} once")
        return found

    def invalid(self, name: str, why: str) -> InputError:
        """Return the error that says what is wrong with a value."""
        return InputError(f"This can't be gone on with: {(self._prefix + name).rstrip('.')} {why}.")


def short_repr(value: object) -> str:
    """Return a short text for a value of any length."""
    return reprlib.repr(value)
