"""How many steps are due at a limited pace, and when the next one is."""

from __future__ import annotations

import math
from time import perf_counter

LEARNING_PERIOD_MS = 33
"""Least milliseconds between two looks at the pace while training: so many frames as a film has are
enough. Results and requests are looked at when they come."""
IDLE_PERIOD_MS = 250
"""Milliseconds between two beats in any case; long, so that idle pages cost little."""
MAX_CATCH_UP_SECONDS = 0.25
"""Largest delay in seconds for which missed steps are made up when the pace is limited."""


class StepClock:
    """Counts the steps that are due since the last look."""

    def __init__(self) -> None:
        self.start()

    def start(self) -> None:
        """Owe nothing, and count from now on."""
        self._owed, self._looked_at = 0.0, perf_counter()

    def look(self, pace: float | None, steps_per_epoch: int) -> float:
        """Return the number of steps due, as none are owed any more; infinite without a pace."""
        now = perf_counter()
        passed, self._looked_at = min(now - self._looked_at, MAX_CATCH_UP_SECONDS), now
        if pace is None:
            return math.inf
        self._owed += passed * pace * steps_per_epoch
        due = math.floor(self._owed)
        self._owed -= due
        return due

    def give_back(self, steps: float) -> None:
        """Owe steps again that could not be taken."""
        self._owed += steps

    @property
    def is_early(self) -> bool:
        """Whether the last look was just now."""
        return 1000 * (perf_counter() - self._looked_at) < LEARNING_PERIOD_MS

    def seconds_left(self, pace: float, steps_per_epoch: int) -> float:
        """Return the seconds until a step is due, and a look is not early."""
        due = (1 - self._owed) / (pace * steps_per_epoch)
        period = min(max(LEARNING_PERIOD_MS / 1000, due), IDLE_PERIOD_MS / 1000)
        return max(0.0, period - (perf_counter() - self._looked_at))
