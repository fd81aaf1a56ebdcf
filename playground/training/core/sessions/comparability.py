"""Which losses of a run can be compared with each other, and which of them are good."""

from __future__ import annotations

import math
from functools import partial
from typing import Any

from playground.training.core.state.state_reader import RestoreStep, StateReader
from playground.training.training import Training

GOOD_START_FACTOR, GOOD_BEST_FACTOR = 2.0, 10.0
"""A training loss is good if it is at most so many times that at the start, or the best one."""


class Comparability:
    """Since when the losses of a run can be compared.

    Attributes
    ----------
    since : int
        The epoch from which on the same loss was measured on the same samples.
    steady_since : int
        The epoch from which on nothing was changed either that decides how fast the loss falls.
    """

    def __init__(self) -> None:
        self.clear()

    def clear(self) -> None:
        """Begin at epoch 0."""
        self.since = self.steady_since = 0
        self._key: object = None
        self._steady_key: object = None
        self._start_loss = self._best_loss = math.nan

    def update(self, samples: object, training: Training, network: object, epoch: int) -> None:
        """Begin anew with what can be compared, where settings differ from those of the last call.

        Parameters
        ----------
        samples : object
            Equal as long as the samples stay the same.
        training : Training
        network : object
            Equal as long as the network keeps its shape.
        epoch : int
            The present one.
        """
        key = samples, training.loss, training.class_weights
        steady_key = (
            *key, network, training.optimiser, training.learning_rate, training.schedule,
            training.horizon, training.batch_size, training.l1, training.l2,
            training.optimiser_options, training.max_norm, training.plateau_patience,
            training.plateau_factor,
        )  # fmt: skip
        if self._key not in (None, key):
            self.since = epoch
        if self._steady_key not in (None, steady_key):
            self.steady_since = epoch
        self._key, self._steady_key = key, steady_key

    def go_back(self, epoch: int) -> None:
        """Go back to an epoch: losses after it are compared with each other from now on."""
        self.since = min(self.since, epoch + 1)
        self.steady_since = min(self.steady_since, epoch + 1)

    def start(self, loss: float) -> None:
        """Take a training loss as that of the start."""
        self._start_loss = self._best_loss = loss

    @property
    def losses(self) -> tuple[float, float]:
        """The training losses that good ones are compared with: at the start, and the best one."""
        return self._start_loss, self._best_loss

    @losses.setter
    def losses(self, losses: tuple[float, float]) -> None:
        self._start_loss, self._best_loss = losses

    def is_good(self, loss: float) -> bool:
        """Return whether a training loss is low enough to keep the weights as good ones."""
        self._best_loss = min(self._best_loss, loss)
        limit = max(GOOD_START_FACTOR * self._start_loss, GOOD_BEST_FACTOR * self._best_loss)
        return not loss > limit

    def numbers(self) -> dict[str, Any]:
        """Return what a state keeps."""
        return {"comparable": self.since, "steady": self.steady_since}

    def prepare_restore(self, saved: StateReader, epoch: int) -> RestoreStep:
        """Check what `numbers` made, and return the step that restores it.

        Where a file lacks it, as it was made before, nothing before the present epoch counts.
        """
        since, steady_since = (
            saved.integer(name) if name in saved else epoch for name in ("comparable", "steady")
        )
        return partial(self._resume, since, steady_since)

    def _resume(self, since: int, steady_since: int) -> None:
        self.since, self.steady_since = since, steady_since
