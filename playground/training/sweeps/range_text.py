"""Ranges of numbers as text: `0.001..1`, `1e-4..1e-1:log:5`."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Self

from playground.errors import InputError
from playground.settings import quote_briefly

_RANGE = re.compile(r"(?P<low>[^:,\s]+?)\s*\.\.\s*(?P<high>[^:,\s]+)(?P<options>(\s*:[^:,]*)*)")
_SCALES = {"log": True, "linear": False}


@dataclass(frozen=True)
class RangeText:
    """A range of numbers as it was written, with what was left open.

    Attributes
    ----------
    name : str
        What the numbers are called in errors.
    beginning : str
        As it was written.
    low, high : float
        The ends.
    is_log : bool or None
        Whether equal factors or equal differences were asked for; None for neither.
    count : int or None
        How many values were asked for.
    """

    name: str
    beginning: str
    low: float
    high: float
    is_log: bool | None
    count: int | None

    @classmethod
    def read(
        cls,
        text: str,
        name: str,
        parse: Callable[[str], float | None],
        quote: Callable[[str], str] = quote_briefly,
    ) -> Self | None:
        """Read a range; None if the text is none.

        Parameters
        ----------
        text : str
        name : str
        parse : callable
            Returns the number that a text stands for, or None if it stands for no number.
        quote : callable
            Returns a received text as an error quotes it.

        Raises
        ------
        InputError
            If it is empty, or something else than a scale or a number of values follows.
        """
        found = _RANGE.fullmatch(text)
        if found is None:
            return None
        low, high = parse(found["low"]), parse(found["high"])
        if low is None or high is None or low >= high:
            raise InputError(
                f"The range {found['low']}..{found['high']} of {name} is empty: its end must be "
                "larger than its beginning."
            )
        is_log: bool | None = None
        count: int | None = None
        for option in found["options"].split(":")[1:]:
            word = option.strip().casefold()
            if word in _SCALES:
                is_log = _SCALES[word]
            elif word.isascii() and word.isdigit() and len(word) < 6:
                count = int(word)
            else:
                raise InputError(
                    "After a range can stand log, linear, or a number of values, not "
                    f"{quote(option.strip())}."
                )
        return cls(name, found["low"], low, high, is_log, count)

    def check_logarithm(self) -> None:
        """Raise an InputError if equal factors can't lead from one end to the other."""
        if self.low <= 0:
            raise InputError(
                f"A logarithmic range of {self.name} can't begin at {self.beginning}: take a "
                "number above 0, or linear."
            )

    def check_count(self, count: int, most: int) -> None:
        """Raise an InputError if there can't be so many values."""
        if not 2 <= count <= most:
            raise InputError(
                f"A range of {self.name} can have 2 to {most:,} values, not {count:,}."
            )
