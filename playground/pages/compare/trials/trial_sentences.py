"""How far a sweep of trials is, in sentences."""

from __future__ import annotations

import math
from dataclasses import replace
from html import escape

from playground.number_text import time_left
from playground.trials.launch import Launched
from playground.trials.plan import SweepPlan
from playground.trials.progress import SweepProgress
from playground.trials.trial import Trial

NOT_RUNNING = (
    "No process carries it out at present; the same <code>playground sweep</code> goes on with it."
)
STARTING = "The process that carries it out is starting."


def with_process(progress: SweepProgress, launched: Launched | None) -> SweepProgress:
    """Say besides what became of a process that this server has started, if nobody else does."""
    ended = progress.ended == progress.plan.trials
    if launched is None or progress.is_running or progress.remark or ended:
        return progress
    return replace(progress, remark=STARTING if launched.is_alive else launched.failure)


def can_go_on(progress: SweepProgress) -> bool:
    """Return whether there are trials left, and no process that carries them out."""
    left = progress.ended < progress.plan.trials
    return left and not progress.is_running and progress.remark != STARTING


def sweep_label(plan: SweepPlan) -> str:
    """Name a sweep by what is learned and what varies."""
    task = plan.task if plan.table is None else f"“{plan.table.packed['target']}”"
    return f"{task}: {'; '.join(each.text for each in plan.space)}"[:120]


def progress_html(progress: SweepProgress) -> str:
    """Say how many trials have ended, how it goes on, and which is the best, in HTML."""
    total, ended = progress.plan.trials, progress.ended
    sentences = [f"<b>{ended} of {total}</b> trials have ended"]
    if ended == total:
        sentences = [f"All <b>{total}</b> trials have ended."]
    elif progress.is_running:
        workers = f"{progress.workers} worker{'' if progress.workers == 1 else 's'}"
        state = f"on {workers}" if not progress.paused else "paused"
        left = "" if progress.paused else time_left(progress.seconds_left)
        sentences[0] += f", {', '.join(filter(None, [state, left]))}."
    elif can_go_on(progress):
        sentences[0] += f". {NOT_RUNNING}"
    else:
        sentences[0] += "."
    if (best := progress.best) is not None:
        words = "The best" if ended == total else "Best so far"
        sentences.append(f"{words}: {trial_html(progress, best)}.")
    if progress.remark:
        sentences.append(escape(progress.remark))
    return "".join(f"<p>{each}</p>" for each in sentences)


def trial_html(progress: SweepProgress, trial: Trial) -> str:
    """Describe a trial in HTML: its values, how it has ended, and its metric."""
    value = progress.metric(trial)
    metric = "" if math.isnan(value) else f": {progress.plan.metric} {value:.4g}"
    message = f" ({escape(trial.message)})" if trial.message and trial.status != "finished" else ""
    return (
        f"trial {trial.number}, <b>{escape(trial.description)}</b>, {trial.status} at epoch "
        f"{trial.epoch:.4g}{metric}{message}"
    )
