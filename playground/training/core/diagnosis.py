"""Diagnosis of any network in training: divergence, stop conditions, learning rate, overfitting.

The rules about dense networks, and the list of rules to add to, are in `training.dense.diagnosis`.
"""

from __future__ import annotations

from typing import Protocol

import numpy as np

from playground.training.core.metrics import Curves, Score
from playground.training.core.notes import Note
from playground.training.core.optimisers import OPTIMISERS
from playground.training.training import Training


class LearningFrame(Protocol):
    """A frame of any network in training."""

    @property
    def curves(self) -> Curves:
        """Loss and accuracy by epoch."""

    @property
    def rate(self) -> float:
        """The current learning rate."""


RECENT_RECORDS = 40
"""Number of recent points of the curves that rules about loss and learning rate consider."""

GOOD_LOSS = 0.05
"""With a training loss below, there are no warnings of what might hinder learning."""


def diverged(epoch: int, training: Training) -> Note:
    """Note that weights or loss became infinite or NaN after an epoch."""
    typical_rate = OPTIMISERS[training.optimiser].typical_rate
    return Note(
        "diverged",
        "curves",
        "error",
        f"Training diverged after epoch {epoch}: the loss ran off to infinity. Your last good "
        f"weights are kept. The learning rate is {training.learning_rate:g}; "
        f"try about {min(typical_rate, training.learning_rate / 10):.2g}.",
    )


def goal_reached(training: Training, epoch: int, before: Score, now: Score) -> Note | None:
    """Note of the stop condition that came true in an epoch; None if none did."""
    if training.stop_epoch == epoch:
        return _goal(f"Stopped at epoch {epoch}, as you asked.")
    loss, accuracy = training.stop_loss, training.stop_accuracy
    if loss is not None and now.loss <= loss and not before.loss <= loss:
        return _goal(f"Stopped at epoch {epoch}: the training loss is down to {now.loss:.3g}.")
    if accuracy is not None and now.accuracy >= accuracy and not before.accuracy >= accuracy:
        return _goal(f"Stopped at epoch {epoch}: {now.accuracy:.0%} of the training set is right.")
    return None


def _goal(sentence: str) -> Note:
    return Note("goal", "training", "info", sentence)


def rate_too_high(frame: LearningFrame, training: Training) -> Note | None:
    """Recognise a loss that oscillates and does not fall, at a high learning rate."""
    loss = frame.curves.train_loss[-RECENT_RECORDS:]
    typical_rate = OPTIMISERS[training.optimiser].typical_rate
    if len(loss) < RECENT_RECORDS or frame.rate < 3 * typical_rate or loss.mean() < GOOD_LOSS:
        return None
    # Late in training the loss need not fall any more.
    if loss.mean() < frame.curves.train_loss[0] / 3:
        return None
    first, second = loss[: RECENT_RECORDS // 2], loss[RECENT_RECORDS // 2 :]
    jumps = np.abs(np.diff(loss)).mean()
    if second.mean() < 0.95 * first.mean() or jumps < 0.05 * loss.mean():
        return None
    return Note(
        "rate too high",
        "curves",
        "warning",
        f"The loss jumps about and does not fall: a learning rate of {frame.rate:.2g} is probably "
        f"too high. Try {typical_rate:g}.",
    )


def overfitting(frame: LearningFrame, training: Training) -> Note | None:
    """Recognise a test loss that rises while the training loss still falls."""
    if len(frame.curves.epoch) < RECENT_RECORDS:
        return None
    test, train = frame.curves.test_loss, frame.curves.train_loss
    if not np.isfinite(test).all():
        return None
    best = int(test.argmin())
    risen = test[-RECENT_RECORDS // 4 :].min() > 1.25 * test[best] + 0.02
    if not (risen and train[-1] < train[best]):
        return None
    return Note(
        "overfitting",
        "curves",
        "warning",
        f"Overfitting: since epoch {frame.curves.epoch[best]:.0f} the test loss has risen while "
        "the training loss falls. More data, L2, dropout or a smaller network helps.",
    )
