"""Fine-tuning on a few new pictures without forgetting the others."""

from __future__ import annotations

import torch
from torch import Tensor

from playground.problems.image_datasets import normalise_pictures
from playground.training.images.augmentation.augmentation import Augmentation
from playground.training.images.classifier.trainable_classifier import TrainableClassifier
from playground.training.images.data.batches import ImageBatches
from playground.training.training import Training

BATCH = 64
NEW_PER_BATCH = 8
"""New pictures in each batch; the others are from the training set, against forgetting."""
MAX_STEPS = 40
RATE_FACTOR = 0.5
"""Factor on the current learning rate."""
KNOWN_PROBABILITY = 0.6
"""Probability of the right class from which a picture counts as learned."""


def fine_tune(
    classifier: TrainableClassifier,
    batches: ImageBatches,
    training: Training,
    augmentation: Augmentation,
    pictures: Tensor,
    labels: Tensor,
) -> bool:
    """Take small steps until a network has learned some pictures, at most `MAX_STEPS`.

    Each batch contains augmented new pictures and pictures of the training set (rehearsal,
    Robins 1995). The optimiser is a new one; the classifier's own keeps its state.

    Parameters
    ----------
    classifier : TrainableClassifier
    batches : ImageBatches
        Source of the other pictures of each batch.
    training : Training
    augmentation : Augmentation
    pictures : uint8 tensor of shape (n, 28, 28), n ≥ 1
    labels : int64 tensor of shape (n,)

    Returns
    -------
    bool
        Whether each picture has its class predicted with `KNOWN_PROBABILITY` or more.
    """
    inputs = normalise_pictures(pictures)
    optimiser = classifier.new_optimiser()
    classifier.engine.gradient.zero_()
    for number in range(MAX_STEPS):
        if _predicts_all(classifier, inputs, labels):
            return True
        rows = (torch.arange(NEW_PER_BATCH) + number * NEW_PER_BATCH) % len(labels)
        augmented = batches.augment(inputs[rows], augmentation)
        old, old_labels = batches.sample(BATCH - NEW_PER_BATCH)
        classifier.accumulate_gradient(
            torch.cat([augmented, old]), torch.cat([labels[rows], old_labels]), 1.0
        )
        classifier.step(RATE_FACTOR * training.learning_rate, optimiser)
    return _predicts_all(classifier, inputs, labels)


def _predicts_all(classifier: TrainableClassifier, inputs: Tensor, labels: Tensor) -> bool:
    probabilities = classifier.probabilities(classifier.eval_network(inputs))
    return bool((probabilities.gather(1, labels[:, None]) >= KNOWN_PROBABILITY).all())
