"""Value types of settings: parsing from text or JSON, coercion into bounds, formatting."""

from __future__ import annotations

import math
import re
from dataclasses import dataclass
from typing import Any, Protocol

NONE = "none"
MAX_LETTERS = 1000
MAX_SAFE_INTEGER = 2**53 - 1
"""Largest integer up to which JavaScript represents all integers exactly."""
_GROUPED = re.compile(r"[+-]?[1-9]\d{0,2}(?:,\d{3})+")
"""A text such as "1,000": a thousand to one reader, and one to another."""
YES, NO = ("true", "1", "yes", "on"), ("false", "0", "no", "off")


class ValueType(Protocol):
    """The type and range of a setting's values."""

    @property
    def description(self) -> str:
        """Return the values allowed, as the end of a sentence that begins with "It can be"."""

    def parse(self, given: object) -> Any:  # noqa: ANN401 (what JSON can hold)
        """Convert a JSON value, or a text as returned by `text`.

        Raises
        ------
        ValueError
            If it is not of this type; without a message.
        """

    def coerce(self, value: Any) -> Any:  # noqa: ANN401
        """Return the nearest allowed value; the value itself if it is allowed.

        Raises
        ------
        ValueError
            If there is no such value; without a message.
        """

    def text(self, value: Any) -> str:  # noqa: ANN401
        """Return readable text, which `parse` accepts."""


@dataclass(frozen=True)
class BooleanType:
    """True or false."""

    description: str = "true or false"

    def parse(self, given: object) -> bool:
        """Parse true and false, or a word of `YES` or `NO`."""
        if isinstance(given, bool):
            return given
        if isinstance(given, str) and (word := given.strip().lower()) in YES + NO:
            return word in YES
        raise ValueError

    def coerce(self, value: bool) -> bool:
        """Return the value."""
        return value

    def text(self, value: bool) -> str:
        """Return "true" or "false"."""
        return YES[0] if value else NO[0]


@dataclass(frozen=True)
class FloatType:
    """A finite number within bounds, either of which may be missing."""

    low: float | None
    high: float | None

    @property
    def description(self) -> str:
        """The bounds."""
        return describe_range(self.low, self.high)

    def parse(self, given: object) -> float:
        """Parse a finite number or the text of one."""
        number = to_number(given)
        try:
            return require_finite(float(number))
        except OverflowError:
            raise ValueError from None

    def coerce(self, value: float) -> float:
        """Clamp the value to the bounds."""
        return float(clamp(value, self.low, self.high))

    def text(self, value: float) -> str:
        """Return the shortest text that represents the value exactly."""
        return repr(value).removesuffix(".0")


@dataclass(frozen=True)
class IntegerType:
    """A whole number within bounds, either of which may be missing."""

    low: int | None
    high: int | None

    @property
    def description(self) -> str:
        """The bounds."""
        bounds = "" if self.low is self.high is None else ", " + describe_range(self.low, self.high)
        return f"a whole number{bounds}"

    def parse(self, given: object) -> float:
        """Parse a finite number or the text of one; `coerce` rounds it."""
        number = to_number(given)
        return number if isinstance(number, int) else require_finite(number)

    def coerce(self, value: float) -> int:
        """Round to the nearest integer and clamp it to the bounds."""
        whole = clamp(round(value), -MAX_SAFE_INTEGER, MAX_SAFE_INTEGER)
        return int(clamp(whole, self.low, self.high))

    def text(self, value: int) -> str:
        """Return the digits."""
        return str(value)


@dataclass(frozen=True)
class ChoiceType:
    """One of several values, each identified by its text."""

    options: tuple[Any, ...]

    @property
    def description(self) -> str:
        """Return the first 12 options, separated by commas."""
        shown = [str(each) for each in self.options[:12]]
        return ", ".join([*shown, *(["…"] if len(self.options) > 12 else [])])

    def parse(self, given: object) -> object:
        """Find an option by its text; case is ignored unless it distinguishes two options."""
        if isinstance(given, str | int):
            for same in (str, fold_case):
                for each in self.options:
                    if same(each) == same(given):
                        return each
        raise ValueError

    def coerce(self, value: object) -> object:
        """Return the value; `parse` accepts options only."""
        return value

    def text(self, value: object) -> str:
        """Its name."""
        return str(value)


@dataclass(frozen=True)
class TextType:
    """Any text that is not too long."""

    description: str = f"a text of up to {MAX_LETTERS} letters"

    def parse(self, given: object) -> str:
        """Take a text."""
        if isinstance(given, str):
            return given
        raise ValueError

    def coerce(self, value: str) -> str:
        """Truncate the text to `MAX_LETTERS` characters."""
        return value[:MAX_LETTERS]

    def text(self, value: str) -> str:
        """Return the value."""
        return value


@dataclass(frozen=True)
class OptionalType:
    """Another value type, or None."""

    value_type: ValueType

    @property
    def description(self) -> str:
        """Return the values allowed, as the end of a sentence."""
        return f"{self.value_type.description}, or {NONE}"

    def parse(self, given: object) -> Any:  # noqa: ANN401
        """Parse None, an empty text or "none" as None, and anything else as `value_type`."""
        if given is None or (isinstance(given, str) and given.strip().lower() in ("", NONE)):
            return None
        return self.value_type.parse(given)

    def coerce(self, value: Any) -> Any:  # noqa: ANN401
        """Return None for None; coerce anything else."""
        return None if value is None else self.value_type.coerce(value)

    def text(self, value: Any) -> str:  # noqa: ANN401
        """Return "none" for None, else the text of the value."""
        return NONE if value is None else self.value_type.text(value)


def to_number(given: object) -> float:
    """Return a number, or parse its text; ValueError if it is not a number."""
    if isinstance(given, str):
        return parse_number(given)
    if isinstance(given, bool) or not isinstance(given, int | float):
        raise ValueError
    return given


def require_finite(number: float) -> float:
    """Return the number; ValueError if it is infinite or NaN."""
    if not math.isfinite(number):
        raise ValueError
    return number


def fold_case(value: object) -> str:
    """Return the text of a value for comparison without case."""
    return str(value).casefold()


def parse_number(text: str) -> float:
    """Parse a number with a decimal point or a decimal comma.

    Raises
    ------
    ValueError
        If it is none, or its comma may stand between thousands just as well, as in "1,000".
    """
    if _GROUPED.fullmatch(text.strip()):
        raise ValueError
    try:
        return int(text)
    except ValueError:
        return float(text.replace(",", "."))


def clamp(value: float, low: float | None, high: float | None) -> float:
    """Return the nearest number within the bounds; None is no bound."""
    if low is not None and value < low:
        return low
    return high if high is not None and value > high else value


def describe_range(low: float | None, high: float | None) -> str:
    """Return the bounds in words; None is no bound."""
    if low is None and high is None:
        return "any number"
    if high is None:
        return f"{low:g} or more"
    return f"up to {high:g}" if low is None else f"{low:g} to {high:g}"
