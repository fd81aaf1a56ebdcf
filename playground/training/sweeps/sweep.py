"""A sweep: the settings that vary, and the values that each of them takes."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from difflib import get_close_matches

import numpy as np

from playground.errors import InputError
from playground.training.populations.members import MAX_MEMBERS
from playground.training.sweeps.variables import (
    IN_ONE_BATCH,
    SEED,
    VARIABLES,
    Value,
    Variable,
    parse_value,
    shown_text,
    text_to_parse,
)

MAX_SETTINGS = 2
"""Settings that can vary besides the seed."""
MAX_BATCHES = 32
"""Batches that one sweep may take; each costs a step of its own."""


@dataclass(frozen=True, slots=True)
class Axis:
    """A setting that varies.

    Attributes
    ----------
    name : str
        A name of `VARIABLES`.
    values : tuple
        At least one, all different, each of which the setting can have.

    Raises
    ------
    InputError
        If there is no such setting, or it can't have these values.
    """

    name: str
    values: tuple[Value, ...]

    def __post_init__(self) -> None:
        """Check name and values."""
        label = known_variable(self.name).label
        if not self.values:
            raise InputError(f"Give the values of {label}, such as {self.variable.suggestion}.")
        if len(self.values) > MAX_MEMBERS:
            raise InputError(
                f"{len(self.values)} values of {label} are too many: {MAX_MEMBERS} are possible."
            )
        for value in self.values:
            if isinstance(value, bool) or not isinstance(value, int | float | str):
                raise InputError(f"{label} can't be {value!r}: it can be {self.variable.possible}.")
        values = tuple(parse_value(self.name, text_to_parse(value)) for value in self.values)
        object.__setattr__(self, "values", values)
        for number, value in enumerate(self.values):
            if value in self.values[:number]:
                raise InputError(f"{label} {text_to_parse(value)} is there twice: once is enough.")

    @property
    def variable(self) -> Variable:
        """What is known about the setting."""
        return VARIABLES[self.name]

    @property
    def texts(self) -> tuple[str, ...]:
        """All values as texts for people, with all digits where fewer would make two equal."""
        short = tuple(map(shown_text, self.values))
        return short if len({*short}) == len(short) else tuple(map(text_to_parse, self.values))

    @property
    def text(self) -> str:
        """All values as one text: a range of whole numbers where they are one, else a list."""
        first, count = self.values[0], len(self.values)
        if count > 2 and isinstance(first, int) and self.values == (*range(first, first + count),):
            return f"{first}..{self.values[-1]}"
        return ", ".join(map(text_to_parse, self.values))


@dataclass(frozen=True, slots=True)
class Sweep:
    """One or two settings that vary; every value of the one meets every value of the other.

    As a third one the seed can vary: each setting is trained from several seeds then. Runs are
    counted along the first axis, then along the second, then along that of the seeds.

    Attributes
    ----------
    axes : tuple of Axis

    Raises
    ------
    InputError
        If there are too many runs or batches, or two axes vary the same setting.
    """

    axes: tuple[Axis, ...]

    def __post_init__(self) -> None:
        """Check that the axes go together."""
        names = [each.name for each in self.axes]
        for axis in self.axes:
            if names.count(axis.name) > 1:
                raise InputError(
                    f"Both axes vary {axis.variable.label}: choose two settings, or one axis."
                )
        besides_seed = len([name for name in names if name != SEED])
        if not names or besides_seed > MAX_SETTINGS:
            raise InputError(
                f"One or {MAX_SETTINGS} settings can vary, and the seed, not {len(names)}."
            )
        if besides_seed == MAX_SETTINGS:
            ordered = sorted(self.axes, key=lambda axis: axis.name == SEED)
            object.__setattr__(self, "axes", tuple(ordered))
        if len(self) > MAX_MEMBERS:
            counts = " × ".join(str(len(each.values)) for each in self.axes)
            raise InputError(
                f"{counts} are {len(self)} networks; {MAX_MEMBERS} are possible. Take fewer values."
            )
        if self.batches > MAX_BATCHES:
            raise InputError(
                f"These values take {self.batches} batches, one for each that networks of one "
                f"batch can't differ in; {MAX_BATCHES} are possible. Take fewer values."
            )

    def __len__(self) -> int:
        count = 1
        for each in self.axes:
            count *= len(each.values)
        return count

    @property
    def batches(self) -> int:
        """Number of batches that the networks are trained in."""
        count = 1
        for each in self.axes:
            count *= 1 if each.name in IN_ONE_BATCH else len(each.values)
        return count

    @property
    def seeds_per_setting(self) -> int:
        """Number of seeds from which each setting is trained, where two others vary."""
        return len(self.axes[MAX_SETTINGS].values) if len(self.axes) > MAX_SETTINGS else 1

    @property
    def text(self) -> str:
        """The sweep as `read_sweep` reads it."""
        return "; ".join(f"{each.name}: {each.text}" for each in self.axes)

    def places(self, run: int) -> tuple[int, ...]:
        """Return the number of a run's value on each axis."""
        found = []
        for each in self.axes:
            run, place = divmod(run, len(each.values))
            found.append(place)
        return tuple(found)

    def values(self, run: int) -> dict[str, Value]:
        """Return the values of a run, by the name of the setting."""
        places = self.places(run)
        return {
            axis.name: axis.values[place] for axis, place in zip(self.axes, places, strict=True)
        }

    def column(self, axis: int) -> list[Value]:
        """Return the value of each run on one axis."""
        return [self.axes[axis].values[self.places(run)[axis]] for run in range(len(self))]


def make_sweep(**vary: Iterable[Value]) -> Sweep:
    """Make a sweep of the values of one or two settings, by name.

    Examples
    --------
    >>> len(make_sweep(width=[1, 2, 3], seed=range(8)))
    24
    """
    axes = []
    for name, values in vary.items():
        if isinstance(values, str | int | float):
            raise InputError(f"Give several values of {name}, as a list, not {values!r}.")
        axes.append(Axis(name, tuple(_plain(each) for each in values)))
    return Sweep(tuple(axes))


def known_variable(name: str) -> Variable:
    """Return what is known about a setting; InputError with the nearest name if nothing is."""
    if name in VARIABLES:
        return VARIABLES[name]
    near = get_close_matches(name, VARIABLES, 1)
    hint = f" Did you mean {near[0]}?" if near else ""
    raise InputError(f"{name[:40]!r} can't be varied. What can: {', '.join(VARIABLES)}.{hint}")


def _plain(value: object) -> Value:
    """Return a number of NumPy as one of Python, and a list of features as text."""
    if isinstance(value, list | tuple):
        return "+".join(map(str, value))
    plain: Value = value.item() if isinstance(value, np.generic) else value  # type: ignore[assignment]
    return plain
