"""How far the layers of a dense network have moved, relative to the size of their weights."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np
from torch import Tensor

from playground.networks.dense.parameters import Parameters
from playground.networks.dense.plan import Plan
from playground.problems.problem import Floats
from playground.training.core.sessions.checkpoints import Checkpoint

MOVEMENT_EPOCHS = 20
"""Epochs, at least, over which the movement is measured."""


def layer_movements(
    parameters: Parameters, checkpoints: Sequence[Checkpoint], first: int, epoch: int
) -> list[float] | None:
    """Return the distance of each layer from where it was 20 epochs ago or earlier.

    Parameters
    ----------
    parameters : Parameters
        Of one copy.
    checkpoints : sequence of Checkpoint
        In rising order of epochs.
    first, epoch : int
        The first epoch to compare with, and the present one.

    Returns
    -------
    list of float, or None
        For each layer the norm of the change of its weights and biases, divided by the norm that
        they had; NaN where that was 0. None if there is no checkpoint to compare with.
    """
    plan = parameters.plan
    for checkpoint in reversed(checkpoints):
        then = checkpoint.info.epoch
        if then < first:
            return None
        if then <= epoch - MOVEMENT_EPOCHS and checkpoint.plan == plan:
            return _movements(plan, checkpoint.row[None], parameters.values)
    return None


def _movements(plan: Plan, before: Tensor, now: Tensor) -> list[float]:
    old, change = before[0].numpy(), (now - before)[0].numpy()
    return [_share(change[span], old[span]) for span in plan.spans()]


def _share(change: Floats, old: Floats) -> float:
    size = float(np.linalg.norm(old))
    return float(np.linalg.norm(change)) / size if size else math.nan
