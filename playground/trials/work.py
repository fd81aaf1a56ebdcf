"""What a worker does: trains one trial for a few seconds, and hands back a checkpoint.

A worker keeps the trainers of the trials that it has trained last: as long as a trial stays where
it is, no checkpoint travels to the worker, and nothing is restored. A process trains one trial at a
time, since all of its threads draw dropout from the one generator of PyTorch.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from threading import Lock, RLock
from time import perf_counter
from typing import Any, Literal

import torch

from playground.errors import InputError
from playground.runs import Run, RunSummary
from playground.runs.format import decode_run, encode_run
from playground.runs.record import MAX_NAME_LENGTH
from playground.training.core.metrics import NO_SCORE, Scores
from playground.training.core.notes import Note
from playground.training.remote.versions import versions
from playground.trials.choices import TRIAL_METRICS
from playground.trials.plan import SweepPlan, rungs
from playground.trials.tasks import AnyTrainer, TrialTask, make_task
from playground.trials.trial import Trial
from playground.trials.trial_table import TrialTable

MAX_KEPT = 8
"""Trainers that a worker keeps."""
MAX_TABLES = 2
"""Tables that a worker keeps."""

Outcome = Literal["going", "finished", "diverged", "failed", "missing", "refused"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Job:
    """What a worker must know of a trial, besides its checkpoint: a few hundred bytes.

    Attributes
    ----------
    run_id, name : str
        Of the run that it becomes.
    task : str
        A name of `TASKS`.
    settings : mapping of str to object
        All values that are not the usual ones.
    metric : str
        A name of `TRIAL_METRICS`, reported at each of the `rungs`.
    seconds : float
        How long to train before the checkpoint.
    versions : mapping of str to str
        See `versions`.
    table : str
        The digest of the `TrialTable` that is learned; empty if there is none.
    """

    run_id: str
    name: str
    task: str
    settings: Mapping[str, Any]
    metric: str
    seconds: float
    versions: Mapping[str, str]
    table: str = ""

    @classmethod
    def of(cls, plan: SweepPlan, trial: Trial, seconds: float) -> Job:
        """Make the job of a trial, for workers with the versions that there are here."""
        return cls(
            run_id=trial.run_id,
            name=f"Sweep: {trial.description}"[:MAX_NAME_LENGTH].rstrip(),
            task=plan.task,
            settings={**plan.fixed, **trial.values},
            metric=plan.metric,
            seconds=seconds,
            versions=versions(),
            table="" if plan.table is None else plan.table.digest,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class SliceResult:
    """What a worker hands back.

    Attributes
    ----------
    outcome : str
        "going", "finished" or "diverged"; "failed", with a message, if the settings are impossible;
        "missing" if the checkpoint or the table is needed; "refused", with a message, if the worker
        must not train it.
    checkpoint : bytes
        The trial as the file of a run; empty unless it was trained.
    slices : int
        How many slices the checkpoint holds.
    epoch : float
    scores : Scores
    reports : tuple of float
        See `Trial`.
    seconds : float
        How long this took.
    data, remark : str
        See `TrialTask.data`.
    message : str
    """

    outcome: Outcome
    checkpoint: bytes = b""
    slices: int = 0
    epoch: float = 0.0
    scores: Scores = (NO_SCORE, NO_SCORE)
    reports: tuple[float, ...] = ()
    seconds: float = 0.0
    data: str = ""
    remark: str = ""
    message: str = ""


@dataclass
class _KeptTrainer:
    """A trial on this worker.

    Attributes
    ----------
    generator : Tensor
        The state of PyTorch's generator, which all trials of a process share.
    """

    task: TrialTask
    trainer: AnyTrainer
    generator: torch.Tensor
    slices: int = 0
    reports: list[float] = field(default_factory=list)


_kept_trainers: OrderedDict[str, _KeptTrainer] = OrderedDict()
_kept_tables: OrderedDict[str, TrialTable] = OrderedDict()
_kept_lock, _generator_lock = Lock(), RLock()


def train_slice(
    job: Job, slices: int, checkpoint: bytes = b"", table: TrialTable | None = None
) -> SliceResult:
    """Train a trial for `job.seconds`, or to its end.

    Parameters
    ----------
    job : Job
    slices : int
        How many it has behind it: a trainer kept here that has others is not used.
    checkpoint : bytes
        That after so many slices, where this worker may not keep the trainer.
    table : TrialTable, optional
        That of the job, where this worker may not keep it.
    """
    begun, own = perf_counter(), versions()
    for name, wanted in job.versions.items():
        if own.get(name) != wanted:
            message = f"has {name} {own.get(name)}, and the sweep was begun with {wanted}"
            return SliceResult(outcome="refused", message=message)
    with _kept_lock:
        kept = _kept_trainers.pop(job.run_id, None)
        table = _keep_table(job, table)
    try:
        if kept is None or kept.slices != slices:
            if (slices and not checkpoint) or (job.table and table is None):
                return SliceResult(outcome="missing")
            kept = _make_kept_trainer(job, table, decode_run(checkpoint) if checkpoint else None)
        with _shared_generator(kept):
            result = _train(kept, job, begun)
    except InputError as error:
        return SliceResult(outcome="failed", message=str(error), seconds=perf_counter() - begun)
    if result.outcome == "going":
        with _kept_lock:
            _kept_trainers[job.run_id] = kept
            while len(_kept_trainers) > MAX_KEPT:
                _kept_trainers.popitem(last=False)
    return result


def _keep_table(job: Job, sent: TrialTable | None) -> TrialTable | None:
    """Return the table of a job, and keep it for other trials; None if it is not here."""
    table = sent or _kept_tables.get(job.table)
    if table is not None:
        _kept_tables[job.table] = table
        _kept_tables.move_to_end(job.table)
        while len(_kept_tables) > MAX_TABLES:
            _kept_tables.popitem(last=False)
    return table


def _make_kept_trainer(job: Job, table: TrialTable | None, run: Run | None) -> _KeptTrainer:
    task = make_task(job.task, table)
    task.apply(job.settings)
    with _generator_lock:
        trainer = task.trainer()
        seed = int(task.settings["weight_seed"].value)
        kept = _KeptTrainer(task, trainer, torch.Generator().manual_seed(seed).get_state())
        if run is not None:
            before = torch.get_rng_state()
            trainer.restore(run.state)  # It may set the generator to what it was.
            kept.generator = torch.get_rng_state()
            torch.set_rng_state(before)
            kept.slices, kept.reports = slices_and_reports(run)
    return kept


def slices_and_reports(run: Run) -> tuple[int, list[float]]:
    """Return how many slices a checkpoint holds, and what was reported until then.

    Raises
    ------
    InputError
        If the run is no checkpoint of a trial.
    """
    match run.extra.get("trial"):
        case {"slices": int(slices), "reports": [*reports]} if all(
            isinstance(each, int | float) for each in reports
        ):
            return slices, [float(each) for each in reports]
    raise InputError("This is not the checkpoint of a trial.")


@contextmanager
def _shared_generator(kept: _KeptTrainer) -> Iterator[None]:
    """Use the generator that the process shares for one trial alone, from where it was."""
    with _generator_lock:
        before = torch.get_rng_state()
        torch.set_rng_state(kept.generator)
        try:
            yield
        finally:
            kept.generator = torch.get_rng_state()
            torch.set_rng_state(before)


def _train(kept: _KeptTrainer, job: Job, begun: float) -> SliceResult:
    trainer, epochs = kept.trainer, kept.task.epochs
    which, part = TRIAL_METRICS[job.metric]
    moments = rungs(epochs)
    note: Note | None = None
    end = perf_counter() + job.seconds
    while note is None and trainer.epoch < epochs:
        left = end - perf_counter()
        if left <= 0:
            break
        rung = moments[len(kept.reports)]
        trainer.advance(left, epochs=rung - trainer.epoch)
        note = trainer.paused_by
        if trainer.epoch >= rung and (note is None or note.kind != "diverged"):
            kept.reports.append(float(getattr(trainer.scores[which], part)))
    kept.slices += 1
    outcome: Outcome = "going"
    if note is not None and note.kind == "diverged":
        outcome = "diverged"
    elif note is not None or trainer.epoch >= epochs:
        outcome = "finished"
    run = _capture(kept, job)
    data, remark = kept.task.data
    return SliceResult(
        outcome=outcome,
        checkpoint=encode_run(run),
        slices=kept.slices,
        epoch=run.summary.epoch,
        scores=(run.summary.train, run.summary.test),
        reports=tuple(kept.reports),
        seconds=perf_counter() - begun,
        data=data,
        remark=remark,
        message="" if note is None else note.sentence,
    )


def _capture(kept: _KeptTrainer, job: Job) -> Run:
    """Copy the trial into a run, without the moments that a page could go back to."""
    trainer = kept.trainer
    with trainer.locked():
        state, frame = trainer.state(checkpoints=False), trainer.frame()
    return Run(
        id=job.run_id,
        name=job.name,
        page=kept.task.page,
        settings=kept.task.values(),
        curves=frame.curves,
        summary=RunSummary(
            frame.epoch,
            frame.step,
            frame.train,
            frame.test,
            sum(each.numel() for each in trainer.model.parameters()),
        ),
        state=state,
        extra={"trial": {"slices": kept.slices, "reports": kept.reports}},
    )
