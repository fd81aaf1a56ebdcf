"""How many pictures a reader reads rightly."""

from __future__ import annotations

import torch
from torch import nn

from playground.pretraining.soft_label_dataset import SoftLabelDataset

_BATCH_SIZE = 500


@torch.inference_mode()
def accuracy(network: nn.Module, dataset: SoftLabelDataset) -> float:
    """Share of a pool's pictures whose likeliest digit is also the target's, 0 to 1.

    The reader is asked in the mode it is in: call `eval()` before.
    """
    right = 0
    for pictures, targets in dataset.batches(_BATCH_SIZE):
        right += int((network(pictures).argmax(1) == targets.argmax(1)).sum())
    return right / len(dataset)
