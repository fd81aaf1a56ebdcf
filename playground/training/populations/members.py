"""The members of a population: the seed of each, and the settings that differ between them."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from difflib import get_close_matches

import torch
from torch import Tensor

from playground.errors import InputError
from playground.seeds import MAX_SEED, next_seed
from playground.training.training import Training

MAX_MEMBERS = 256
INITIAL_SCALE = "initial_scale"
VARIABLE: dict[str, tuple[float, float]] = {
    **{name: Training.param[name].bounds for name in ("learning_rate", "l1", "l2")},
    INITIAL_SCALE: (0.0, 100.0),
}
"""Settings that may differ from member to member, with their bounds; and so may the seed.

`initial_scale` is a factor on the initial weights and biases."""


@dataclass(frozen=True, slots=True)
class Members:
    """What distinguishes the members of a population; `make_members` checks it.

    Attributes
    ----------
    seeds : tuple of int
        One for each member: of its initial weights and of the order of its samples.
    varied : mapping of str to tuple of float
        For each name of `VARIABLE` that differs, the value of each member.
    """

    seeds: tuple[int, ...]
    varied: Mapping[str, tuple[float, ...]] = field(default_factory=dict)

    def __len__(self) -> int:
        return len(self.seeds)

    def value(self, name: str, member: int, default: float) -> float:
        """Return the value of one member; `default` where all have the same."""
        return self.varied[name][member] if name in self.varied else default

    def column(self, name: str, default: float, dtype: torch.dtype) -> float | Tensor:
        """Return the values as a tensor (members, 1), or `default` where all have the same."""
        if name not in self.varied:
            return default
        return torch.tensor(self.varied[name], dtype=dtype)[:, None]


def make_members(
    seeds: Iterable[int], vary: Mapping[str, Iterable[float]] | None = None
) -> Members:
    """Return the members of a population, after checking what differs between them.

    Parameters
    ----------
    seeds : iterable of int
        One for each member, 1 to `MAX_MEMBERS`.
    vary : mapping of str to iterable of float, optional
        A value for each member, by the names in `VARIABLE`.

    Raises
    ------
    InputError
        If a setting can't differ between the networks of one batch, or a value is impossible.
    """
    own = tuple(seeds)
    if not 1 <= len(own) <= MAX_MEMBERS:
        raise InputError(f"A population has 1 to {MAX_MEMBERS} networks, not {len(own)}.")
    for seed in own:
        if type(seed) is not int or not 0 <= seed <= MAX_SEED:
            raise InputError(f"A seed is a whole number from 0 to {MAX_SEED}, not {seed!r}.")
    varied = {name: _values(name, values, len(own)) for name, values in (vary or {}).items()}
    return Members(own, varied)


def next_seeds(seed: int, count: int) -> tuple[int, ...]:
    """Return the seeds that follow on one."""
    return tuple(next_seed(seed, number) for number in range(1, count + 1))


def _values(name: str, values: Iterable[float], count: int) -> tuple[float, ...]:
    if name not in VARIABLE:
        raise InputError(_not_variable(name))
    numbers = tuple(values)
    if len(numbers) != count:
        raise InputError(
            f"{name} has {len(numbers)} values for {count} networks: give one for each."
        )
    low, high = VARIABLE[name]
    for number in numbers:
        real = isinstance(number, int | float) and not isinstance(number, bool)
        if not real or not math.isfinite(number) or not low <= number <= high:
            raise InputError(f"{name} can be {low:g} to {high:g}, not {number!r}.")
    return tuple(map(float, numbers))


def _not_variable(name: str) -> str:
    allowed = ", ".join(["seeds", *VARIABLE])
    near = get_close_matches(name, VARIABLE, 1)
    hint = f" Did you mean {near[0]}?" if near else ""
    return (
        f"{name} can't differ between the networks of a population, which are computed as one "
        f"batch. What can: {allowed}.{hint}"
    )
