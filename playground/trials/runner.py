"""Carries a sweep out: hands slices of trials to workers, and keeps what comes back."""

from __future__ import annotations

import logging
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, replace
from queue import Empty
from time import monotonic
from typing import TYPE_CHECKING, Any

from playground.errors import InputError
from playground.runs import Store
from playground.runs.ids import new_id
from playground.training.remote.connection import CONNECT_SECONDS, connected
from playground.training.remote.silent_workers import SilentWorkers
from playground.trials.choices import TRIAL_SLICE_SECONDS
from playground.trials.cluster import train_on_worker
from playground.trials.kept_trials import KeptTrials
from playground.trials.plan import SweepPlan
from playground.trials.progress import SweepProgress
from playground.trials.runner_files import RunnerFiles
from playground.trials.steering import Steering
from playground.trials.trial import Trial
from playground.trials.work import Job, SliceResult

if TYPE_CHECKING:
    from distributed import Client, Future

WAKE_SECONDS = 0.25
WORKERS_SECONDS = 1.0
"""Seconds between two looks at how many workers there are."""
NO_WORKERS_SECONDS = 60.0
"""How long a scheduler may have no workers before the sweep is given up."""
SILENT_SECONDS = 15.0
"""Seconds without a report to the scheduler after which others go on with a worker's trials."""
FETCH_SECONDS = 60.0
"""Seconds within which a result has to arrive that a worker has."""
LARGE_MESSAGE = "1GiB"
"""A checkpoint that moves to another worker is meant to be in the message."""

log = logging.getLogger(__name__)

OnChange = Callable[[SweepProgress], None]


@dataclass(slots=True)
class _PendingSlice:
    """A slice that a worker has, or will get."""

    future: Future[tuple[str, SliceResult]]
    worker: str


