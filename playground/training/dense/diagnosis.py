"""Diagnosis of dense networks: rules that recognise what goes wrong, each with a sentence about it.

A rule takes a Frame and the hyperparameters, and returns a Note or None. To add one, write a
function and put it into `RULES`.
"""

from __future__ import annotations

import math
from collections.abc import Callable

import numpy as np

from playground.networks.dense.activations import ACTIVATIONS
from playground.number_text import format_percent
from playground.training.core.diagnosis import (
    GOOD_LOSS,
    RECENT_RECORDS,
    has_begun,
    learning_rate_to,
    overfitting,
    rate_too_high,
)
from playground.training.core.notes import Note, Remedy
from playground.training.core.optimisers import OPTIMISERS
from playground.training.core.schedules import PLATEAU
from playground.training.dense import remedies
from playground.training.dense.constant_answers import (
    PLATEAU_EPOCHS,
    constant_answers,
    right_phrase,
)
from playground.training.dense.frame import Frame, LayerFrame
from playground.training.dense.movement import MOVEMENT_EPOCHS
from playground.training.training import Training

STANDING_MOVEMENT = 1e-3
"""A layer that has moved by less, as a share of its size, stands still."""
COLLAPSED_WEIGHT = 0.01
"""A layer without any larger weight answers nearly the same to everything."""
POOR_ACCURACY, STALLED_SHARE = 0.9, 0.02
"""With fewer training samples right, a loss that falls by a smaller share is told of."""
DEEP = 4
"""Hidden layers from which on fewer may learn better."""
ENDED_SHARE = 0.1
"""A schedule that has brought the learning rate below this share of it has done with learning."""

Rule = Callable[[Frame, Training], Note | None]


def notes(frame: Frame, training: Training, remark: str | None) -> tuple[Note, ...]:
    """Apply all rules to a Frame; `remark`, the problem's own, comes first."""
    found = [note for rule in RULES if (note := rule(frame, training)) is not None]
    if not any(note.headline for note in found):  # or they name the cause
        found += filter(None, [stalled(frame, training)])
    about_data = [Note("data", "data", "warning", remark)] if remark else []
    return tuple(about_data + found)


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
        remedies.batches_of(count),
    )


def symmetric(frame: Frame, training: Training) -> Note | None:
    """Recognise a hidden layer whose neurons are all alike, so that they stay alike."""
    pairs = zip(frame.layers[:-1], frame.layers[1:], strict=True)
    alike = [number for number, pair in enumerate(pairs, start=1) if _units_are_alike(*pair)]
    if not alike:
        return None
    zero = not any(layer.weight.any() for layer in frame.layers)
    cause = "All weights are zero" if zero else "They have the same weights"
    return Note(
        "symmetric",
        "network",
        "warning",
        f"{cause}, so all neurons of hidden layer {alike[0]} get the same gradient and stay alike. "
        "Start from random weights: choose another initialisation.",
        remedies.XAVIER,
        "All neurons of a layer are alike: they stay so.",
    )


def _units_are_alike(layer: LayerFrame, after: LayerFrame) -> bool:
    """Return whether all of several units have equal weights, those to the next layer included."""
    if len(layer.bias) < 2:
        return False
    parts = (layer.weight, layer.bias, after.weight)
    # Weights that L2 has made tiny are not alike because all are nearly zero.
    tolerance = 1e-6 * max(float(np.abs(each).max(initial=0.0)) for each in parts)
    first, second = layer.weight[:2]
    if (np.abs(second - first) > 1e-5 * np.abs(first) + tolerance).any():
        return False  # as nearly always, found at a fraction of the cost of the rest
    columns = np.column_stack([layer.weight, layer.bias, after.weight.T])
    return np.allclose(columns, columns[0], atol=tolerance)


