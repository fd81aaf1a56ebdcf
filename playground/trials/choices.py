"""Names of what a sweep is told; nothing large is imported to list them."""

from __future__ import annotations

from typing import Literal

TASK_NAMES = ("gates", "points", "digits")
"""What a sweep can train by name."""
TABLE_TASK = "table"
"""What it is called where a sweep trains on a table of one's own."""
SAMPLERS = ("grid", "random", "tpe", "gp")
"""Every combination; drawn at random; and two of Optuna's, which learn from the trials before."""
PRUNERS = ("none", "median", "halving", "hyperband")
"""Which of Optuna's rules ends trials early that look bad."""

ScorePart = Literal["loss", "accuracy"]
TRIAL_METRICS: dict[str, tuple[int, ScorePart]] = {
    "test loss": (1, "loss"),
    "training loss": (0, "loss"),
    "test accuracy": (1, "accuracy"),
    "training accuracy": (0, "accuracy"),
}
"""What trials are compared by: which score, and which part of it."""

TRIAL_SLICE_SECONDS = 2.0
"""How long a worker trains between two checkpoints; one that is killed loses little more."""
