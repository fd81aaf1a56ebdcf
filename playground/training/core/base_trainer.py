"""What all trainers have in common: enough to keep one going, and to look at it."""

from __future__ import annotations

from typing import Protocol, TypeVar

from playground.training.core.checkpoints import Checkpoints
from playground.training.core.notes import Note

FrameT = TypeVar("FrameT", covariant=True)


class BaseTrainer(Protocol[FrameT]):
    """What can be kept going by a heartbeat, from whatever thread.

    Attributes
    ----------
    request_count : int
        Grows whenever something is wished that no parameter says, such as a reset.
    """

    request_count: int

    def advance(self, seconds: float = ..., *, epochs: float = ..., steps: float = ...) -> int:
        """Learn until a budget is spent; tell how many steps were taken."""

    def frame(self) -> FrameT:
        """Take down all that can be seen at this moment."""

    def reset(self, *, new_weights: bool = ...) -> None:
        """Go back to epoch 0."""

    @property
    def epoch(self) -> int:
        """Finished epochs."""

    @property
    def step_count(self) -> int:
        """Optimiser steps in all."""

    @property
    def paused_by(self) -> Note | None:
        """Why the last slice ended before its budget, if it did."""

    @property
    def steps_per_epoch(self) -> int:
        """Batches in an epoch at present, at least 1."""

    @property
    def checkpoints(self) -> Checkpoints:
        """The moments that are remembered."""

    def frame_at(self, index: int) -> FrameT:
        """Take down what was to be seen at a moment that is remembered."""
