"""Running something in a thread of its own, where no event loop runs as yet.

Playwright leaves one running in the main thread from the first browser test on.
"""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

T = TypeVar("T")


def in_new_thread(call: Callable[[], T]) -> T:
    """Call it in a new thread, and return or raise what it does."""
    with ThreadPoolExecutor(max_workers=1) as thread:
        return thread.submit(call).result()
