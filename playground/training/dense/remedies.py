"""Remedies for what goes wrong with dense networks: changes of settings, as data."""

from __future__ import annotations

import numpy as np

from playground.networks.architecture import MAX_UNITS
from playground.training.core.class_weights import BALANCED
from playground.training.core.diagnosis import l2_to, learning_rate_to
from playground.training.core.notes import Remedy
from playground.training.core.optimisers import OPTIMISERS
from playground.training.dense.frame import Frame
from playground.training.training import Training

MORE_NEURONS = 6
SMALL_TABLE = 64
"""Samples up to which all of them make a good batch."""

HIGH_RATE = 3
"""From so many times the usual learning rate on, it is what drives weights up."""
RARE_SHARE = 0.5
"""A class is rare if it has less than this share of what each would have of equal classes."""

XAVIER = Remedy("Use Xavier", (("initialiser", "Xavier"),))
ADAM = Remedy("Use Adam", (("optimiser", "Adam"),))
CONSTANT_RATE = Remedy("Constant rate", (("schedule", "constant"),))
NO_CLIPPING = Remedy("Do not clip", (("max_norm", None),))


def use_activation(name: str) -> Remedy:
    """Return the remedy that gives all hidden layers an activation."""
    return Remedy(f"Use {name}", (("activation", name), ("layer_activations", ())))


def batches_of(count: int) -> Remedy:
    """Return the remedy that sets the batch size."""
    return Remedy(f"Batches of {count}", (("batch_size", count),))


def hidden_sizes(frame: Frame) -> tuple[int, ...]:
    """Return the numbers of neurons of the hidden layers."""
    return tuple(layer.units for layer in frame.plan.hidden)


def one_layer_fewer(frame: Frame) -> Remedy:
    """Return the remedy that removes the last hidden layer."""
    return Remedy("One layer fewer", (("hidden", hidden_sizes(frame)[:-1]),))


def two_layers(frame: Frame) -> Remedy:
    """Return the remedy that keeps the first two hidden layers."""
    return Remedy("Only two hidden layers", (("hidden", hidden_sizes(frame)[:2]),))


def more_neurons(frame: Frame) -> Remedy:
    """Return the remedy that enlarges the first hidden layer, or adds one.

    Where it is full, other first weights are what is left.
    """
    hidden = hidden_sizes(frame)
    if not hidden:
        return Remedy(f"Add a layer of {MORE_NEURONS}", (("hidden", (MORE_NEURONS,)),))
    more = min(MORE_NEURONS, MAX_UNITS - hidden[0])
    if more <= 0:
        return XAVIER
    larger = (hidden[0] + more, *hidden[1:])
    return Remedy(f"Add {more} neurons", (("hidden", larger),))


def for_saturation(frame: Frame, training: Training) -> Remedy:
    """Return the usual learning rate, or where it is not much higher new first weights."""
    usual = OPTIMISERS[training.optimiser].typical_rate
    return learning_rate_to(usual) if frame.rate >= HIGH_RATE * usual else XAVIER


def for_rare_classes(frame: Frame, training: Training) -> Remedy | None:
    """Return the remedy that has a class count as much as others; None if none is rare."""
    counts = np.unique(frame.samples.train.y, return_counts=True)[1]
    if training.class_weights == BALANCED or counts.min() > RARE_SHARE * counts.mean():
        return None
    return Remedy("Balance the classes", (("class_weights", BALANCED),))


def for_constant_answers(frame: Frame, training: Training) -> Remedy:
    """Return what helps a network that gives the same answer to everything, likeliest first."""
    if training.l2 > 0:
        return l2_to(0.0)
    if training.l1 > 0:
        return Remedy("L1 to 0", (("l1", 0.0),))
    count = len(frame.samples.train)
    if training.batch_size < count <= SMALL_TABLE:
        return batches_of(count)
    return more_neurons(frame)
