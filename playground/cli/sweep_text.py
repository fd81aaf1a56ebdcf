"""The progress and the results of a sweep as text: behind a bar on the terminal, and a table."""

from __future__ import annotations

import math
from collections.abc import Iterator

from playground.number_text import time_left
from playground.trials.choices import TRIAL_METRICS
from playground.trials.progress import SweepProgress
from playground.trials.trial import value_text


def bar_text(progress: SweepProgress) -> str:
    """Return how many trials have ended, the best metric, and the time left."""
    parts = [f"{progress.ended} of {progress.plan.trials} trials"]
    if (best := progress.best) is not None:
        parts.append(f"best {progress.plan.metric} {metric_text(progress.metric(best))}")
    parts.append(f"{progress.workers} worker{'' if progress.workers == 1 else 's'}")
    parts.append(time_left(progress.seconds_left))
    return ", ".join(filter(None, parts))


def table_lines(progress: SweepProgress) -> Iterator[str]:
    """Yield the lines of a table of all trials, the best first; none if none has begun."""
    if not progress.trials:
        return
    names = [each.name for each in progress.plan.space]
    heading = ["trial", *names, "epochs", *TRIAL_METRICS, "ended", "run"]
    rows = [heading]
    for trial in progress.ranking:
        scores = [
            metric_text(float(getattr(trial.scores[which], part)))
            for which, part in TRIAL_METRICS.values()
        ]
        rows.append(
            [
                str(trial.number),
                *(value_text(trial.values[name]) for name in names),
                f"{trial.epoch:.4g}",
                *scores,
                trial.status,
                "" if trial.is_open or not trial.epoch else trial.run_id,
            ]
        )
    widths = [max(len(row[column]) for row in rows) for column in range(len(heading))]
    for row in rows:
        cells = (cell.ljust(width) for cell, width in zip(row, widths, strict=True))
        yield "  ".join(cells).rstrip()
    for trial in progress.trials:
        if trial.status == "failed":
            yield f"Trial {trial.number} failed: {trial.message}"


def metric_text(metric: float) -> str:
    """Return a metric with four digits; a dash where there is none."""
    return "–" if math.isnan(metric) else f"{metric:.4g}"
