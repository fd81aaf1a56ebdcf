"""The loss that a trainer descends, and so how its outputs become probabilities."""

from __future__ import annotations

from playground.training.core.losses import Loss, Task, losses_for, make_loss
from playground.training.training import Training


def loss_name(training: Training, task: Task) -> str:
    """Name the loss in use: the one wished for where it serves the task, else the usual one."""
    possible = losses_for(task)
    return training.loss if training.loss in possible else possible[0]


def loss_in_use(training: Training, task: Task, outputs: int) -> Loss:
    """Make the loss in use for so many outputs."""
    return make_loss(loss_name(training, task), task, outputs)
