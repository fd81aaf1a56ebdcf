"""What is known of a run without opening it: enough to list it and to draw its curves."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from playground.errors import InputError
from playground.runs.ids import checked_id, new_id
from playground.training.core.metrics import Curves, Score

PAGES = ("Gates", "Points", "Digits", "Your data")
MAX_NAME_LENGTH = 80


@dataclass(frozen=True, slots=True)
class RunSummary:
    """How far a run has come.

    Attributes
    ----------
    epoch : float
    step : int
        Optimiser steps in all.
    train, test : Score
    parameters : int
        Weights and biases.
    """

    epoch: float
    step: int
    train: Score
    test: Score
    parameters: int


@dataclass(frozen=True, slots=True, eq=False, kw_only=True)
class RunRecord:
    """A run as it is listed.

    Attributes
    ----------
    name : str
        As `clean_name` leaves it.
    page : str
        One of `PAGES`: where it was made.
    settings : mapping of str to JSON-able values
        All choices of that page by their public names.
    curves : Curves
    summary : RunSummary
    thumbnail : bytes
        A PNG picture; empty if there is none.
    id : str
        See `new_id`.
    created, saved : datetime
        In UTC.

    Raises
    ------
    InputError
        If the name, the page or the id is not as it should be.
    """

    name: str
    page: str
    settings: Mapping[str, Any]
    curves: Curves
    summary: RunSummary
    thumbnail: bytes = b""
    id: str = field(default_factory=new_id)
    created: datetime = field(default_factory=lambda: now())
    saved: datetime = field(default_factory=lambda: now())

    def __post_init__(self) -> None:
        checked_id(self.id)
        if self.page not in PAGES:
            raise InputError(f"There is no page “{self.page:.40}”; there are {', '.join(PAGES)}.")
        if clean_name(self.name) != self.name:
            raise InputError(
                f"The name {self.name!r} has blanks or characters that cannot be seen."
            )


def now() -> datetime:
    """Return the current time in UTC."""
    return datetime.now(UTC)


def clean_name(name: str) -> str:
    """Return a name as it can be shown in a line.

    What cannot be seen (control characters, marks that turn the direction of writing) is left
    out, and blanks are single.

    Raises
    ------
    InputError
        If nothing is left, or more than 80 characters are.
    """
    shown = "".join(each if each.isprintable() else " " for each in name[: 10 * MAX_NAME_LENGTH])
    words = " ".join(shown.split())
    if not words:
        raise InputError("A run needs a name, such as “XOR with four neurons”.")
    if len(words) > MAX_NAME_LENGTH:
        raise InputError(
            f"“{words:.20}…” is too long a name; {MAX_NAME_LENGTH} characters is the most."
        )
    return words
