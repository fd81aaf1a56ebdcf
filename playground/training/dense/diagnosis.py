"""Diagnosis of dense networks: rules that recognise what goes wrong, each with a sentence about it.

A rule takes a Frame and the hyperparameters, and returns a Note or None. To add one, write a
function and put it into `RULES`.
"""

from __future__ import annotations

from collections.abc import Callable

from playground.training.core.diagnosis import (
    GOOD_LOSS,
    RECENT_RECORDS,
    overfitting,
    rate_too_high,
)
from playground.training.core.notes import Note
from playground.training.core.optimisers import OPTIMISERS
from playground.training.dense.frame import Frame
from playground.training.training import Training

Rule = Callable[[Frame, Training], Note | None]


def notes(frame: Frame, training: Training, remark: str | None) -> tuple[Note, ...]:
    """Apply all rules to a Frame; `remark`, the problem's own, comes first."""
    found = [rule(frame, training) for rule in RULES]
    about_data = [Note("data", "data", "warning", remark)] if remark else []
    return tuple(about_data + [note for note in found if note is not None])


def batch_too_large(frame: Frame, training: Training) -> Note | None:
    """Recognise a batch size larger than the training set."""
    count = len(frame.samples.train)
    if not 0 < count < training.batch_size:
        return None
    return Note(
        "batch",
        "training",
        "info",
        f"The batch size is {training.batch_size}, but there are only {count} training samples: "
        "every step sees them all.",
    )


def symmetric(frame: Frame, training: Training) -> Note | None:
    """Recognise hidden layers with all weights zero, whose units can never become different."""
    if len(frame.layers) < 2 or any(layer.weight.any() for layer in frame.layers):
        return None
    return Note(
        "symmetric",
        "network",
        "warning",
        "All weights are zero, so all neurons of a layer get the same gradient and stay alike. "
        "Start from random weights: choose another initialisation.",
    )


def dead(frame: Frame, training: Training) -> Note | None:
    """Recognise units whose derivative is zero for each sample."""
    if frame.train.loss < GOOD_LOSS:
        return None
    shares = [layer.dead / len(layer.bias) for layer in frame.layers[:-1]]
    worst = max(shares, default=0.0)
    if not worst:
        return None
    layer = frame.layers[shares.index(worst)]
    return Note(
        "dead",
        "network",
        "warning" if worst >= 0.5 else "info",
        f"{layer.dead} of {len(layer.bias)} neurons in hidden layer {shares.index(worst) + 1} pass "
        "no gradient for any sample, so they can't learn any more. A lower learning rate, another "
        "activation or a fresh start helps.",
    )


def saturated(frame: Frame, training: Training) -> Note | None:
    """Recognise a layer whose activations are almost all where the function is flat."""
    if frame.train.loss < GOOD_LOSS:
        return None
    for number, layer in enumerate(frame.layers[:-1], start=1):
        name = frame.plan.layers[number - 1].activation
        if layer.saturated > 0.9 and name != "step":  # "step" is flat everywhere
            return Note(
                "saturated",
                "network",
                "warning",
                f"Hidden layer {number} is saturated: {layer.saturated:.0%} of its answers lie "
                f"where {name} is flat and hardly passes a gradient. Smaller weights (L2, a lower "
                "learning rate, a fresh start) help.",
            )
    return None


def vanishing(frame: Frame, training: Training) -> Note | None:
    """Recognise gradients that vanish on the way back through many layers."""
    if (
        len(frame.layers) < 4
        or len(frame.curves.epoch) < RECENT_RECORDS // 2
        or frame.train.loss < GOOD_LOSS
    ):
        return None
    first, last = frame.layers[0].gradient_norm, frame.layers[-1].gradient_norm
    if first > 1e-6 or first > last / 100:
        return None
    return Note(
        "vanishing",
        "network",
        "warning",
        f"The gradient vanishes on its way back: {last:.1g} at the output, {first:.1g} at the "
        "first layer, which hardly learns. Fewer layers, ReLU or Xavier initialisation helps.",
    )


def rate_too_low(frame: Frame, training: Training) -> Note | None:
    """Recognise a loss that falls steadily but slowly, at a low learning rate."""
    loss = frame.curves.train_loss[-RECENT_RECORDS:]
    typical_rate = OPTIMISERS[training.optimiser].typical_rate
    if len(loss) < RECENT_RECORDS or frame.rate > typical_rate / 10 or loss[-1] < GOOD_LOSS:
        return None
    if not loss[0] > loss[-1] > 0.9 * loss[0]:
        return None
    return Note(
        "rate too low",
        "curves",
        "warning",
        f"The loss falls, but very slowly: a learning rate of {frame.rate:.2g} is probably too "
        f"low. Try {typical_rate:g}.",
    )


RULES: tuple[Rule, ...] = (
    batch_too_large,
    symmetric,
    dead,
    saturated,
    vanishing,
    rate_too_high,
    rate_too_low,
    overfitting,
)
