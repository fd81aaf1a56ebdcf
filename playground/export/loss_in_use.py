"""The loss that a trainer uses, which also defines its probabilities."""

from __future__ import annotations

from playground.training.core.losses import Loss, Task, losses_for, make_loss
from playground.training.training import Training


def loss_name(training: Training, task: Task) -> str:
    """Return the name of the chosen loss if it serves the task, else of the default."""
    possible = losses_for(task)
    return training.loss if training.loss in possible else possible[0]


def loss_in_use(training: Training, task: Task, outputs: int) -> Loss:
    """Make the loss in use for a number of outputs."""
    return make_loss(loss_name(training, task), task, outputs)
