"""How many pictures a second a network learns from, lately."""

from __future__ import annotations

import math

DECAY_SECONDS = 2.0
"""Seconds of learning after which a measurement counts for about a third."""


class Throughput:
    """A running average that forgets."""

    def __init__(self) -> None:
        self._pictures = self._seconds = 0.0

    def record(self, pictures: int, seconds: float) -> None:
        """Take down that so many pictures took so long."""
        decay = math.exp(-seconds / DECAY_SECONDS)
        self._pictures = self._pictures * decay + pictures
        self._seconds = self._seconds * decay + seconds

    @property
    def per_second(self) -> float:
        """Pictures a second; NaN before anything was noted."""
        return self._pictures / self._seconds if self._seconds else math.nan

    def seconds_for(self, pictures: float) -> float:
        """How long so many pictures will take; NaN if unknown."""
        return pictures / self.per_second if self._pictures else math.nan
