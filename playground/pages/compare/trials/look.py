"""What is found when the files of sweeps are looked at."""

from __future__ import annotations

from dataclasses import dataclass

from playground.pages.compare.trials.trial_runs import TrialRuns
from playground.trials.progress import SweepProgress


@dataclass(frozen=True, slots=True)
class Look:
    """What was found at a look.

    Attributes
    ----------
    labels : dict of str to str
        Ids of the sweeps by what they are called.
    id : str
        Of the one that is shown; "" if there is none.
    progress : SweepProgress or None
        How far it is; None if it can't be read.
    problem : str
        Why it can't be read.
    runs : TrialRuns or None
        Its trials, prepared for the figures and the table; None if there is no progress.
    """

    labels: dict[str, str]
    id: str = ""
    progress: SweepProgress | None = None
    problem: str = ""
    runs: TrialRuns | None = None
