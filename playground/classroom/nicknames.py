"""Nicknames of pupils: text from outside, of limited length, without invisible characters."""

from __future__ import annotations

import unicodedata

from playground.errors import InputError

MAX_NICKNAME_LENGTH = 24
"""Characters of a nickname."""
MAX_TYPED_LENGTH = 1000
"""Characters of what is typed that are looked at."""
MAX_MARKS = 2
"""Marks, such as accents, that may follow each other: more would be drawn over other lines."""


def clean_nickname(text: str) -> str:
    """Return a nickname as it is shown: normalised, with single spaces.

    Parameters
    ----------
    text : str
        What was typed.

    Raises
    ------
    InputError
        If it is empty or too long, or holds characters that can't be seen.
    """
    name = " ".join(unicodedata.normalize("NFC", text[:MAX_TYPED_LENGTH]).split())
    if len(name) > MAX_NICKNAME_LENGTH:
        raise InputError(
            f"A nickname has at most {MAX_NICKNAME_LENGTH} characters; this one has {len(name)}."
        )
    if not any(each.isalnum() for each in name):
        raise InputError("A nickname needs at least one letter or digit.")
    if not all(each.isprintable() for each in name):
        raise InputError("A nickname can't have characters that are not seen.")
    marks = 0
    for each in name:
        marks = marks + 1 if unicodedata.category(each) in {"Mn", "Me"} else 0
        if marks > MAX_MARKS:
            raise InputError("A nickname can't have so many marks over one letter.")
    return name


def nickname_key(name: str) -> str:
    """Return what two nicknames have in common that people can't tell apart by reading.

    Capitals, full-width letters and spaces make no difference.
    """
    return "".join(unicodedata.normalize("NFKC", name).casefold().split())
