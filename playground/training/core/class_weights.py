"""Weights of classes, by which a loss counts samples of rare classes for more."""

from __future__ import annotations

import torch
from torch import Tensor

BALANCED = "balanced"
CLASS_WEIGHTS = ("none", BALANCED)
"""How classes can be weighted."""


def balanced_weights(labels: Tensor, classes: int) -> Tensor:
    """Weights with which each class counts as much as any other ("balanced").

    Parameters
    ----------
    labels : int64 Tensor of shape (n,)
        Class numbers of the training samples.
    classes : int

    Returns
    -------
    float32 Tensor of shape (classes,)
        With a mean over the samples of 1; also 1 for classes without samples.
    """
    counts = torch.bincount(labels, minlength=classes)
    present = counts > 0
    weights = len(labels) / (present.sum() * counts)
    return torch.where(present, weights, 1.0)
