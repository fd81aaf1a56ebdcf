"""Calls of methods whose object may have been garbage-collected."""

from __future__ import annotations

from collections.abc import Callable
from weakref import WeakMethod


def call_if_alive(method: WeakMethod[Callable[..., None]], *arguments: object) -> None:
    """Call a method, unless its object no longer exists."""
    if (alive := method()) is not None:
        alive(*arguments)
