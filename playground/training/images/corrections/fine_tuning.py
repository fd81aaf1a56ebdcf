"""Learning a few pictures by heart without forgetting the rest."""

from __future__ import annotations

import torch
from torch import Tensor

from playground.problems.image_datasets import normalise_pictures
from playground.training.core.optimisers import OPTIMISERS
from playground.training.engines import Penalties
from playground.training.images.training_run import ImageRun

BATCH = 64
NEW_PER_BATCH = 8
"""Of each batch, how many are new pictures; the others keep old knowledge alive."""
MAX_STEPS = 40
RATE_FACTOR = 0.5
"""Of the learning rate in use."""
KNOWN_PROBABILITY = 0.6
"""Probability of the right class from which a picture counts as known."""


def fine_tune(run: ImageRun, pictures: Tensor, labels: Tensor) -> bool:
    """Take small steps until a network reads some pictures correctly, or patience ends.

    Each batch mixes versions of the new pictures with pictures of the corpus (rehearsal,
    Robins 1995). The run's own optimiser and place in the epoch stay as they are.

    Parameters
    ----------
    run : ImageRun
    pictures : uint8 tensor of shape (n, 28, 28), n ≥ 1
    labels : int64 tensor of shape (n,)

    Returns
    -------
    bool
        Whether all of them are read correctly now, and surely.
    """
    classifier, training = run.classifier, run.training
    inputs = normalise_pictures(pictures)
    optimiser = OPTIMISERS[training.optimiser](
        classifier.engine.values, classifier.engine.is_weight
    )
    classifier.engine.gradient.zero_()
    for number in range(MAX_STEPS):
        if _all_known(run, inputs, labels):
            return True
        rows = (torch.arange(NEW_PER_BATCH) + number * NEW_PER_BATCH) % len(labels)
        versions = run.batches.augment(inputs[rows], run.augmentation)
        old, old_labels = run.batches.sample(BATCH - NEW_PER_BATCH)
        classifier.accumulate_gradient(
            torch.cat([versions, old]), torch.cat([labels[rows], old_labels]), 1.0
        )
        classifier.step(
            RATE_FACTOR * training.learning_rate, Penalties(training.l1, training.l2), optimiser
        )
    return _all_known(run, inputs, labels)


def _all_known(run: ImageRun, inputs: Tensor, labels: Tensor) -> bool:
    probabilities = run.classifier.probabilities(run.classifier.eval_network(inputs))
    return bool((probabilities.gather(1, labels[:, None]) >= KNOWN_PROBABILITY).all())
