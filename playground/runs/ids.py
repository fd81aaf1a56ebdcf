"""Ids of runs and of browser tabs: the only thing that ever becomes the name of a file."""

from __future__ import annotations

import re
import uuid

from playground.errors import InputError

_ID = re.compile(r"[0-9a-f]{32}")


def new_id() -> str:
    """An id that nothing else has: 32 hexadecimal digits, drawn at random."""
    return uuid.uuid4().hex


def is_id(text: object) -> bool:
    """Whether it is one that `new_id` could have given."""
    return isinstance(text, str) and _ID.fullmatch(text) is not None


def checked_id(text: object) -> str:
    """Return an id that may be part of a path.

    Raises
    ------
    InputError
        If it is anything else.
    """
    if isinstance(text, str) and is_id(text):
        return text
    raise InputError(f"“{text!s:.40}” is not an id; one has 32 hexadecimal digits.")
