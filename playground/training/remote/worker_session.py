"""What a worker holds of one page: a dense session, and what has to be told of it.

`WorkerSession` is an actor of dask.distributed: it lives in a process of a worker, and its methods
are called from elsewhere. Steps taken there are recorded, so that the session of the page can
follow: see `RemoteTrainer`.
"""

from __future__ import annotations

import math
import pickle
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np
import numpy.typing as npt
import torch

from playground.errors import InputError
from playground.problems.problem import FeatureMap
from playground.training.core.metrics import Scores
from playground.training.core.notes import Note
from playground.training.core.sessions.checkpoints import CheckpointInfo
from playground.training.core.sessions.loop import run_slice
from playground.training.core.state.state import State
from playground.training.core.torch_threads import torch_threads
from playground.training.dense.frame import Frame
from playground.training.dense.session import DenseSession
from playground.training.dense.settings import DenseSettings
from playground.training.dense.training_data import ProblemSpec
from playground.training.remote.versions import versions

Arrays = Mapping[str, npt.NDArray[np.generic]]


class WorkerError(InputError):
    """A worker can't train this, or an error was raised while it did."""


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a worker has come: what is told after each slice.

    Attributes
    ----------
    epoch, steps, scores, paused_by, can_train, steps_per_epoch, steps_to_epoch_end
        Those of the session; see `TrainingSession`.
    """

    epoch: int
    steps: int
    scores: Scores
    paused_by: Note | None
    can_train: bool
    steps_per_epoch: int
    steps_to_epoch_end: int


@dataclass(slots=True)
class Records:
    """What was added to the history and to the checkpoints, in this order.

    Attributes
    ----------
    scores : list of (float, Scores)
        Epochs with their scores.
    checkpoints : list of CheckpointInfo
    rows : list of array
        The weights of each checkpoint.
    """

    scores: list[tuple[float, Scores]] = field(default_factory=list)
    checkpoints: list[CheckpointInfo] = field(default_factory=list)
    rows: list[npt.NDArray[np.generic]] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Present:
    """The present of a session, on its way to another process.

    Attributes
    ----------
    numbers, arrays
        Those of a `State`, with NumPy's arrays for tensors.
    losses : (float, float)
        See `Comparability.losses`, which is not part of a state.
    """

    numbers: Mapping[str, Any]
    arrays: Arrays
    losses: tuple[float, float]

    @classmethod
    def of(cls, state: State, session: DenseSession) -> Present:
        """Copy a state of a session."""
        arrays = {name: tensor.numpy() for name, tensor in state.tensors.items()}
        return cls(state.numbers, arrays, session.comparability.losses)

    @property
    def state(self) -> State:
        """The state."""
        # Arrays that come from elsewhere can't be written to, which PyTorch warns of.
        return State(
            self.numbers,
            {name: torch.from_numpy(array.copy()) for name, array in self.arrays.items()},
        )


@dataclass(frozen=True, slots=True)
class Report:
    """All that a worker has done since the report before, or since it was handed the network.

    Attributes
    ----------
    progress : Progress
    present : Present
        Without history and checkpoints.
    records : Records
    frame : Frame or None
        See `DenseSession.computed_frame`.
    """

    progress: Progress
    present: Present
    records: Records
    frame: Frame | None


@dataclass(frozen=True, slots=True)
class Handover:
    """A network that a worker is to train from now on.

    Attributes
    ----------
    settings : DenseSettings
        Without the problem.
    problem : (ProblemSpec, FeatureMap) or None
        None where it is that of the handover before.
    present : Present
        With its history, so that both thin theirs in the same way.
    """

    settings: DenseSettings
    problem: tuple[ProblemSpec, FeatureMap] | None
    present: Present


class _RecordedSession(DenseSession):
    """A session that also collects what its history and checkpoints gain between two reports."""

    def __init__(self, seed: int) -> None:
        self.records = Records()
        super().__init__(None, seed)

    def record_scores(self, epoch: float) -> None:
        super().record_scores(epoch)
        self.records.scores.append((epoch, self.scores))

    def save_checkpoint(self, epoch: float) -> None:
        super().save_checkpoint(epoch)
        self.records.checkpoints.append(replace(self.present_info, epoch=epoch))
        self.records.rows.append(self.weights_row().numpy().copy())

    def take_records(self) -> Records:
        """Return what was added since the last call."""
        records, self.records = self.records, Records()
        return records


class WorkerSession:
    """A dense session in another process; its methods are called one after the other."""

    def __init__(self) -> None:
        self._session: _RecordedSession | None = None
        self._settings: DenseSettings | None = None

    def versions(self) -> dict[str, str]:
        """Return the versions of what decides what a training computes here."""
        return versions()

    def load(self, pickled: bytes) -> None:
        """Go on from a pickled `Handover`.

        Raises
        ------
        WorkerError
            If it can't be read, or not be trained here.
        """
        with _failures_told():
            handover: Handover = pickle.loads(pickled)
            if handover.problem is not None:
                spec, features = handover.problem
            else:
                assert self._settings is not None
                spec, features = self._settings.spec, self._settings.features
            settings = replace(handover.settings, spec=spec, features=features)
            with _computing():
                session = self._session or _RecordedSession(settings.architecture.seed)
                session.sync(settings)
                session.save_good_weights()  # of this size; others are restored
                session.restore(handover.present.state)
                session.comparability.losses = handover.present.losses
                session.take_records()
            self._session, self._settings = session, settings

    def advance(
        self, seconds: float, epochs: float = math.inf, steps: float = math.inf
    ) -> Progress:
        """Train until a budget is spent; see `run_slice`."""
        with _failures_told(), self._synced() as session:
            run_slice(session, seconds, epochs, steps)
            return _progress(session)

    def report(self, *, frame: bool) -> Report:
        """Return what was done since the last report, with a frame if it is wanted."""
        with _failures_told(), self._synced() as session:
            return Report(
                _progress(session),
                Present.of(session.present_state(), session),
                session.take_records(),
                session.computed_frame() if frame else None,
            )

    @contextmanager
    def _synced(self) -> Iterator[_RecordedSession]:
        assert self._session is not None
        assert self._settings is not None
        with _computing():
            self._session.sync(self._settings)
            yield self._session


def follow(session: DenseSession, report: Report) -> None:
    """Bring a session with the same settings to where a worker's has come.

    Raises
    ------
    InputError
        If the report is of another network; nothing has changed then.
    """
    session.restore_present(report.present.state)
    for epoch, scores in report.records.scores:
        session.history.record(epoch, *scores)
    for info, row in zip(report.records.checkpoints, report.records.rows, strict=True):
        session.checkpoints.record(info, torch.from_numpy(row.copy()), session.plan)
    session.comparability.losses = report.present.losses
    session.paused_by = report.progress.paused_by


def _progress(session: DenseSession) -> Progress:
    return Progress(
        session.epoch,
        session.steps,
        session.scores,
        session.paused_by,
        session.can_train,
        session.steps_per_epoch,
        session.steps_to_epoch_end,
    )


@contextmanager
def _computing() -> Iterator[None]:
    with torch.inference_mode(), torch_threads(1):
        yield


@contextmanager
def _failures_told() -> Iterator[None]:
    """Raise a WorkerError for every error: it can be pickled, and read by any process."""
    try:
        yield
    except Exception as error:  # What a problem or a network of the user raises may need its class.
        raise WorkerError(f"{type(error).__name__}: {error}"[:300]) from None
