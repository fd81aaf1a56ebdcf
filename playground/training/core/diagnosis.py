"""Diagnosis of any network in training: divergence, stop conditions, learning rate, overfitting.

The rules about dense networks, and the list of rules to add to, are in `training.dense.diagnosis`.
"""

from __future__ import annotations

import math
from typing import Literal

import numpy as np

from playground.number_text import format_percent
from playground.problems.problem import Floats
from playground.training.core.frame_protocols import NetworkFrame
from playground.training.core.metrics import Score
from playground.training.core.notes import Note, Remedy
from playground.training.core.optimisers import OPTIMISERS
from playground.training.core.sessions.checkpoints import CheckpointInfo
from playground.training.training import Training

DivergenceCause = Literal["NaN", "infinite", "large", "weights", "unknown"]

_CAUSES: dict[DivergenceCause, str] = {
    "NaN": "the loss became NaN, which is no number",
    "infinite": "the loss ran off to infinity",
    "large": "the loss grew beyond 1e+08",
    "weights": "a weight is no longer a finite number",
    "unknown": "the loss, or a weight, is no longer a finite number of reasonable size",
}


DIVERGED_LOSS = 1e8
"""Training has diverged if the training loss is larger than this, or NaN."""

RECENT_RECORDS = 40
"""Number of recent points of the curves that rules about loss and learning rate consider."""

MAX_L2 = 0.1
"""A stronger L2 than this is no remedy for overfitting."""

PATIENCE = 10
"""Epochs without a lower test loss after which early stopping, where it is advised, stops."""
STOP_EARLY = Remedy("Stop early", (("early_stopping", PATIENCE),))

FALLEN_ACCURACY = 0.03
"""Test accuracy that is lost to overfitting before it is the first thing to be said of a network:
a loss can rise, with some samples more and more wrong, while hardly one more is wrong."""

GOOD_LOSS = 0.05
"""With a training loss below, there are no warnings of what might hinder learning."""


def divergence_cause(loss: float) -> DivergenceCause:
    """Return what is wrong with a loss; "weights" if nothing is."""
    if math.isnan(loss):
        return "NaN"
    if math.isinf(loss):
        return "infinite"
    return "large" if abs(loss) >= DIVERGED_LOSS else "weights"


def diverged(epoch: int, training: Training, cause: DivergenceCause) -> Note:
    """Return the note that training diverged after an epoch and went back to good weights."""
    typical_rate = OPTIMISERS[training.optimiser].typical_rate
    lower_rate = float(f"{min(typical_rate, training.learning_rate / 10):.2g}")
    return Note(
        "diverged",
        "curves",
        "error",
        f"Training diverged after epoch {epoch}: {_CAUSES[cause]}. Your last good "
        f"weights are kept. The learning rate is {training.learning_rate:g}; "
        f"try about {lower_rate:.2g}.",
        learning_rate_to(lower_rate),
        "It diverged: the last good weights are back.",
    )


def goal_reached(training: Training, epoch: int, before: Score, now: Score) -> Note | None:
    """Return the note on the stop condition that was met in an epoch; None if none was."""
    if training.stop_epoch == epoch:
        return _goal(f"Stopped at epoch {epoch}, as you asked.")
    loss, accuracy = training.stop_loss, training.stop_accuracy
    if loss is not None and now.loss <= loss and not before.loss <= loss:
        return _goal(f"Stopped at epoch {epoch}: the training loss is down to {now.loss:.3g}.")
    if accuracy is not None and now.accuracy >= accuracy and not before.accuracy >= accuracy:
        right = format_percent(now.accuracy)
        return _goal(f"Stopped at epoch {epoch}: {right} of the training set is right.")
    return None


def stopped_early(epoch: int, best: CheckpointInfo) -> Note:
    """Return the note that training stopped early, and went back to the best weights."""
    loss = "training loss" if math.isnan(best.test.loss) else "test loss"
    return _goal(
        f"Stopped early at epoch {epoch}: the {loss} has not fallen since epoch {best.epoch:.0f}, "
        f"whose weights are back ({loss} {best.watched.loss:.3g})."
    )


