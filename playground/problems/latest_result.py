"""Keep a result for as long as nothing it was made from has changed."""

from __future__ import annotations

from collections.abc import Callable, Hashable
from threading import Lock
from typing import Generic, TypeVar

T = TypeVar("T")


class LatestResult(Generic[T]):
    """The latest result of something costly: the same object while its key stays equal.

    Safe to ask from several threads at once; they all receive the same object.
    """

    def __init__(self) -> None:
        self._lock = Lock()
        self._entry: tuple[Hashable, T] | None = None

    def get(self, key: Hashable, make: Callable[[], T]) -> T:
        """Return what is kept for `key`, or else make it and keep it in place of the last."""
        with self._lock:
            if self._entry is None or self._entry[0] != key:
                self._entry = (key, make())
            return self._entry[1]
