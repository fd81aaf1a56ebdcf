"""The record of a run: everything except its state, enough to list it and plot its curves."""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from playground.errors import InputError
from playground.runs.ids import checked_id, new_id
from playground.training.core.metrics import Curves, Score

PAGES = ("Gates", "Points", "Digits", "Your data", "Compare")
"""Names of the pages on which runs are made."""
MAX_NAME_LENGTH = 80
"""Largest length of a run's name, in characters."""
MAX_STEM_BYTES = 200
"""Of 255 bytes that the name of a file may have."""


@dataclass(frozen=True, slots=True)
class RunSummary:
    """The progress and scores of a run.

    Attributes
    ----------
    epoch : float
    step : int
        Number of optimiser steps.
    train, test : Score
    parameters : int
        Number of weights and biases.
    """

    epoch: float
    step: int
    train: Score
    test: Score
    parameters: int


@dataclass(frozen=True, slots=True, eq=False, kw_only=True)
class RunRecord:
    """The part of a run that is needed to list it.

    Attributes
    ----------
    name : str
        A name as returned by `clean_name`.
    page : str
        The page on which the run was made, one of `PAGES`.
    settings : mapping of str to JSON-able values
        All settings of that page by public name.
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
        If the name, the page or the id is invalid.
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
            raise InputError(f"The name {self.name!r} has surplus spaces or invisible characters.")


def now() -> datetime:
    """Return the current time in UTC."""
    return datetime.now(UTC)


def file_stem(name: str) -> str:
    """Return the name of a run as the name of its file, without a suffix.

    It has letters and digits of all scripts, with hyphens between the words; "run" if there are
    none.
    """
    # With marks, which belong to letters in many scripts.
    kept = "".join(
        each if unicodedata.category(each)[0] in "LMN" else " "
        for each in unicodedata.normalize("NFC", name)
    )
    stem = "-".join(kept.split()).encode()[:MAX_STEM_BYTES].decode(errors="ignore")
    return stem.strip("-") or "run"


def clean_name(name: str) -> str:
    """Return a name that can be shown on one line.

    Invisible characters, such as control characters and direction marks, are replaced by spaces,
    and successive spaces are merged.

    Raises
    ------
    InputError
        If the result is empty, or longer than 80 characters.
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
