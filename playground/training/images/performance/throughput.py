"""Recent throughput of training, in pictures per second."""

from __future__ import annotations

import math

DECAY_SECONDS = 2.0
"""Seconds of training after which a measurement has a weight of 1/e."""


class Throughput:
    """Exponentially weighted throughput."""

    def __init__(self) -> None:
        self._pictures = self._seconds = 0.0

    def record(self, pictures: int, seconds: float) -> None:
        """Add a measurement: a number of pictures and the seconds they took."""
        decay = math.exp(-seconds / DECAY_SECONDS)
        self._pictures = self._pictures * decay + pictures
        self._seconds = self._seconds * decay + seconds

    @property
    def per_second(self) -> float:
        """Pictures per second; NaN before the first measurement."""
        return self._pictures / self._seconds if self._seconds else math.nan

    def seconds_for(self, pictures: float) -> float:
        """Expected duration for a number of pictures in seconds; NaN if unknown."""
        return pictures / self.per_second if self._pictures else math.nan
