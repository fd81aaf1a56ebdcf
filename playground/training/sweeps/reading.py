"""Sweeps as text: `learning_rate: 0.001..1:7; seed: 1..8`."""

from __future__ import annotations

import math
import re

import numpy as np

from playground.errors import InputError
from playground.training.populations.members import MAX_MEMBERS
from playground.training.sweeps.range_text import RangeText
from playground.training.sweeps.sweep import Axis, Sweep, known_variable
from playground.training.sweeps.variables import Value, Variable, parse_value

MAX_LETTERS = 4000
USUAL_COUNT = 7
"""Values of a range that says no number of them."""


def read_sweep(text: str) -> Sweep:
    """Read the settings that vary, and their values.

    One or two can vary, and the seed besides. Between two settings stands a semicolon, between a
    setting and its values a colon or "=".
    Values are listed with commas (`tanh, ReLU`), or are a range (`0.001..1`). A range of whole
    numbers holds each of them, another one seven; how many else may follow after a colon, and
    `log` or `linear` for equal factors or equal differences (`0.001..1:log:4`).

    Raises
    ------
    InputError
        If it can't be read, or is impossible.
    """
    if len(text) > MAX_LETTERS:
        raise InputError(f"This is too long: {MAX_LETTERS:,} letters are read.")
    parts = [each.strip() for each in text.split(";") if each.strip()]
    if not parts:
        raise InputError("Nothing varies: give a setting and its values, such as seed: 1..8.")
    return Sweep(tuple(_read_axis(each) for each in parts))


def read_axis(name: str, text: str) -> Axis:
    """Read the values of one setting; InputError if they can't be read or are impossible."""
    variable = known_variable(name)
    text = text.strip()
    if not text:
        raise InputError(f"Give the values of {variable.label}, such as {variable.suggestion}.")
    if variable.is_number:
        found = RangeText.read(
            text,
            variable.label,
            lambda end: float(parse_value(name, end)),
            quote=lambda given: repr(given[:40]),
        )
        if found is not None:
            return Axis(name, _range_values(variable, found))
    texts = [each.strip() for each in text.split(",")]
    if not all(texts):
        raise InputError(f"A value of {variable.label} is missing between two commas.")
    return Axis(name, tuple(parse_value(name, each) for each in texts))


def _read_axis(text: str) -> Axis:
    name, sign, values = re.match(r"([^:=]*)([:=]?)(.*)", text, re.DOTALL).groups()  # type: ignore[union-attr]
    if not sign:
        known_variable(name.strip())
    return read_axis(name.strip().replace(" ", "_"), values)


def _range_values(variable: Variable, found: RangeText) -> tuple[Value, ...]:
    low, high, is_log, count = found.low, found.high, found.is_log, found.count
    if variable.is_whole and count is None and is_log is None:
        count = int(high - low) + 1
    count = USUAL_COUNT if count is None else count
    found.check_count(count, MAX_MEMBERS)
    if is_log is None:
        is_log = variable.is_log and low > 0
    if is_log:
        found.check_logarithm()
    return spread(low, high, count, is_log=is_log, is_whole=variable.is_whole)


def spread(
    low: float, high: float, count: int, *, is_log: bool, is_whole: bool
) -> tuple[Value, ...]:
    """Return values from `low` to `high`, at equal factors or at equal differences.

    All but the ends are rounded to three digits, or to whole numbers, which may leave fewer.
    """
    if is_log:
        numbers = np.logspace(math.log10(low), math.log10(high), count)
    else:
        numbers = np.linspace(low, high, count)
    if is_whole:
        return tuple(dict.fromkeys(round(each) for each in numbers.tolist()))
    inner = [float(f"{each:.3g}") for each in numbers.tolist()[1:-1]]
    return tuple(dict.fromkeys((low, *inner, high)))
