"""Accuracy of an image classifier."""

from __future__ import annotations

import torch
from torch import nn

from playground.pretraining.soft_label_dataset import SoftLabelDataset

_BATCH_SIZE = 500


@torch.inference_mode()
def accuracy(network: nn.Module, dataset: SoftLabelDataset) -> float:
    """Share of a pool's pictures whose likeliest digit is also the target's, 0 to 1.

    The network is evaluated in its current mode: call `eval()` before.
    """
    right = 0
    for pictures, targets in dataset.batches(_BATCH_SIZE):
        right += int((network(pictures).argmax(1) == targets.argmax(1)).sum())
    return right / len(dataset)