def dead(frame: Frame, training: Training) -> Note | None:
    """Recognise units that pass no gradient for any sample, and can't by themselves again."""
    if frame.train.loss < GOOD_LOSS:
        return None
    shares = [layer.dead / len(layer.bias) for layer in frame.layers[:-1]]
    worst = max(shares, default=0.0)
    if not worst:
        return None
    index = shares.index(worst)
    layer = frame.layers[index]
    # What a deeper unit gets may still change, as long as some gradient reaches the layers before.
    can_revive = index > 0 and worst < 1
    fate = (
        "they learn again only if the layers before change what they get"
        if can_revive
        else "they can't learn any more"
    )
    return Note(
        "dead",
        "network",
        "warning" if worst >= 0.5 else "info",
        f"{layer.dead} of {len(layer.bias)} neurons in hidden layer {index + 1} pass "
        f"no gradient for any sample, so {fate}. A lower learning rate, another "
        "activation or a fresh start helps.",
        remedies.use_activation("leaky ReLU"),
        f"{layer.dead} of {len(layer.bias)} neurons pass nothing on." if worst >= 0.5 else "",
    )


def saturated(frame: Frame, training: Training) -> Note | None:
    """Recognise a layer whose activations are almost all where a smooth function is flat."""
    if frame.train.loss < GOOD_LOSS:
        return None
    for number, layer in enumerate(frame.layers[:-1], start=1):
        name = frame.plan.layers[number - 1].activation
        # Of the others, units that are flat for all samples are reported as dead.
        if layer.saturated > 0.9 and not ACTIVATIONS[name].has_flat_stretch:
            return Note(
                "saturated",
                "network",
                "warning",
                f"Hidden layer {number} is saturated: {layer.saturated:.0%} of its answers lie "
                f"where {name} is flat and hardly passes a gradient. Smaller weights (L2, a lower "
                "learning rate, a fresh start) help.",
                remedies.for_saturation(frame, training),
                "It hardly learns: a layer is saturated.",
            )
    return None


def vanishing(frame: Frame, training: Training) -> Note | None:
    """Recognise a first layer that stays where it is while the last one moves.

    A small gradient alone says little: the steps of Adam and its kin don't shrink with it.
    """
    if len(frame.layers) < 4 or frame.train.loss < GOOD_LOSS:
        return None
    first, last = frame.layers[0], frame.layers[-1]
    # A layer that is dead is reported elsewhere, and a frozen one is wanted.
    if first.frozen.all() or any(layer.dead == len(layer.bias) for layer in frame.layers[:-1]):
        return None
    if symmetric(frame, training) is not None or _is_held_back(frame, training):
        return None
    # False where nothing is known: NaN.
    stands = first.movement < STANDING_MOVEMENT and first.movement < last.movement / 30
    if not stands or first.gradient_norm > last.gradient_norm / 100:
        return None
    return Note(
        "vanishing",
        "network",
        "warning",
        f"The gradient vanishes on its way back: {last.gradient_norm:.1g} at the output, "
        f"{first.gradient_norm:.1g} at the first layer, which moved by {first.movement:.1g} of "
        f"its size in {MOVEMENT_EPOCHS} epochs or more. "
        f"{_vanishing_advice(frame, training)} helps.",
        _vanishing_remedy(frame, training),
        "It hardly learns: the first layer stands still.",
    )


def _is_held_back(frame: Frame, training: Training) -> bool:
    """Return whether a penalty of weights has made those of a hidden layer next to nothing."""
    penalised = training.l2 > 0 or training.l1 > 0
    largest = [np.abs(layer.weight).max(initial=0.0) for layer in frame.layers[:-1]]
    return penalised and min(largest, default=math.inf) < COLLAPSED_WEIGHT


def _squashes(frame: Frame) -> bool:
    """Return whether a hidden layer has an activation that makes gradients vanish."""
    return any(ACTIVATIONS[layer.activation].squashes for layer in frame.plan.layers[:-1])


def _vanishing_remedy(frame: Frame, training: Training) -> Remedy:
    if OPTIMISERS[training.optimiser].steps_shrink_with_gradient:
        return remedies.ADAM
    if _squashes(frame):
        return remedies.use_activation("ReLU")
    return remedies.one_layer_fewer(frame)


def _vanishing_advice(frame: Frame, training: Training) -> str:
    """Return what helps, without what is there already."""
    advice = ["Fewer layers"]
    if _squashes(frame):
        advice.append("ReLU")
    if OPTIMISERS[training.optimiser].steps_shrink_with_gradient:
        advice.append("Adam")
    return f"{', '.join(advice)} or another initialisation"


