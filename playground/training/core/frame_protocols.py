"""What the frames of several kinds of trainers share, for functions that take any of them."""

from __future__ import annotations

from typing import Protocol

import numpy as np
import numpy.typing as npt

from playground.training.core.metrics import Curves, Score
from playground.training.core.notes import Note


class HasScores(Protocol):
    """A frame with loss and accuracy."""

    @property
    def train(self) -> Score:
        """Of the training samples."""

    @property
    def test(self) -> Score:
        """Of the test samples."""

    @property
    def curves(self) -> Curves:
        """Loss and accuracy by epoch."""


class HasConfusion(Protocol):
    """A frame of a classifier."""

    @property
    def classes(self) -> tuple[str, ...]:
        """Names of the classes, k of them; empty in regression."""

    @property
    def confusion(self) -> npt.NDArray[np.int64]:
        """Counts of samples, shape (k, k), true class by row."""


class HasSteps(HasScores, Protocol):
    """A frame with the epochs and steps that were trained."""

    @property
    def epoch(self) -> int:
        """Finished epochs."""

    @property
    def step(self) -> int:
        """Optimiser steps in all."""


class NetworkFrame(HasSteps, HasConfusion, Protocol):
    """A frame of one network in training."""

    @property
    def rate(self) -> float:
        """The current learning rate."""

    @property
    def comparable_since(self) -> int:
        """The epoch from which on the same loss was measured on the same samples."""

    @property
    def steady_since(self) -> int:
        """The epoch from which on nothing was changed that decides how fast the loss falls."""

    @property
    def notes(self) -> tuple[Note, ...]:
        """What the diagnosis has found."""
