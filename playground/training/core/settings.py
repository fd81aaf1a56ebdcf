"""Immutable copies of everything requested of a trainer: what a slice of training goes by."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cache
from typing import Generic, TypeVar

import param

from playground.training.training import Training

ParameterizedT = TypeVar("ParameterizedT", bound=param.Parameterized)


@dataclass(frozen=True, kw_only=True)
class TrainerSettings:
    """Everything requested of a trainer at one moment; equal while nothing changes.

    A trainer of another kind adds fields. Each of them must be immutable, or a read-only copy.

    Attributes
    ----------
    training : Training
        A read-only copy.
    request_count : int
        Requests made until then that no parameter holds, such as resets.
    number : int
        Larger than that of every copy with other contents taken before; 0 before it is given.
    """

    training: Training
    request_count: int
    number: int = field(default=0, compare=False)


@cache
def parameter_names(kind: type[param.Parameterized]) -> tuple[str, ...]:
    """Return the names of a class's parameters, which Param looks up anew each time."""
    return tuple(kind.param)


class ReadOnlyCopies(Generic[ParameterizedT]):
    """Read-only copies of a Parameterized: the same object for as long as no value changes."""

    def __init__(self) -> None:
        self._values: dict[str, object] | None = None

    _copy: ParameterizedT

    def copy(self, source: ParameterizedT) -> ParameterizedT:
        """Return a copy with the current values, all of whose parameters are constant."""
        # A list may be changed in place, so that it is compared with a copy of what it was.
        values = {
            name: list(value) if isinstance(value := getattr(source, name), list) else value
            for name in parameter_names(type(source))
        }
        if values != self._values or type(source) is not type(self._copy):
            copy = type(source)(**values)
            for name in values:
                copy.param[name].constant = True
            self._copy, self._values = copy, values
        return self._copy
