"""The way that a dense network has gone through its weights, with the loss it went by."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import torch
from torch import Tensor

from playground.networks.dense.plan import Plan
from playground.training.core.losses import Loss
from playground.training.core.sessions.checkpoints import Checkpoint
from playground.training.dense.evaluator import EvaluationSet
from playground.training.engines import Penalties

MAX_MOMENTS = 200
"""The most checkpoints that are used; of more, so many that are evenly spaced."""


@dataclass(frozen=True, slots=True, eq=False)
class WeightPath:
    """The weights of a network at one moment, and at all checkpoints of the same shape around it.

    Attributes
    ----------
    plan : Plan
        Of the moment.
    weights : Tensor of shape (size,)
        At the moment.
    path : Tensor of shape (moments, size)
        In the order of epochs; the moment itself is one of them.
    epochs : Tensor of shape (moments,)
    train : EvaluationSet
        The training samples, with the features that the plan takes.
    loss : Loss
        That of the training under way.
    penalties : Penalties
        Which training adds to it.
    frozen : Tensor of bool, shape (size,), or None
        Weights that no step changes.
    """

    plan: Plan
    weights: Tensor
    path: Tensor
    epochs: Tensor
    train: EvaluationSet
    loss: Loss
    penalties: Penalties
    frozen: Tensor | None


def same_weights(one: Plan, other: Plan) -> bool:
    """Return whether the weights of two plans mean the same: all is equal but dropout."""
    functions = [[layer.activation for layer in plan.layers] for plan in (one, other)]
    return (one.features, one.widths, functions[0]) == (other.features, other.widths, functions[1])


def moments_around(
    entries: Sequence[Checkpoint], plan: Plan, epoch: float
) -> tuple[Tensor, Tensor]:
    """Return weights (moments, size) and epochs of the checkpoints of a plan around an epoch.

    Parameters
    ----------
    entries : sequence of Checkpoint
        In order.
    plan : Plan
    epoch : float
        Of the moment that is looked at. What comes before another shape of the network, or after
        it, is left out.
    """
    chosen: list[Checkpoint] = []
    for entry in entries:
        if entry.plan is not None and same_weights(entry.plan, plan):
            chosen.append(entry)
        elif entry.info.epoch > epoch:
            break
        else:
            chosen.clear()
    if len(chosen) > MAX_MOMENTS:
        places = torch.linspace(0, len(chosen) - 1, MAX_MOMENTS).round().int().tolist()
        chosen = [chosen[place] for place in places]
    epochs = torch.tensor([float(each.info.epoch) for each in chosen])
    rows = [each.row for each in chosen]
    return (torch.stack(rows) if rows else torch.zeros(0, plan.size)), epochs
