"""The Hessian of the loss of a small dense network, and its extreme directions."""

from __future__ import annotations

import torch
from torch import Tensor

from playground.errors import InputError
from playground.networks.dense.plan import Plan
from playground.training.landscape.directions import SMALL, Directions
from playground.training.landscape.weight_loss import DenseLoss

ROWS_AT_ONCE = 32
"""Rows of the matrix that are computed at the same time, which bounds the memory."""


def hessian(loss: DenseLoss, weights: Tensor) -> Tensor:
    """Return the exact second derivatives of a loss, (size, size), in double precision.

    Parameters
    ----------
    loss : DenseLoss
    weights : Tensor of shape (size,)
    """
    with torch.inference_mode(False), torch.enable_grad():
        point = weights.double().clone().requires_grad_()
        value = loss.differentiable(point)
        (slope,) = torch.autograd.grad(value, point, create_graph=True)
        if not slope.requires_grad:  # A loss without curvature anywhere.
            return torch.zeros(len(point), len(point), dtype=point.dtype)
        parts = []
        for rows in torch.eye(len(point), dtype=point.dtype).split(ROWS_AT_ONCE):
            (part,) = torch.autograd.grad(
                slope, point, rows, retain_graph=True, is_grads_batched=True, allow_unused=True
            )
            parts.append(rows.new_zeros(rows.shape) if part is None else part)
        matrix = torch.cat(parts).detach()
    return (matrix + matrix.T) / 2


def extreme_directions(
    plan: Plan, loss: DenseLoss, weights: Tensor, frozen: Tensor | None
) -> Directions:
    """Return the directions in which the loss bends up most, and least or down.

    Parameters
    ----------
    plan : Plan
    loss : DenseLoss
    weights : Tensor of shape (size,)
    frozen : Tensor of bool, shape (size,), or None
        Weights that do not move.

    Raises
    ------
    InputError
        If the network is too large, or its loss has no derivatives.
    """
    if plan.size >= SMALL:
        raise InputError(
            f"The curvature is computed for networks of fewer than {SMALL} weights and biases, "
            f"and this one has {plan.size:,}."
        )
    if any(layer.activation == "step" for layer in plan.hidden):
        raise InputError("A network with step activations has no curvature: it is flat in steps.")
    free = torch.ones(plan.size, dtype=torch.bool) if frozen is None else ~frozen
    if free.sum() < 2:
        raise InputError("At least two weights must be free to move: unfreeze some.")
    # Frozen weights have no row and no column, so that no direction moves them.
    matrix = hessian(loss, weights)[free][:, free]
    values, vectors = torch.linalg.eigh(matrix)
    ends = torch.zeros(2, plan.size, dtype=matrix.dtype)
    ends[:, free] = vectors[:, [-1, 0]].T
    for end in ends:
        end *= -1 if end[end.abs().argmax()] < 0 else 1
    return Directions(
        ends.to(weights.dtype),
        ("where the loss bends most", "where it bends least"),
        curvatures=(float(values[-1]), float(values[0])),
    )