def _goal(sentence: str) -> Note:
    return Note("goal", "training", "info", sentence)


def rate_too_high(frame: NetworkFrame, training: Training) -> Note | None:
    """Recognise a loss that oscillates and does not fall, at a high learning rate."""
    steady = frame.curves.after(frame.steady_since).train_loss
    comparable = frame.curves.after(frame.comparable_since).train_loss
    loss = steady[-RECENT_RECORDS:]
    typical_rate = OPTIMISERS[training.optimiser].typical_rate
    if len(loss) < RECENT_RECORDS or frame.rate < 3 * typical_rate or loss.mean() < GOOD_LOSS:
        return None
    # Late in training the loss need not fall any more.
    if loss.mean() < comparable[0] / 3:
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
        learning_rate_to(typical_rate),
        "It jumps about: the rate seems too high.",
    )


def overfitting(frame: NetworkFrame, training: Training) -> Note | None:
    """Recognise a test loss that rises while the training loss still falls."""
    curves = frame.curves.after(frame.comparable_since)
    if len(curves.epoch) < RECENT_RECORDS:
        return None
    test, train = curves.test_loss, curves.train_loss
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
        f"Overfitting: since epoch {curves.epoch[best]:.0f} the test loss has risen while "
        "the training loss falls. More data, L2, dropout or a smaller network helps.",
        more_l2(training),
        _overfitting_headline(curves.test_accuracy),
    )


def _overfitting_headline(accuracy: Floats) -> str:
    """Return what overfitting costs, from the test accuracy by epoch; empty if that is little."""
    if np.isnan(accuracy).all():  # Values are learned.
        return "Overfitting: it gets worse on unseen samples."
    best, now = float(np.nanmax(accuracy)), float(np.nanmax(accuracy[-RECENT_RECORDS // 4 :]))
    if best - now < FALLEN_ACCURACY:
        return ""
    return f"Overfitting: {format_percent(now)} right now, it was {format_percent(best)}."


def one_class(frame: NetworkFrame, training: Training) -> Note | None:
    """Recognise a classifier that gives all samples the same class."""
    true, predicted = frame.confusion.sum(axis=1), frame.confusion.sum(axis=0)
    if np.count_nonzero(true) < 2 or np.count_nonzero(predicted) != 1 or not has_begun(frame):
        return None
    only = int(predicted.argmax())
    right = format_percent(true[only] / true.sum())
    return Note(
        "one class",
        "curves",
        "warning",
        f"All {predicted[only]:,} samples of the confusion matrix are taken for class "
        f"{frame.classes[only]}; {right} right is what that alone gives.",
        against_one_class(training),
        f"One answer for everything: only {right} right.",
    )


def against_one_class(training: Training) -> Remedy:
    """Return what helps a classifier that gives all samples the same class, likeliest first."""
    if training.l2 > 0:
        return l2_to(0.0)
    if training.l1 > 0:
        return Remedy("L1 to 0", (("l1", 0.0),))
    return learning_rate_to(float(f"{training.learning_rate / 10:.2g}"))


def learning_rate_to(rate: float) -> Remedy:
    """Return the remedy that sets the learning rate."""
    return Remedy(f"Learning rate to {rate:g}", (("learning_rate", rate),))


def l2_to(strength: float) -> Remedy:
    """Return the remedy that sets L2."""
    return Remedy(f"L2 to {strength:g}", (("l2", strength),))


def more_l2(training: Training) -> Remedy:
    """Return the remedy that makes L2 ten times as strong, or where it is strong stops early."""
    strength = float(f"{max(10 * training.l2, 0.001):.2g}")
    return l2_to(strength) if strength <= MAX_L2 else STOP_EARLY


def has_begun(frame: NetworkFrame) -> bool:
    """Return whether the network has learned from these samples long enough to be judged."""
    return len(frame.curves.after(frame.comparable_since).epoch) > RECENT_RECORDS // 2
