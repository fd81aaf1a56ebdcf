"""How far a sweep has come."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

from playground.trials.plan import SweepPlan
from playground.trials.trial import Trial


@dataclass(frozen=True, slots=True)
class SweepProgress:
    """A sweep at one moment.

    Attributes
    ----------
    plan : SweepPlan
    trials : tuple of Trial
        Those that have begun, by number.
    workers : int
        Trials that can be trained at a time at present.
    paused : bool
    seconds_left : float
        NaN while that is not known.
    is_running : bool
        Whether a process carries it out at present.
    remark : str
        What there is to say besides, such as that pictures are missing; "" if nothing.
    """

    plan: SweepPlan
    trials: tuple[Trial, ...]
    workers: int = 0
    paused: bool = False
    seconds_left: float = math.nan
    is_running: bool = False
    remark: str = ""

    @property
    def ended(self) -> int:
        """The number of trials that have ended, in whatever way."""
        return sum(not each.is_open for each in self.trials)

    @property
    def share(self) -> float:
        """How much of all trials is done, 0 to 1."""
        return sum(each.share for each in self.trials) / self.plan.trials

    @property
    def ranking(self) -> tuple[Trial, ...]:
        """All trials, the best first; those that have diverged or failed last."""
        return tuple(sorted(self.trials, key=self._rank))

    @property
    def best(self) -> Trial | None:
        """The best of the trials that have finished; None while there is none."""
        done = (each for each in self.ranking if each.status == "finished")
        return next((each for each in done if not math.isnan(self.metric(each))), None)

    def metric(self, trial: Trial) -> float:
        """Return the metric by which trials are compared; NaN where there is none."""
        if trial.status in ("diverged", "failed"):
            return math.nan
        return self.plan.metric_of(trial.scores)

    def _rank(self, trial: Trial) -> tuple[Any, ...]:
        metric = self.metric(trial)
        sign = 1 if self.plan.lower_is_better else -1
        return math.isnan(metric), sign * metric if not math.isnan(metric) else 0.0, trial.number
