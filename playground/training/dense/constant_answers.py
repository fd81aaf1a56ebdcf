"""Recognition of networks that give the same answer whatever the input, and of what causes it."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from playground.number_text import format_percent
from playground.problems.array_types import Doubles
from playground.training.core.class_weights import CLASS_WEIGHTS
from playground.training.core.diagnosis import one_class
from playground.training.core.notes import Note, Remedy
from playground.training.core.optimisers import OPTIMISERS
from playground.training.dense import remedies
from playground.training.dense.frame import Frame
from playground.training.training import Training

CONSTANT_LOGIT, CONSTANT_SHARE = 0.1, 0.1
"""Standard deviation of answers below which they are constant: of logits, and of values as a share
of that of the values to learn."""
GUESSABLE = ("cross-entropy", CLASS_WEIGHTS[0])
"""The loss, and the weights of classes, for which the loss of guesses is known."""
PLATEAU_EPOCHS = 60
"""Epochs for which a loss stays where it is before a network counts as stuck there."""


def constant_answers(frame: Frame, training: Training) -> Note | None:
    """Recognise answers that hardly depend on the input, whatever the cause."""
    targets = frame.samples.train.y
    if not len(targets) or (targets == targets[0]).all():
        return None
    variation = float(frame.layers[-1].deviation.max())
    limit = CONSTANT_LOGIT if frame.classes else CONSTANT_SHARE * float(targets.std())
    is_constant = variation <= limit
    if not (is_constant or is_stuck(frame, training)):
        found = None if frame.regression else one_class(frame, training)
        if found is None:
            return None
        remedy = remedies.for_rare_classes(frame, training)
        return replace(found, remedy=remedy or remedies.for_constant_answers(frame, training))
    what, headline = _constant_words(frame, training, is_constant=is_constant)
    cause, remedy = _constant_cause(frame, training)
    return Note("guessing", "curves", "warning", what + cause, remedy, headline)


def _constant_words(frame: Frame, training: Training, *, is_constant: bool) -> tuple[str, str]:
    """Return a sentence about the same answer to everything, or about guesses, and a headline."""
    same = "The network gives nearly the same answer whatever the input"
    loss = f"a training loss of {frame.train.loss:.3g}"
    if is_constant and not _is_best_guess(frame, training):
        headline = "It answers the same to everything."
        return f"{same}, and one that is off: {loss} is what it makes of that.", headline
    guess = "as if guessing by the shares of the classes" if frame.classes else "about the mean"
    what = f"{same}, {guess}" if is_constant else "The network is stuck at guessing"
    headline = (
        f"It is guessing: {right_phrase(frame)}." if frame.classes else "It only tells the mean."
    )
    return f"{what}: {loss} is what that alone gives.", headline


def _constant_cause(frame: Frame, training: Training) -> tuple[str, Remedy]:
    """Return a sentence about the likeliest cause, or "", and what helps."""
    penalties = {"L2": training.l2, "L1": training.l1}
    penalty = next((name for name, strength in penalties.items() if strength > 0), None)
    if not penalty and _is_clipped(frame, training):
        clipping = f" Clipping the gradient to {training.max_norm:g} holds its steps back."
        return clipping, remedies.NO_CLIPPING
    cause = f" {penalty} of {penalties[penalty]:g} holds its weights back." if penalty else ""
    return cause, remedies.for_constant_answers(frame, training)


def _is_best_guess(frame: Frame, training: Training) -> bool:
    """Return whether an answer to everything is the best one, as far as that is known."""
    targets, answer = frame.samples.train.y, frame.layers[-1].mean
    if frame.regression:
        return bool(abs(answer[0] - targets.mean()) < CONSTANT_SHARE * targets.std())
    if (training.loss, training.class_weights) != GUESSABLE:
        return True
    guess = guess_loss(frame)
    return abs(frame.train.loss - guess) < 0.03 * guess


def _is_clipped(frame: Frame, training: Training) -> bool:
    """Return whether clipping made the last step smaller, of an optimiser for which that counts."""
    if training.max_norm is None:
        return False
    norm = float(np.linalg.norm([layer.gradient_norm for layer in frame.layers]))
    shrinks = OPTIMISERS[training.optimiser].steps_shrink_with_gradient
    return shrinks and norm > 0.9 * training.max_norm


def right_phrase(frame: Frame) -> str:
    """Say how many samples are right: those that the header is about."""
    return f"only {format_percent(frame.shown_score.accuracy)} right"


def is_stuck(frame: Frame, training: Training) -> bool:
    """Return whether the loss has stayed where guessing by the shares of the classes leads."""
    if not frame.classes or (training.loss, training.class_weights) != GUESSABLE:
        return False
    curves = frame.curves.after(frame.comparable_since)
    loss, accuracy = curves.train_loss[-PLATEAU_EPOCHS:], curves.train_accuracy[-PLATEAU_EPOCHS:]
    if len(loss) < PLATEAU_EPOCHS:
        return False
    first, second = loss[: PLATEAU_EPOCHS // 2].mean(), loss[PLATEAU_EPOCHS // 2 :].mean()
    if second <= 0.998 * first:
        return False  # It falls, as nearly always, found at a fraction of the cost of the rest.
    guess, majority = guess_loss(frame), _class_shares(frame).max()
    is_at_guess = abs(loss - guess).max() < 0.03 * guess
    return bool(is_at_guess and accuracy.mean() < majority + 0.1)


def _class_shares(frame: Frame) -> Doubles:
    """Return the share of each class that there is in the training set."""
    counts = np.unique(frame.samples.train.y, return_counts=True)[1]
    return np.asarray(counts / counts.sum())


def guess_loss(frame: Frame) -> float:
    """Return the cross-entropy of guessing by the shares of the classes."""
    shares = _class_shares(frame)
    return float(-(shares * np.log(shares)).sum())
