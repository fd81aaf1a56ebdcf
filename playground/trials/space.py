"""The space of a sweep: the settings that vary, and the values that each of them can take."""

from __future__ import annotations

import math
import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from playground.errors import InputError
from playground.settings import quote_briefly
from playground.settings.value_types import FloatType, IntegerType, OptionalType
from playground.training.sweeps.range_text import RangeText
from playground.training.sweeps.reading import spread
from playground.trials.tasks import TrialTask

MAX_LETTERS = 2000
MAX_VALUES = 1000
"""Values of one setting that can be listed."""


@dataclass(frozen=True)
class Listed:
    """A setting with a list of values.

    Attributes
    ----------
    name : str
        Public name of the setting.
    values : tuple
        In JSON types, all different.
    texts : tuple of str
        The same as texts, which tell them apart.
    """

    name: str
    values: tuple[Any, ...]
    texts: tuple[str, ...]

    @property
    def count(self) -> float:
        """The number of values."""
        return len(self.values)

    @property
    def text(self) -> str:
        """The setting and its values, as `read_dimension` reads them."""
        return f"{self.name}={','.join(_bracketed(each) for each in self.texts)}"


@dataclass(frozen=True)
class Range:
    """A setting with any value of a range.

    Attributes
    ----------
    name : str
        Public name of the setting.
    low, high : float
        Both included.
    is_log : bool
        Whether values are spread by equal factors, and not by equal differences.
    is_whole : bool
        Whether it holds whole numbers only.
    """

    name: str
    low: float
    high: float
    is_log: bool
    is_whole: bool

    @property
    def count(self) -> float:
        """The number of values."""
        return self.high - self.low + 1 if self.is_whole else math.inf

    @property
    def text(self) -> str:
        """The setting and its range, as `read_dimension` reads them."""
        scale = "log" if self.is_log else "linear"
        return f"{self.name}={_number_text(self.low)}..{_number_text(self.high)}:{scale}"


Dimension = Listed | Range


def read_space(texts: Sequence[str], task: TrialTask) -> tuple[Dimension, ...]:
    """Read the settings that vary; see `read_dimension`.

    Raises
    ------
    InputError
        If one can't be read, or the space is empty or contradicts itself.
    """
    dimensions = tuple(read_dimension(each, task) for each in texts)
    if not dimensions:
        raise InputError(
            "Nothing varies: give at least one setting and its values, such as "
            "learning_rate=1e-4..1e-1:log."
        )
    names = [each.name for each in dimensions]
    for name in names:
        if names.count(name) > 1:
            raise InputError(f"{name} is varied twice: give all of its values at once.")
    return dimensions


def read_dimension(text: str, task: TrialTask) -> Dimension:
    """Read a setting and its values: `learning_rate=1e-4..1e-1:log`, `model=mlp,cnn`.

    A range holds any number from its beginning to its end; `log` or `linear` after a colon
    spreads them by equal factors or differences, and a number takes so many of them
    (`1e-4..1e-1:log:5`). A value that is a list stands in brackets: `hidden=[8],[8,8]`.

    Raises
    ------
    InputError
        If there is no such setting (the nearest is named), it can't have a value, or a range is
        empty or impossible.
    """
    if len(text) > MAX_LETTERS:
        raise InputError(f"This is too long: {MAX_LETTERS:,} letters of a setting are read.")
    name, sign, given = (each.strip() for each in text.partition("="))
    if not sign:
        task.setting(name)
        raise InputError(
            f"Say which values {name} can have, as in learning_rate=0.001..0.1:log or "
            "model=mlp,cnn."
        )
    value_type = task.setting(name).value_type
    number_type = value_type.value_type if isinstance(value_type, OptionalType) else value_type
    if isinstance(number_type, FloatType | IntegerType):
        found = RangeText.read(given, name, lambda end: task.parse(name, end))
        if found is not None:
            return _range(found, task, is_whole=isinstance(number_type, IntegerType))
    items = _split(given)
    if not all(items):
        raise InputError(f"A value of {name} is missing: {quote_briefly(text)}.")
    if len(items) > MAX_VALUES:
        raise InputError(f"{name} has {len(items):,} values; {MAX_VALUES:,} can be listed.")
    return listed(name, [task.parse(name, _unbracketed(each)) for each in items], task)


def listed(name: str, values: Sequence[Any], task: TrialTask) -> Listed:
    """Return a dimension of given values; InputError if one is given twice."""
    value_type = task.setting(name).value_type
    texts = tuple(value_type.text(each) for each in values)
    for text in texts:
        if texts.count(text) > 1:
            raise InputError(f"{name} has the value {quote_briefly(text)} twice.")
    return Listed(name, tuple(values), texts)


def _range(found: RangeText, task: TrialTask, *, is_whole: bool) -> Dimension:
    name, low, high, is_log = found.name, found.low, found.high, bool(found.is_log)
    if is_log:
        found.check_logarithm()
    if found.count is None:
        return Range(name, low, high, is_log, is_whole)
    found.check_count(found.count, MAX_VALUES)
    return listed(name, spread(low, high, found.count, is_log=is_log, is_whole=is_whole), task)


def _split(text: str) -> list[str]:
    """Split at commas, but not within brackets."""
    return [each.strip() for each in re.split(r",(?![^\[]*\])", text)]


def _unbracketed(text: str) -> str:
    """Return what stands in brackets, unless it is the text of a JSON list of texts."""
    is_list = text.startswith("[") and text.endswith("]") and '"' not in text
    return text[1:-1] if is_list else text


def _bracketed(text: str) -> str:
    return f"[{text}]" if "," in text or not text else text


def _number_text(number: float) -> str:
    return repr(number).removesuffix(".0")
