"""Learning a few pictures by heart without forgetting the rest."""

from __future__ import annotations

import torch
from torch import Tensor

from playground.problems.corpora import normalised
from playground.training.digits.run import ReaderRun
from playground.training.engines import Penalties
from playground.training.optimisers import OPTIMISERS

BATCH = 64
NEW = 8
"""Of each batch, how many are new pictures; the others keep old knowledge alive."""
STEPS = 40
GENTLY = 0.5
"""Of the learning rate in use."""
SURE = 0.6
"""Probability of the right class from which a picture counts as known."""


def revise(run: ReaderRun, pictures: Tensor, labels: Tensor) -> bool:
    """Take small steps until a network reads some pictures correctly, or patience ends.

    Each batch mixes versions of the new pictures with pictures of the corpus (rehearsal,
    Robins 1995). The run's own optimiser and place in the epoch stay as they are.

    Parameters
    ----------
    run : ReaderRun
    pictures : uint8 tensor of shape (n, 28, 28), n ≥ 1
    labels : int64 tensor of shape (n,)

    Returns
    -------
    bool
        Whether all of them are read correctly now, and surely.
    """
    learner, training = run.learner, run.training
    inputs = normalised(pictures)
    optimiser = OPTIMISERS[training.optimiser](learner.engine.values, learner.engine.is_weight)
    learner.engine.gradient.zero_()
    for number in range(STEPS):
        if _known(run, inputs, labels):
            return True
        rows = (torch.arange(NEW) + number * NEW) % len(labels)
        versions = run.drill.vary(inputs[rows], run.augmentation)
        old, theirs = run.drill.sample(BATCH - NEW)
        learner.learn(torch.cat([versions, old]), torch.cat([labels[rows], theirs]), 1.0)
        learner.step(
            GENTLY * training.learning_rate, Penalties(training.l1, training.l2), optimiser
        )
    return _known(run, inputs, labels)


def _known(run: ReaderRun, inputs: Tensor, labels: Tensor) -> bool:
    probabilities = run.learner.probabilities(run.learner.reader(inputs))
    return bool((probabilities.gather(1, labels[:, None]) >= SURE).all())
