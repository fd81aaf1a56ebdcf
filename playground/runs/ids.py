"""Ids of runs and browser tabs, which are the only input that file names are made of."""

from __future__ import annotations

import re
import uuid

from playground.errors import InputError

_ID = re.compile(r"[0-9a-f]{32}")


def new_id() -> str:
    """Return a new unique id: 32 random hexadecimal digits."""
    return uuid.uuid4().hex


def is_id(text: object) -> bool:
    """Return whether a value has the form of an id."""
    return isinstance(text, str) and _ID.fullmatch(text) is not None


def checked_id(text: object) -> str:
    """Return the value if it is an id, which is safe as part of a path.

    Raises
    ------
    InputError
        If it is not an id.
    """
    if isinstance(text, str) and is_id(text):
        return text
    raise InputError(f"“{text!s:.40}” is not an id; one has 32 hexadecimal digits.")
