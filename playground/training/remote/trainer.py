"""A trainer of dense networks whose steps are taken by a worker, in another process or machine.

The session here stays the one that everything is asked of: edits, rewinding, saving, exports. It
is handed to a worker, which trains it, and it follows what the worker reports: with each frame, and
at least once a second. A worker that is lost takes with it what it has not reported, and training
goes on here until there is another one.
"""

from __future__ import annotations

import logging
import math
from collections.abc import Iterator
from concurrent.futures import Future
from contextlib import contextmanager
from dataclasses import replace
from time import monotonic, perf_counter
from typing import Any

from playground.errors import InputError
from playground.networks.architecture import Architecture
from playground.problems.problem import Problem
from playground.training.core.metrics import Scores
from playground.training.core.notes import Note
from playground.training.dense.frame import Frame
from playground.training.dense.session import DenseSession
from playground.training.dense.settings import DenseSettings
from playground.training.dense.trainer import Trainer
from playground.training.dense.training_data import ProblemSpec
from playground.training.remote.worker_session import (
    Handover,
    Present,
    Progress,
    WorkerError,
    follow,
)
from playground.training.remote.workers import (
    RETRY_SECONDS,
    LostWorkerError,
    RemoteSession,
    RemoteWorkers,
)
from playground.training.training import Training

REPORT_SECONDS = 1.0
"""Seconds of training, at most, that a lost worker takes with it."""
MAX_CALL_SECONDS = 0.25
"""Longest training of one call, in seconds."""
MIN_CALL_SECONDS = 0.03
"""Seconds that a shorter budget becomes: a call takes milliseconds, whatever it trains."""
NOTE_SECONDS = 30.0
"""Seconds for which a page tells that a worker was lost."""

log = logging.getLogger(__name__)


