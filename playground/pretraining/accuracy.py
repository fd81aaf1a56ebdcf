"""The accuracy of a classifier on a data set."""

from __future__ import annotations

import torch
from torch import nn

from playground.pretraining.soft_label_dataset import SoftLabelDataset

_BATCH_SIZE = 100
"""With more pictures the results of a layer leave the cache of the processor."""


@torch.inference_mode()
def accuracy(network: nn.Module, dataset: SoftLabelDataset) -> float:
    """Return the share of pictures whose most probable digit is the target's, 0 to 1.

    The network is used in its current mode: call `eval()` first.
    """
    right = 0
    for pictures, targets in dataset.batches(_BATCH_SIZE):
        right += int((network(pictures).argmax(1) == targets.argmax(1)).sum())
    return right / len(dataset)
