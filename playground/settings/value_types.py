"""Kinds of values: how each is read from text or JSON, brought within bounds, and written."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any, Protocol

NONE = "none"
MAX_LETTERS = 1000
MAX_SAFE_INTEGER = 2**53 - 1
"""Whole numbers beyond it are others in a browser."""
YES, NO = ("true", "1", "yes", "on"), ("false", "0", "no", "off")


class ValueType(Protocol):
    """What a choice can be."""

    @property
    def description(self) -> str:
        """What is possible, as the end of a sentence that begins with "It can be"."""

    def parse(self, given: object) -> Any:  # noqa: ANN401 (what JSON can hold)
        """Take a value from JSON, or from text as `text` writes it.

        Raises
        ------
        ValueError
            If it is nothing of this kind; with no message.
        """

    def coerce(self, value: Any) -> Any:  # noqa: ANN401
        """The nearest value that is possible; the same if it is.

        Raises
        ------
        ValueError
            If nothing possible is near; with no message.
        """

    def text(self, value: Any) -> str:  # noqa: ANN401
        """Write a value so that people can read it, and `parse` too."""


@dataclass(frozen=True)
class BooleanType:
    """True or false."""

    description: str = "true or false"

    def parse(self, given: object) -> bool:
        """Take true and false, or a word for them."""
        if isinstance(given, bool):
            return given
        if isinstance(given, str) and (word := given.strip().lower()) in YES + NO:
            return word in YES
        raise ValueError

    def coerce(self, value: bool) -> bool:
        """Both are possible."""
        return value

    def text(self, value: bool) -> str:
        """One word."""
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
        """Take a number, or one in writing."""
        number = to_number(given)
        try:
            return require_finite(float(number))
        except OverflowError:
            raise ValueError from None

    def coerce(self, value: float) -> float:
        """Go to the nearer bound."""
        return float(clamp(value, self.low, self.high))

    def text(self, value: float) -> str:
        """As short as can be without loss."""
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
        """Take a number, or one in writing; whether it is whole shows in `coerce`."""
        number = to_number(given)
        return number if isinstance(number, int) else require_finite(number)

    def coerce(self, value: float) -> int:
        """Go to the nearer bound, and from a fraction to the nearest whole number."""
        whole = clamp(round(value), -MAX_SAFE_INTEGER, MAX_SAFE_INTEGER)
        return int(clamp(whole, self.low, self.high))

    def text(self, value: int) -> str:
        """Digits."""
        return str(value)


@dataclass(frozen=True)
class ChoiceType:
    """One of several values, each known by its text."""

    options: tuple[Any, ...]

    @property
    def description(self) -> str:
        """What is offered."""
        shown = [str(each) for each in self.options[:12]]
        return ", ".join([*shown, *(["…"] if len(self.options) > 12 else [])])

    def parse(self, given: object) -> object:
        """Take what is offered, by its name; capitals or not makes no difference."""
        if isinstance(given, str | int):
            for same in (str, folded):
                for each in self.options:
                    if same(each) == same(given):
                        return each
        raise ValueError

    def coerce(self, value: object) -> object:
        """Nothing else can be read."""
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
        """Cut what is too long."""
        return value[:MAX_LETTERS]

    def text(self, value: str) -> str:
        """As it is."""
        return value


@dataclass(frozen=True)
class OptionalType:
    """Another kind, or none."""

    value_type: ValueType

    @property
    def description(self) -> str:
        """What else it can be."""
        return f"{self.value_type.description}, or {NONE}"

    def parse(self, given: object) -> Any:  # noqa: ANN401
        """Take none too."""
        if given is None or (isinstance(given, str) and given.strip().lower() in ("", NONE)):
            return None
        return self.value_type.parse(given)

    def coerce(self, value: Any) -> Any:  # noqa: ANN401
        """Coerce a value as the other type does; None stays None."""
        return None if value is None else self.value_type.coerce(value)

    def text(self, value: Any) -> str:  # noqa: ANN401
        """One word for none."""
        return NONE if value is None else self.value_type.text(value)


def to_number(given: object) -> float:
    """A number, or one in writing; ValueError if it is none."""
    if isinstance(given, str):
        return parse_number(given)
    if isinstance(given, bool) or not isinstance(given, int | float):
        raise ValueError
    return given


def require_finite(number: float) -> float:
    """The number; ValueError if it is infinite or none."""
    if not math.isfinite(number):
        raise ValueError
    return number


def folded(value: object) -> str:
    """A name in which capitals make no difference."""
    return str(value).casefold()


def parse_number(text: str) -> float:
    """A number as people write it, with a point or a comma."""
    try:
        return int(text)
    except ValueError:
        return float(text.replace(",", "."))


def clamp(value: float, low: float | None, high: float | None) -> float:
    """The nearest number within bounds, where there are any."""
    if low is not None and value < low:
        return low
    return high if high is not None and value > high else value


def describe_range(low: float | None, high: float | None) -> str:
    """Bounds in words."""
    if low is None and high is None:
        return "any number"
    if high is None:
        return f"{low:g} or more"
    return f"up to {high:g}" if low is None else f"{low:g} to {high:g}"