def rate_too_low(frame: Frame, training: Training) -> Note | None:
    """Recognise a loss that falls as slowly all the time, at a low learning rate.

    On a plateau it has fallen faster before, and a schedule lowers the rate on purpose.
    """
    loss = frame.curves.after(frame.steady_since).train_loss[-RECENT_RECORDS:]
    typical_rate = OPTIMISERS[training.optimiser].typical_rate
    if len(loss) < RECENT_RECORDS or loss[-1] < GOOD_LOSS:
        return None
    if training.learning_rate > typical_rate / 10 or frame.rate < training.learning_rate / 2:
        return None
    half = RECENT_RECORDS // 2
    falls = loss[0] - loss[half], loss[half] - loss[-1]
    if not (loss[-1] > 0.9 * loss[0] and min(falls) > 0 and max(falls) < 2 * min(falls)):
        return None
    if (np.diff(loss) < 0).mean() < 0.9:
        return None
    comparable = frame.curves.after(frame.comparable_since).train_loss
    earlier = comparable[:-half] - comparable[half:]
    if earlier.max(initial=0.0) > 3 * max(falls):
        return None
    return Note(
        "rate too low",
        "curves",
        "warning",
        f"The loss falls, but very slowly: a learning rate of {frame.rate:.2g} is probably too "
        f"low. Try {typical_rate:g}.",
        learning_rate_to(typical_rate),
        "It learns slowly: the rate seems too low.",
    )


def guessing(frame: Frame, training: Training) -> Note | None:
    """Recognise a network that gives nearly the same answer whatever the input is."""
    if not (frame.layers and has_begun(frame)) or _learns_nothing(frame):
        return None
    found = constant_answers(frame, training)
    if found is None or any(rule(frame, training) for rule in (symmetric, vanishing, rate_too_low)):
        return None  # or another note names the cause
    return found


def _learns_nothing(frame: Frame) -> bool:
    """Return whether all is frozen, which is wanted, or a whole layer is dead, which is told."""
    return all(layer.frozen.all() for layer in frame.layers) or any(
        layer.dead == len(layer.bias) for layer in frame.layers[:-1]
    )


def stalled(frame: Frame, training: Training) -> Note | None:
    """Recognise a loss that hardly falls any more while many samples are still wrong.

    A network that is too small for its task ends there, whatever its rate; and so does one of many
    layers, whose first ones are reached by next to nothing of what its answers tell.
    """
    curves = frame.curves.after(frame.comparable_since)
    loss = curves.train_loss[-PLATEAU_EPOCHS:]
    is_poor = frame.classes and frame.train.accuracy < POOR_ACCURACY
    if len(loss) < PLATEAU_EPOCHS or not (is_poor and frame.layers) or _learns_nothing(frame):
        return None
    thirds = [each.mean() for each in np.array_split(loss, 3)]
    jumps = np.abs(np.diff(loss)).mean()
    if thirds[0] - thirds[-1] > STALLED_SHARE * thirds[-1] or not jumps < 0.05 * thirds[-1]:
        return None
    epochs = float(curves.epoch[-1] - curves.epoch[-PLATEAU_EPOCHS])
    is_deep = len(frame.plan.hidden) >= DEEP
    if training.schedule != PLATEAU and frame.rate < ENDED_SHARE * training.learning_rate:
        advice, remedy = (
            f"The schedule has lowered the learning rate to {frame.rate:.2g}; a constant one may",
            remedies.CONSTANT_RATE,
        )
    elif is_deep:
        advice, remedy = "With fewer layers it may", remedies.two_layers(frame)
    else:
        advice, remedy = "A larger network may", remedies.more_neurons(frame)
    return Note(
        "stalled",
        "curves",
        "info",
        f"The training loss, {frame.train.loss:.3g}, has hardly fallen in {epochs:.0f} epochs; "
        f"{format_percent(frame.train.accuracy)} of the training samples are right. "
        f"{advice} get further.",
        remedy,
        f"It hardly gets better: {right_phrase(frame)}.",
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
    guessing,
)
