"""Whether a library still has the code that a patch of ours stands in for.

Versions of Panel, Param and Bokeh that come later may do more in a function than what replaces it
here. Where one has changed, all that is cheaper with it stays as the library does it.
"""

from __future__ import annotations

import inspect
import logging
from collections.abc import Callable
from hashlib import sha256
from typing import Any

KnownCode = tuple[tuple[Callable[..., Any], str], ...]
"""Functions of libraries, each with its `code_digest` when its replacement was written."""

log = logging.getLogger(__name__)


def code_digest(function: Callable[..., Any]) -> str:
    """Return a short checksum of the source of a function; "" where there is none to read."""
    try:
        source = inspect.getsource(function)
    except (OSError, TypeError):
        return ""
    return sha256(source.encode()).hexdigest()[:12]


def changed_functions(known: KnownCode) -> tuple[str, ...]:
    """Return the names of the functions whose code is another one than that which is known."""
    return tuple(
        f"{function.__module__}.{function.__qualname__}"
        for function, digest in known
        if code_digest(function) != digest
    )


def is_unchanged(known: KnownCode) -> bool:
    """Whether the code of all these functions is the one that is known; the log says if not."""
    if changed := changed_functions(known):
        log.info("Not made cheaper, since they are others by now: %s", ", ".join(changed))
    return not changed
