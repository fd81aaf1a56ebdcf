"""A cache for one result, which is kept while its key stays equal."""

from __future__ import annotations

from collections.abc import Callable, Hashable
from threading import Lock
from typing import Generic, TypeVar

T = TypeVar("T")


class LatestResult(Generic[T]):
    """A cache for the latest result of a costly computation.

    It is safe to use from several threads, which all get the same object.
    """

    def __init__(self) -> None:
        self._lock = Lock()
        self._entry: tuple[Hashable, T] | None = None

    def get(self, key: Hashable, make: Callable[[], T]) -> T:
        """Return the result stored for `key`, or store that of `make` in place of the last one."""
        with self._lock:
            if self._entry is None or self._entry[0] != key:
                self._entry = (key, make())
            return self._entry[1]
