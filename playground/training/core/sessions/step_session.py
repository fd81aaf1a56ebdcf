"""Training sessions whose pieces of work are optimiser steps."""

from __future__ import annotations

from collections.abc import Sized
from typing import Generic, Protocol, TypeVar

from playground.training.core.metrics import NO_SCORE, Scores
from playground.training.core.optimisers import Optimiser
from playground.training.core.sessions.session import TrainingSession
from playground.training.core.sessions.session_kind import FrameT, SettingsT


class BatchedNetwork(Protocol):
    """A network with its batches and its optimiser.

    Attributes
    ----------
    optimiser : Optimiser
    programs : Sized
        The steps of an epoch, one for each batch.
    """

    optimiser: Optimiser

    @property
    def programs(self) -> Sized:
        """The steps of an epoch, one for each batch."""

    def reset_optimiser(self) -> None:
        """Make the optimiser begin without memory."""


NetworkT = TypeVar("NetworkT", bound=BatchedNetwork)


class StepSession(TrainingSession[SettingsT, FrameT]):
    """One run of training, an optimiser step at a time; see `TrainingSession`.

    The end of an epoch is one with its last step. `evaluate` of a subclass sets `_scores`.

    Attributes
    ----------
    position : int
        Steps taken in the epoch under way.
    """

    def clear_progress(self) -> None:
        """Go back to epoch 0, without history and checkpoints."""
        super().clear_progress()
        self.position = 0
        self._scores: Scores = (NO_SCORE, NO_SCORE)

    def count_step(self) -> None:
        """Count a step that was taken, and finish the epoch if it was its last."""
        self.steps += 1
        self.position += 1
        if self.position == self.steps_per_epoch:
            self.position = 0
            self.finish_epoch(self._scores[0])

    @property
    def between_epochs(self) -> bool:
        """Whether no epoch is under way."""
        return self.position == 0

    @property
    def steps_to_epoch_end(self) -> int:
        """Steps that are left of the epoch under way, at least 1."""
        return self.steps_per_epoch - self.position

    @property
    def scores(self) -> Scores:
        """The latest scores on all training samples and on all test samples."""
        return self._scores


class NetworkSession(StepSession[SettingsT, FrameT], Generic[SettingsT, FrameT, NetworkT]):
    """One run of training of one network, or of one batch of networks; see `StepSession`.

    Parameters
    ----------
    network
        What is trained.

    Attributes
    ----------
    network
    """

    def __init__(self, network: NetworkT) -> None:
        self.network = network
        super().__init__()

    @property
    def can_train(self) -> bool:
        """Whether there are training samples."""
        return len(self.network.programs) > 0

    @property
    def steps_per_epoch(self) -> int:
        """Batches in an epoch, at least 1."""
        return max(1, len(self.network.programs))

    @property
    def optimiser(self) -> Optimiser:
        """The optimiser in use."""
        return self.network.optimiser

    def reset_optimiser(self) -> None:
        """Make the optimiser begin without memory."""
        self.network.reset_optimiser()
