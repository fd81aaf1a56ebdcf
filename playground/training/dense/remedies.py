"""Remedies for what goes wrong with dense networks: changes of settings, as data."""

from __future__ import annotations

from playground.networks.architecture import MAX_UNITS
from playground.training.core.diagnosis import l2_to
from playground.training.core.notes import Remedy
from playground.training.dense.frame import Frame
from playground.training.training import Training

MORE_NEURONS = 6
SMALL_TABLE = 64
"""Samples up to which all of them make a good batch."""

XAVIER = Remedy("Use Xavier", (("initialiser", "Xavier"),))
ADAM = Remedy("Use Adam", (("optimiser", "Adam"),))


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
