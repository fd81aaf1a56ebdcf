"""Kinds of values: how each is read from text or JSON, brought within bounds, and written."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any, Protocol

NONE = "none"
MOST_LETTERS = 1000
MOST_WHOLE = 2**53 - 1
"""Whole numbers beyond it are others in a browser."""
YES, NO = ("true", "1", "yes", "on"), ("false", "0", "no", "off")


class Kind(Protocol):
    """What a choice can be."""

    @property
    def about(self) -> str:
        """What is possible, as the end of a sentence that begins with "It can be"."""

    def read(self, given: object) -> Any:  # noqa: ANN401 (what JSON can hold)
        """Take a value from JSON, or from text as `text` writes it.

        Raises
        ------
        ValueError
            If it is nothing of this kind; with no message.
        """

    def near(self, value: Any) -> Any:  # noqa: ANN401
        """The nearest value that is possible; the same if it is.

        Raises
        ------
        ValueError
            If nothing possible is near; with no message.
        """

    def text(self, value: Any) -> str:  # noqa: ANN401
        """Write a value so that people can read it, and `read` too."""


@dataclass(frozen=True)
class Switch:
    """True or false."""

    about: str = "true or false"

    def read(self, given: object) -> bool:
        """Take true and false, or a word for them."""
        if isinstance(given, bool):
            return given
        if isinstance(given, str) and (word := given.strip().lower()) in YES + NO:
            return word in YES
        raise ValueError

    def near(self, value: bool) -> bool:
        """Both are possible."""
        return value

    def text(self, value: bool) -> str:
        """One word."""
        return YES[0] if value else NO[0]


@dataclass(frozen=True)
class Real:
    """A finite number within bounds, either of which may be missing."""

    low: float | None
    high: float | None

    @property
    def about(self) -> str:
        """The bounds."""
        return span(self.low, self.high)

    def read(self, given: object) -> float:
        """Take a number, or one in writing."""
        number = as_number(given)
        try:
            return finite(float(number))
        except OverflowError:
            raise ValueError from None

    def near(self, value: float) -> float:
        """Go to the nearer bound."""
        return float(clipped(value, self.low, self.high))

    def text(self, value: float) -> str:
        """As short as can be without loss."""
        return repr(value).removesuffix(".0")


@dataclass(frozen=True)
class Whole:
    """A whole number within bounds, either of which may be missing."""

    low: int | None
    high: int | None

    @property
    def about(self) -> str:
        """The bounds."""
        bounds = "" if self.low is self.high is None else ", " + span(self.low, self.high)
        return f"a whole number{bounds}"

    def read(self, given: object) -> float:
        """Take a number, or one in writing; whether it is whole shows in `near`."""
        number = as_number(given)
        return number if isinstance(number, int) else finite(number)

    def near(self, value: float) -> int:
        """Go to the nearer bound, and from a fraction to the nearest whole number."""
        whole = clipped(round(value), -MOST_WHOLE, MOST_WHOLE)
        return int(clipped(whole, self.low, self.high))

    def text(self, value: int) -> str:
        """Digits."""
        return str(value)


@dataclass(frozen=True)
class OneOf:
    """One of several values, each known by its text."""

    offered: tuple[Any, ...]

    @property
    def about(self) -> str:
        """What is offered."""
        shown = [str(each) for each in self.offered[:12]]
        return ", ".join([*shown, *(["…"] if len(self.offered) > 12 else [])])

    def read(self, given: object) -> object:
        """Take what is offered, by its name; capitals or not makes no difference."""
        if isinstance(given, str | int):
            for same in (str, folded):
                for each in self.offered:
                    if same(each) == same(given):
                        return each
        raise ValueError

    def near(self, value: object) -> object:
        """Nothing else can be read."""
        return value

    def text(self, value: object) -> str:
        """Its name."""
        return str(value)


@dataclass(frozen=True)
class Words:
    """Any text that is not too long."""

    about: str = f"a text of up to {MOST_LETTERS} letters"

    def read(self, given: object) -> str:
        """Take a text."""
        if isinstance(given, str):
            return given
        raise ValueError

    def near(self, value: str) -> str:
        """Cut what is too long."""
        return value[:MOST_LETTERS]

    def text(self, value: str) -> str:
        """As it is."""
        return value


@dataclass(frozen=True)
class Maybe:
    """Another kind, or none."""

    kind: Kind

    @property
    def about(self) -> str:
        """What else it can be."""
        return f"{self.kind.about}, or {NONE}"

    def read(self, given: object) -> Any:  # noqa: ANN401
        """Take none too."""
        if given is None or (isinstance(given, str) and given.strip().lower() in ("", NONE)):
            return None
        return self.kind.read(given)

    def near(self, value: Any) -> Any:  # noqa: ANN401
        """None is possible."""
        return None if value is None else self.kind.near(value)

    def text(self, value: Any) -> str:  # noqa: ANN401
        """One word for none."""
        return NONE if value is None else self.kind.text(value)


def as_number(given: object) -> float:
    """A number, or one in writing; ValueError if it is none."""
    if isinstance(given, str):
        return written_number(given)
    if isinstance(given, bool) or not isinstance(given, int | float):
        raise ValueError
    return given


def finite(number: float) -> float:
    """The number; ValueError if it is infinite or none."""
    if not math.isfinite(number):
        raise ValueError
    return number


def folded(value: object) -> str:
    """A name in which capitals make no difference."""
    return str(value).casefold()


def written_number(text: str) -> float:
    """A number as people write it, with a point or a comma."""
    try:
        return int(text)
    except ValueError:
        return float(text.replace(",", "."))


def clipped(value: float, low: float | None, high: float | None) -> float:
    """The nearest number within bounds, where there are any."""
    if low is not None and value < low:
        return low
    return high if high is not None and value > high else value


def span(low: float | None, high: float | None) -> str:
    """Bounds in words."""
    if low is None and high is None:
        return "any number"
    if high is None:
        return f"{low:g} or more"
    return f"up to {high:g}" if low is None else f"{low:g} to {high:g}"
