"""The loss that a trainer uses, which also defines its probabilities."""

from __future__ import annotations

import torch
from torch import Tensor

from playground.training.core.class_weights import BALANCED, balanced_weights
from playground.training.core.losses import Loss, Task, losses_for, make_loss
from playground.training.dense.trainer import Trainer
from playground.training.training import Training


def loss_name(training: Training, task: Task) -> str:
    """Return the name of the chosen loss if it serves the task, else of the default."""
    possible = losses_for(task)
    return training.loss if training.loss in possible else possible[0]


def loss_in_use(training: Training, task: Task, outputs: int) -> Loss:
    """Make the loss in use for a number of outputs."""
    return make_loss(loss_name(training, task), task, outputs)


def class_weights(trainer: Trainer) -> Tensor | None:
    """Return the weights of the classes in the loss of a trainer; None without weights."""
    classes, labels = trainer.problem.classes, trainer.problem.samples().train.y
    if not (is_weighted(trainer.training) and classes and len(labels)):
        return None
    return balanced_weights(torch.as_tensor(labels, dtype=torch.int64), len(classes))


def is_weighted(training: Training) -> bool:
    """Return whether classes are weighted, where there are any."""
    return bool(training.class_weights == BALANCED)
