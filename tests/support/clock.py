"""A clock that stands still until a test moves it: how long the machine takes changes nothing."""

from __future__ import annotations


class Clock:
    """Stands in for `time.monotonic` or `time.perf_counter`.

    Attributes
    ----------
    now : float
        What it shows, in seconds.
    """

    def __init__(self, now: float = 0.0) -> None:
        self.now = now

    def __call__(self) -> float:
        return self.now
