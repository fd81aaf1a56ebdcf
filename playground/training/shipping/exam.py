"""How many pictures a reader reads rightly."""

from __future__ import annotations

import torch
from torch import nn

from playground.training.shipping.pool import Pool

_AT_ONCE = 500


@torch.inference_mode()
def accuracy(reader: nn.Module, pool: Pool) -> float:
    """Share of a pool's pictures whose likeliest digit is also the target's, 0 to 1.

    The reader is asked in the mode it is in: call `eval()` before.
    """
    right = 0
    for pictures, targets in pool.batches(_AT_ONCE):
        right += int((reader(pictures).argmax(1) == targets.argmax(1)).sum())
    return right / len(pool)