class SweepRunner(Steering):
    """A sweep that is carried out, or that goes on after an interruption.

    All methods but `run` may be called from any thread, while it runs: see also `Steering`.

    Parameters
    ----------
    plan : SweepPlan
    store : Store
        Where trials that have ended are kept as runs.
    scheduler : str, optional
        The address of a scheduler; by default a cluster is started on this machine.
    workers : int, optional
        Processes of that cluster.
    slice_seconds : float
        How long a worker trains between two checkpoints.
    patience : float
        Seconds that a scheduler may have no workers.
    timeout : float
        Seconds within which a scheduler has to answer.

    Examples
    --------
    >>> plan = make_plan("gates", ["learning_rate=0.001..1:log"], trials=8)
    >>> SweepRunner(plan, Store()).run().best
    """

    def __init__(
        self,
        plan: SweepPlan,
        store: Store,
        *,
        scheduler: str | None = None,
        workers: int | None = None,
        slice_seconds: float = TRIAL_SLICE_SECONDS,
        patience: float = NO_WORKERS_SECONDS,
        timeout: float = CONNECT_SECONDS,
    ) -> None:
        super().__init__(plan.trials)
        self.plan = plan
        self._scheduler, self._worker_count = scheduler, workers
        self._slice_seconds, self._patience, self._timeout = slice_seconds, patience, timeout
        self._trials = KeptTrials(plan, store)
        self._files = RunnerFiles(self._trials.folder)
        self._client: Client  # while `run` does
        self._pending: dict[int, _PendingSlice] = {}
        self._last_worker: dict[int, str] = {}
        self._known = SilentWorkers(SILENT_SECONDS, timeout)
        self._workers: Mapping[str, int] = {}
        self._workers_seen = self._workers_asked = self._scheduler_seen = monotonic()
        self._begun, self._share_before = monotonic(), 0.0
        self._remark = ""
        self._on_change: OnChange | None = None

    @property
    def progress(self) -> SweepProgress:
        """How far it has come."""
        progress = SweepProgress(
            self.plan,
            self._trials.all(),
            workers=len(self._workers),
            paused=self._paused.is_set(),
            remark=self._remark
            if self._trials.are_done
            else f"{silence_sentence(self._known.silent)} {self._remark}".strip(),
        )
        done = self._trials.share - self._share_before
        elapsed = monotonic() - self._begun
        if done <= 0 or progress.paused:
            return progress
        return replace(progress, seconds_left=(1 - self._trials.share) * elapsed / done)

    # The loop ------------------------------------------------------------------------------------

    def run(self, on_change: OnChange | None = None, *, anew: bool = False) -> SweepProgress:
        """Carry the sweep out, and return when all trials have ended, or after `stop`.

        Parameters
        ----------
        on_change : callable, optional
            Called, in this thread, whenever a trial has come further.
        anew : bool
            Whether trials of an earlier run of the same plan are forgotten.

        Raises
        ------
        InputError
            If the scheduler can't be reached, or does not answer any more; if it has no workers,
            or one has other versions or other data. What had been trained until then is kept, and
            the next call goes on with it.
        """
        self._on_change = on_change or self._on_change
        try:
            with self._trials.locked():
                self._trials.load(anew=anew)
                self._files.open()
                if not self._trials.are_done:
                    try:
                        self._run_on_cluster()
                    except InputError as error:
                        self._files.fail(str(error))
                        raise
                return self.progress
        finally:
            self._forget_requests()

    def _run_on_cluster(self) -> None:
        with connected(self._scheduler, self._worker_count, timeout=self._timeout) as client:
            self._client, self._workers = client, {}
            try:
                self._loop()
            finally:
                if self._pending and client.status == "running":
                    client.cancel([each.future for each in self._pending.values()])
                self._pending.clear()

    def _loop(self) -> None:
        self._begun = self._workers_seen = self._scheduler_seen = monotonic()
        self._share_before = self._trials.share
        while not self._trials.are_done or self._pending:
            self._look_at_cluster()
            self._files.exchange(self, lambda: self.progress)
            self._end_cancelled()
            if not self._stopped.is_set() and not self._paused.is_set():
                self._fill()
            elif self._stopped.is_set() and not self._pending:
                return
            try:
                back = self._inbox.get(timeout=WAKE_SECONDS)
            except Empty:
                continue
            if back is not None and back in self._pending:
                self._on_back(back)
            if self._on_change is not None:
                self._on_change(self.progress)

    def _look_at_cluster(self) -> None:
        """See whether the scheduler is there, and how many workers it has.

        While the client tries to reach a scheduler again, there are none.
        """
        if self._client.status == "running":
            self._scheduler_seen = monotonic()
        else:
            # The client gives up by itself, but not always.
            waited = monotonic() - self._scheduler_seen
            if self._client.status != "connecting" or waited > 2 * self._timeout:
                raise self._lost_scheduler()
            self._workers, self._workers_seen = {}, monotonic()
            return
        if self._workers and monotonic() - self._workers_asked < WORKERS_SECONDS:
            return
        self._workers_asked = monotonic()
        try:
            self._known.look(self._client)
            self._take_from_silent()
        except Exception:  # Whatever a connection that breaks off raises; the next look tells.
            log.debug("The number of workers is not known.", exc_info=True)
            return
        self._workers = self._known.answering
        if self._workers or self._paused.is_set():
            self._workers_seen = monotonic()
        elif monotonic() - self._workers_seen > self._patience:
            raise self._no_workers()

    def _take_from_silent(self) -> None:
        """Have others go on with the trials of workers that have fallen silent."""
        keys = self._known.tasks(self._client)
        for number, pending in list(self._pending.items()):
            if pending.future.key in keys:
                self._client.cancel([self._pending.pop(number).future])
                self._trials.put_back(number)

    def _no_workers(self) -> InputError:
        which = "no workers that answer" if self._known.silent else "no workers"
        missing = f"has had {which} for {self._patience:.0f} seconds"
        if self._scheduler is None:
            return InputError(
                f"The cluster on this machine {missing}, so the processes that it starts do not "
                f"live: there may be too little memory for them. {self._kept}"
            )
        return InputError(
            f"The scheduler {self._scheduler} {missing}: start some with "
            f"`dask worker {self._scheduler} --nthreads 1`. {self._kept}"
        )

    def _lost_scheduler(self) -> InputError:
        where = self._scheduler or "on this machine"
        return InputError(f"The scheduler {where} does not answer any more. {self._kept}")

    @property
    def _kept(self) -> str:
        progress = self.progress
        return (
            f"{progress.ended} of {self.plan.trials} trials have ended and are kept; the same "
            "sweep goes on from there."
        )

    def _end_cancelled(self) -> None:
        for number in self._take_cancelled():
            self._end_open(number)
        if self._cancel_all.is_set():
            self._stopped.set()
            for each in self._trials.all():
                self._end_open(each.number)

    def _end_open(self, number: int) -> None:
        # One that has not begun gets its values first: as all trials, it is kept with them.
        begun = number in self._trials
        trial = self._trials[number] if begun else self._trials.begin(number)
        if trial.is_open:
            self._end(replace(trial, status="cancelled"))

    # Handing out ---------------------------------------------------------------------------------

    def _fill(self) -> None:
        """Give every worker something to do."""
        while len(self._pending) < len(self._workers):
            if (trial := self._trials.next(self._pending)) is None:
                return
            self._submit(trial.number)

    def _submit(self, number: int, *, send: bool = False) -> None:
        """Hand out the next slice of a trial, to the worker that keeps its trainer if it is free.

        Parameters
        ----------
        number : int
        send : bool
            Whether all goes with it that the worker may not have: checkpoint and table.
        """
        import dask

        trial = self._trials[number]
        if not trial.is_open:
            return
        slices, checkpoint = self._trials.checkpoint(number)
        last = self._last_worker.get(number)
        busy = {each.worker for each in self._pending.values()}
        home = last if last in self._workers and last not in busy else None
        job = Job.of(self.plan, trial, self._slice_seconds)
        where: dict[str, Any] = {}
        if home is not None:
            where = {"workers": [home], "allow_other_workers": True}
        elif self._known.silent:
            where = {"workers": list(self._workers)}
        sent = checkpoint if send or home is None else b"", self.plan.table if send else None
        with dask.config.set({"distributed.admin.large-graph-warning-threshold": LARGE_MESSAGE}):
            future = self._client.submit(
                train_on_worker, job, slices, *sent, key=f"trial-{trial.run_id}-{new_id()}", **where
            )
        self._pending[number] = _PendingSlice(future, home or "")
        future.add_done_callback(lambda _: self._inbox.put(number))
        if trial.status != "running":
            self._trials.record(replace(trial, status="running"))

    # Taking back ---------------------------------------------------------------------------------

    def _on_back(self, number: int) -> None:
        pending = self._pending[number]
        if not pending.future.done():  # Of an earlier slice, that was handed out again.
            return
        trial, future = self._trials[number], self._pending.pop(number).future
        if not trial.is_open:
            return
        if future.status == "finished":
            try:
                self._last_worker[number], result = future.result(timeout=FETCH_SECONDS)
            except Exception:  # Lost on its way, with the worker or with the connection.
                log.debug("A slice of trial %d is lost.", number, exc_info=True)
                self._trials.put_back(number)
                return
            self._on_slice(trial, result)
        elif future.status == "error":
            self._on_error(trial, future.exception(timeout=FETCH_SECONDS))
        else:  # The worker, or the scheduler, is gone, and the result with it.
            self._trials.put_back(number)

    def _on_error(self, trial: Trial, error: BaseException | None) -> None:
        if isinstance(error, ImportError):
            raise InputError(
                f"A worker can't train: {error}. Install neural-playground on all workers, in the "
                f"same version as here. {self._kept}"
            )
        text = f"{type(error).__name__}: {error}"[:300]
        if type(error).__name__ == "KilledWorker":
            text = "Worker after worker ended while it trained: it may need too much memory."
        self._end(replace(trial, status="failed", message=text))

    def _on_slice(self, trial: Trial, result: SliceResult) -> None:
        number = trial.number
        if result.outcome == "missing":
            self._submit(number, send=True)
            return
        if result.outcome == "refused":
            raise InputError(
                f"A worker {result.message}: install the same version on it, or stop it. "
                f"{self._kept}"
            )
        if result.outcome == "failed":
            self._end(replace(trial, status="failed", message=result.message))
            return
        self._check_data(result)
        if not self._trials.take(number, result).is_open:
            self._last_worker.pop(number, None)
        elif self._stopped.is_set() or self._paused.is_set():
            self._trials.put_back(number)
        else:
            self._submit(number)

    def _check_data(self, result: SliceResult) -> None:
        if (known := self._trials.data) and result.data != known:
            raise InputError(
                "A worker has other pictures than those of the trials before, so the results can't "
                "be compared: have PLAYGROUND_DATA name the same pictures for all workers. "
                f"{self._kept}"
            )
        self._remark = result.remark

    def _end(self, trial: Trial) -> None:
        """Keep a trial for good, and have no worker go on with it."""
        self._trials.end(trial)
        self._last_worker.pop(trial.number, None)
        if (pending := self._pending.pop(trial.number, None)) is not None:
            self._client.cancel([pending.future])


def silence_sentence(silent: Collection[str]) -> str:
    """Say which workers do not answer, given their addresses; "" if all do."""
    if not silent:
        return ""
    who, whose = f"{len(silent)} workers do", "their"
    if len(silent) == 1:
        who, whose = f"The worker {min(silent)} does", "its"
    return f"{who} not answer: others go on with {whose} trials."