class RemoteTrainer(Trainer):
    """A `Trainer` that trains on a worker where there is one, and here where there is none.

    With the same settings, each step is equal to the bit to that of a `Trainer`.

    Parameters
    ----------
    problem, architecture, training
        See `Trainer`.
    workers : RemoteWorkers
    """

    def __init__(
        self,
        problem: Problem,
        architecture: Architecture | None = None,
        training: Training | None = None,
        *,
        workers: RemoteWorkers,
    ) -> None:
        super().__init__(problem, architecture, training)
        self._workers = workers
        self._remote: RemoteSession | None = None
        self._awaited: Future[RemoteSession] | None = None
        self._retry_at = 0.0
        # What the worker has, and how far it is ahead of the session here.
        self._loaded: int | None = None
        self._loaded_spec: ProblemSpec | None = None
        self._unfit: int | None = None
        self._progress: Progress | None = None
        self._reported_at = 0.0
        self._trouble = self._loss = ""
        self._told_until = 0.0

    # Where it trains ----------------------------------------------------------------------------

    @property
    def trains_here(self) -> bool:
        """Whether this process takes the steps at present."""
        return self._remote is None

    @property
    def is_predictable(self) -> bool:
        """False: a worker may be found at any time."""
        return False

    @property
    def worker(self) -> str | None:
        """The address of the worker that trains, if one does."""
        remote = self._remote
        return None if remote is None else remote.worker

    @property
    def place_note(self) -> Note | None:
        """What a person should know about where the network is trained."""
        sentence = self._trouble or (self._loss if monotonic() < self._told_until else "")
        return Note("workers", "training", "warning", sentence) if sentence else None

    # Training -----------------------------------------------------------------------------------

    def advance(
        self,
        seconds: float = math.inf,
        *,
        epochs: float = math.inf,
        steps: float = math.inf,
        settings: DenseSettings | None = None,
    ) -> int:
        """Train until a budget is spent; see `BaseTrainer.advance`.

        Seconds are those here, which include the way to the worker and back.
        """
        requested = self.settings() if settings is None else settings
        end, least = perf_counter() + seconds, MIN_CALL_SECONDS if seconds > 0 else 0.0
        with self._lock:
            if not self._hand_over(requested):
                return super().advance(seconds, epochs=epochs, steps=steps, settings=requested)
            last_epoch, first = self.epoch + epochs, self.step_count
            try:
                while True:
                    progress = self._advance_there(
                        min(MAX_CALL_SECONDS, max(least, end - perf_counter())),
                        last_epoch - self.epoch,
                        steps - (self.step_count - first),
                    )
                    if progress.paused_by is not None or not progress.can_train:
                        break
                    if progress.epoch >= last_epoch or progress.steps - first >= steps:
                        break
                    if perf_counter() >= end:
                        break
                if math.isinf(seconds):  # Whoever waits for all steps asks for the result next.
                    self._collect(frame=False)
            except (LostWorkerError, WorkerError) as error:
                self._on_failure(error)
                return super().advance(
                    max(0.0, end - perf_counter()),
                    epochs=last_epoch - self.epoch,
                    steps=steps - (self.step_count - first),
                    settings=requested,
                )
            return self.step_count - first

    def frame(self, settings: DenseSettings | None = None) -> Frame:
        """Return an immutable copy of the network and its training; see `BaseTrainer.frame`."""
        requested = self.settings() if settings is None else settings
        with self._lock:
            is_loaded = self._loaded is not None and requested.number <= self._loaded
            if self._progress is not None and is_loaded:
                try:
                    computed = self._collect(frame=True)
                except (LostWorkerError, WorkerError) as error:
                    self._on_failure(error)
                else:
                    assert computed is not None
                    with self.computing():
                        return self._session.complete_frame(computed)
            return super().frame(requested)

    @property
    def epoch(self) -> int:
        """Finished epochs."""
        progress = self._progress
        return super().epoch if progress is None else progress.epoch

    @property
    def step_count(self) -> int:
        """Optimiser steps in all."""
        progress = self._progress
        return super().step_count if progress is None else progress.steps

    @property
    def scores(self) -> Scores:
        """The latest scores on the training and the test samples."""
        progress = self._progress
        return super().scores if progress is None else progress.scores

    @property
    def paused_by(self) -> Note | None:
        """Why the last slice ended before its budget, if it did."""
        progress = self._progress
        return super().paused_by if progress is None else progress.paused_by

    @property
    def steps_per_epoch(self) -> int:
        """Optimiser steps in an epoch at present, at least 1."""
        progress = self._progress
        return super().steps_per_epoch if progress is None else progress.steps_per_epoch

    @property
    def steps_to_epoch_end(self) -> int:
        """Optimiser steps until the epoch under way ends, at least 1."""
        progress = self._progress
        return super().steps_to_epoch_end if progress is None else progress.steps_to_epoch_end

    # From here to the worker and back -----------------------------------------------------------

    @contextmanager
    def _synced(self, settings: DenseSettings | None = None) -> Iterator[DenseSession]:
        """Bring the session here up to date; the worker is handed it anew before the next step."""
        requested = self.settings() if settings is None else settings
        with self._lock:
            if self._progress is not None:
                try:
                    self._collect(frame=False)
                except (LostWorkerError, WorkerError) as error:
                    self._on_failure(error)
            self._loaded = None
            with super()._synced(requested) as session:
                yield session

    def _hand_over(self, requested: DenseSettings) -> bool:
        """Have a worker hold the network with these settings; False if none does."""
        if self._unfit is not None and requested.number <= self._unfit:
            return False
        remote = self._remote or self._take_session()
        if remote is None:
            return False
        if self._loaded is not None and requested.number <= self._loaded:
            return True
        with self._synced(requested) as session:
            in_force = session.settings
            present = Present.of(session.state(checkpoints=False), session)
        if self._remote is None:  # It was lost just now.
            return False
        spec = in_force.spec
        handover = Handover(
            # The problem goes with it only where it is another one than before.
            replace(in_force, spec=None, features={}),  # type: ignore[arg-type]
            None if spec is self._loaded_spec else (spec, in_force.features),
            present,
        )
        try:
            remote.load(_pickled(handover))
        except (LostWorkerError, WorkerError) as error:
            self._on_failure(error)
            return False
        self._loaded, self._loaded_spec = in_force.number, spec
        self._reported_at = monotonic()
        return True

    def _take_session(self) -> RemoteSession | None:
        """Return the session of a worker if one is ready, and ask for one if none was."""
        if self._awaited is None:
            if monotonic() >= self._retry_at:
                self._awaited = self._workers.begin_session()
            return None
        if not self._awaited.done():
            return None
        awaited, self._awaited = self._awaited, None
        try:
            self._remote = awaited.result()
        except InputError as error:
            self._retry_at = monotonic() + RETRY_SECONDS
            self._tell(f"{error} The process that serves this page trains it meanwhile.")
            return None
        self._loaded, self._loaded_spec, self._trouble = None, None, ""
        return self._remote

    def _advance_there(self, seconds: float, epochs: float, steps: float) -> Progress:
        remote = self._remote
        if remote is None or self._loaded is None:
            raise LostWorkerError
        self._progress = progress = remote.advance(seconds, epochs, steps)
        if monotonic() - self._reported_at > REPORT_SECONDS:
            self._collect(frame=False)
        return progress

    def _collect(self, *, frame: bool) -> Frame | None:
        """Have the session here follow the worker's; return what a frame is made of."""
        remote = self._remote
        if remote is None:
            raise LostWorkerError
        report = remote.report(frame=frame)
        with self.computing():
            follow(self._session, report)
            # A new optimiser, as after a divergence, is made with the settings.
            self._session.sync(self._session.settings)
        self._progress, self._reported_at = None, monotonic()
        return report.frame

    def _on_failure(self, error: LostWorkerError | WorkerError) -> None:
        """Go on from the last report, here until there is another worker."""
        worker, reached = self.worker, self.epoch
        self._remote = self._loaded = self._loaded_spec = self._progress = None
        if isinstance(error, WorkerError):
            assert self._in_force is not None
            self._unfit = self._in_force.number
            self._tell(f"Workers can't train this ({error}): this process trains it.")
            return
        self._loss = (
            f"The worker {worker} was lost at epoch {reached:,}: training goes on from epoch "
            f"{self.epoch:,}, on another worker once one is ready."
        )
        self._told_until = monotonic() + NOTE_SECONDS
        log.warning("%s", self._loss)

    def _tell(self, trouble: str) -> None:
        if trouble != self._trouble:
            log.warning("%s", trouble)
        self._trouble = trouble


def _pickled(handover: Handover) -> bytes:
    """Pickle a handover, functions of the user included.

    Raises
    ------
    WorkerError
        If it can't be.
    """
    from distributed.protocol.pickle import dumps

    try:
        data: Any = dumps(handover)
    except Exception as error:  # An object of the user may raise any exception.
        raise WorkerError(f"{type(error).__name__}: {error}"[:300]) from error
    return bytes(data)
