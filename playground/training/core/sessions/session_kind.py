"""What is special about each kind of training session."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterable, Mapping
from typing import ClassVar, Generic, TypeVar

import numpy as np
import numpy.typing as npt
from torch import Tensor

from playground.training.core.metrics import Scores
from playground.training.core.optimisers import Optimiser
from playground.training.core.sessions.checkpoints import Checkpoint
from playground.training.core.settings import TrainerSettings
from playground.training.core.state.state import State
from playground.training.core.state.state_reader import RestoreStep, StateReader

Weights = Mapping[str, npt.NDArray[np.generic]]

SettingsT = TypeVar("SettingsT", bound=TrainerSettings)
FrameT = TypeVar("FrameT")


class SessionKind(ABC, Generic[SettingsT, FrameT]):
    """What a kind of session must define; `TrainingSession` builds on it.

    It stands apart so that whoever writes another kind of trainer reads this file and no other.

    Attributes
    ----------
    records_per_epoch : int
        Rows of the history, and checkpoints, that an epoch leaves.
    runs_at_least_once : bool
        Whether a slice runs a piece of work even if there is no time for it.
    state_kind : str
        Kind of the states, as it stands in files.
    settings : TrainerSettings
        Those in force.
    """

    records_per_epoch: ClassVar[int] = 1
    runs_at_least_once: ClassVar[bool] = False
    state_kind: ClassVar[str]

    settings: SettingsT

    @property
    @abstractmethod
    def scores(self) -> Scores:
        """The latest scores on the training and the test samples."""

    @property
    @abstractmethod
    def between_epochs(self) -> bool:
        """Whether no epoch is under way."""

    @property
    @abstractmethod
    def steps_per_epoch(self) -> int:
        """Optimiser steps in an epoch at present, at least 1."""

    @property
    @abstractmethod
    def steps_to_epoch_end(self) -> int:
        """Optimiser steps until the epoch under way ends, at least 1."""

    @abstractmethod
    def run_next_piece(self) -> None:
        """Run the next piece of work: one optimiser step, or a part of it."""

    @abstractmethod
    def evaluate(self) -> None:
        """Update `scores` with the present weights."""

    @abstractmethod
    def save_good_weights(self) -> None:
        """Keep the present weights as those to go back to after a divergence."""

    @abstractmethod
    def load_good_weights(self) -> None:
        """Go back to the weights last kept by `save_good_weights`; the optimiser begins anew."""

    @property
    @abstractmethod
    def optimiser(self) -> Optimiser:
        """The optimiser in use."""

    @abstractmethod
    def reset_optimiser(self) -> None:
        """Make the optimiser begin without memory."""

    @abstractmethod
    def weights_row(self) -> Tensor:
        """Return everything that a checkpoint keeps as a tensor of one dimension."""

    @abstractmethod
    def load_checkpoint(self, checkpoint: Checkpoint) -> None:
        """Make the weights of a checkpoint the present ones; the optimiser begins anew."""

    @abstractmethod
    def frame(self) -> FrameT:
        """Make a frame of the present."""

    @abstractmethod
    def frame_at(self, checkpoint: Checkpoint) -> FrameT:
        """Make a frame of a checkpoint."""

    @abstractmethod
    def weights_at(self, checkpoint: Checkpoint) -> Weights:
        """Copy the weights of a checkpoint, named as in `state_dict()`."""

    @abstractmethod
    def state_parts(self) -> dict[str, State]:
        """Copy all parts of the state but history, optimiser and checkpoints."""

    @abstractmethod
    def prepare_parts_restore(self, saved: StateReader) -> Iterable[RestoreStep]:
        """Check what `state_parts` made; yield the steps that restore it, to be run in order."""
