"""Learning a few pictures by heart without forgetting the rest."""

from __future__ import annotations

import torch
from torch import Tensor

from playground.problems.image_datasets import normalise_pictures
from playground.training.core.optimisers import OPTIMISERS
from playground.training.engines import Penalties
from playground.training.images.augmentation.augmentation import Augmentation
from playground.training.images.batches import ImageBatches
from playground.training.images.trainable_classifier import TrainableClassifier
from playground.training.training import Training

BATCH = 64
NEW_PER_BATCH = 8
"""Of each batch, how many are new pictures; the others keep old knowledge alive."""
MAX_STEPS = 40
RATE_FACTOR = 0.5
"""Of the learning rate in use."""
KNOWN_PROBABILITY = 0.6
"""Probability of the right class from which a picture counts as known."""


def fine_tune(
    classifier: TrainableClassifier,
    batches: ImageBatches,
    training: Training,
    augmentation: Augmentation,
    pictures: Tensor,
    labels: Tensor,
) -> bool:
    """Take small steps until a network reads some pictures correctly, or patience ends.

    Each batch mixes versions of the new pictures with pictures of the corpus (rehearsal,
    Robins 1995). The run's own optimiser and place in the epoch stay as they are.

    Parameters
    ----------
    classifier : TrainableClassifier
    batches : ImageBatches
        Where the other images of each batch come from.
    training : Training
    augmentation : Augmentation
    pictures : uint8 tensor of shape (n, 28, 28), n ≥ 1
    labels : int64 tensor of shape (n,)

    Returns
    -------
    bool
        Whether all of them are read correctly now, and surely.
    """
    inputs = normalise_pictures(pictures)
    optimiser = OPTIMISERS[training.optimiser](
        classifier.engine.values, classifier.engine.is_weight
    )
    classifier.engine.gradient.zero_()
    for number in range(MAX_STEPS):
        if _all_known(classifier, inputs, labels):
            return True
        rows = (torch.arange(NEW_PER_BATCH) + number * NEW_PER_BATCH) % len(labels)
        versions = batches.augment(inputs[rows], augmentation)
        old, old_labels = batches.sample(BATCH - NEW_PER_BATCH)
        classifier.accumulate_gradient(
            torch.cat([versions, old]), torch.cat([labels[rows], old_labels]), 1.0
        )
        classifier.step(
            RATE_FACTOR * training.learning_rate, Penalties(training.l1, training.l2), optimiser
        )
    return _all_known(classifier, inputs, labels)


def _all_known(classifier: TrainableClassifier, inputs: Tensor, labels: Tensor) -> bool:
    probabilities = classifier.probabilities(classifier.eval_network(inputs))
    return bool((probabilities.gather(1, labels[:, None]) >= KNOWN_PROBABILITY).all())
