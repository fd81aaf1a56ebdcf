"""All trials of a sweep: which begins or goes on next, how far each is, and what is kept of it."""

from __future__ import annotations

from collections.abc import Collection
from contextlib import AbstractContextManager
from dataclasses import replace
from threading import Lock

from playground.errors import InputError
from playground.runs import Store
from playground.runs.format import decode_run
from playground.runs.ids import new_id
from playground.trials.folder import SweepFolder
from playground.trials.plan import SweepPlan
from playground.trials.trial import Trial
from playground.trials.trial_sampler import TrialSampler
from playground.trials.work import SliceResult, slices_and_reports


class KeptTrials:
    """The trials of one plan. `all` may be called from any thread.

    Parameters
    ----------
    plan : SweepPlan
    store : Store
        Where trials that have ended are kept as runs.
    """

    def __init__(self, plan: SweepPlan, store: Store) -> None:
        self._plan, self._store = plan, store
        self._folder = SweepFolder(store.folder, plan.id)
        self._lock = Lock()
        self._trials: dict[int, Trial] = {}
        self._sampler: TrialSampler  # from `load` on
        self._ended, self._share, self._data, self._first = 0, 0.0, "", 0
        self._checkpoints: dict[int, tuple[int, bytes]] = {}
        self._waiting: list[int] = []
        self._advised: set[int] = set()

    @property
    def folder(self) -> SweepFolder:
        """The files of the sweep."""
        return self._folder

    def locked(self) -> AbstractContextManager[None]:
        """Keep other processes from carrying out the same plan; see `SweepFolder.locked`."""
        return self._folder.locked()

    def load(self, *, anew: bool) -> None:
        """Read the trials of an earlier run of the plan, or forget them."""
        if anew:
            self._folder.clear()
        self._folder.save_plan(self._plan)
        known = self._folder.trials()
        self._sampler, self._advised = TrialSampler(self._plan, known), set()
        self._checkpoints.clear()
        with self._lock:
            self._trials.clear()
            self._ended, self._share, self._data, self._first = 0, 0.0, "", 0
            for each in known:
                if each.number < self._plan.trials:
                    self._set(each)
        self._waiting = [each.number for each in self._trials.values() if each.is_open]
        for number in self._waiting:
            self._load_checkpoint(number)

    def all(self) -> tuple[Trial, ...]:
        """Return those that have begun, by number."""
        with self._lock:
            return tuple(self._trials[number] for number in sorted(self._trials))

    def __contains__(self, number: int) -> bool:
        return number in self._trials

    def __getitem__(self, number: int) -> Trial:
        """Return a trial that has begun."""
        return self._trials[number]

    @property
    def are_done(self) -> bool:
        """Whether all of them have ended."""
        return self._ended == self._plan.trials

    @property
    def share(self) -> float:
        """How much of all trials is done; see `SweepProgress.share`."""
        return self._share / self._plan.trials

    @property
    def data(self) -> str:
        """The checksum of the data that they have learned from; see `TrialTask.data`."""
        return self._data

    def next(self, in_flight: Collection[int]) -> Trial | None:
        """Return the trial that goes on, or begins, next; None if there is none."""
        while self._waiting:
            trial = self._trials[self._waiting.pop(0)]
            if trial.is_open and trial.number not in in_flight:
                self._advise(trial)
                return trial
        while self._first in self._trials:
            self._first += 1
        return self.begin(self._first) if self._first < self._plan.trials else None

    def put_back(self, number: int) -> None:
        """Have a trial go on next."""
        self._waiting.insert(0, number)

    def checkpoint(self, number: int) -> tuple[int, bytes]:
        """Return the latest checkpoint of a trial, and how many slices it holds."""
        return self._checkpoints.get(number, (0, b""))

    def take(self, number: int, result: SliceResult) -> Trial:
        """Note how far a worker has trained a trial, and keep it if it has ended."""
        before = self._trials[number]
        trial = replace(
            before,
            epoch=result.epoch,
            scores=result.scores,
            reports=result.reports,
            seconds=before.seconds + result.seconds,
            data=result.data,
            message=result.message,
        )
        self._checkpoints[number] = result.slices, result.checkpoint
        if result.outcome in ("finished", "diverged"):
            return self.end(replace(trial, status=result.outcome))
        if self._sampler.report_and_should_prune(number, result.reports, len(before.reports)):
            return self.end(replace(trial, status="pruned", message="It looked worse than others."))
        self._folder.save_checkpoint(number, result.checkpoint)
        return self.record(trial)

    def end(self, trial: Trial) -> Trial:
        """Keep a trial for good, as a run where it has trained."""
        _slices, checkpoint = self._checkpoints.pop(trial.number, (0, b""))
        if checkpoint:
            run = decode_run(checkpoint)
            self._store.save(replace(run, extra={**run.extra, **self._plan.run_extra}))
        self.record(trial)
        self._sampler.end(trial)
        self._folder.delete_checkpoint(trial.number)
        return trial

    def record(self, trial: Trial) -> Trial:
        """Note how a trial is now."""
        with self._lock:
            self._set(trial)
        self._folder.record(trial)
        return trial

    def _set(self, trial: Trial) -> None:
        """Set a trial and the totals, which thousands of trials are not summed for each time."""
        before = self._trials.get(trial.number)
        if before is not None:
            self._ended -= not before.is_open
            self._share -= before.share
        self._trials[trial.number] = trial
        self._ended += not trial.is_open
        self._share += trial.share
        self._data = self._data or trial.data

    def begin(self, number: int) -> Trial:
        """Have a trial begin that has not begun: choose its values, and note it."""
        values = self._sampler.ask_trial(number)
        self._advised.add(number)
        task = self._plan.new_task()
        message = ""
        try:
            task.apply({**self._plan.fixed, **values})
        except InputError as error:  # Impossible together only.
            message = str(error)
        trial = self.record(
            Trial(number=number, values=values, run_id=new_id(), epochs=task.epochs)
        )
        return self.end(replace(trial, status="failed", message=message)) if message else trial

    def _advise(self, trial: Trial) -> None:
        """Tell the sampler of a trial that was interrupted in an earlier run."""
        if trial.number not in self._advised:
            self._advised.add(trial.number)
            self._sampler.ask_trial(trial.number, dict(trial.values))
            self._sampler.report_and_should_prune(trial.number, trial.reports, 0)

    def _load_checkpoint(self, number: int) -> None:
        data = self._folder.checkpoint(number)
        if not data:
            return
        try:
            slices, _reports = slices_and_reports(decode_run(data))
        except InputError:
            # Written to a disk that does not keep its word: from the beginning then.
            self._folder.delete_checkpoint(number)
            return
        self._checkpoints[number] = slices, data
