"""How exactly convolutions are computed while a network learns."""

from __future__ import annotations

from contextlib import AbstractContextManager

import torch
from torch import Tensor

from playground import torch_kernels


def half_precision(enabled: bool) -> AbstractContextManager[object]:
    """Let convolutions compute in bfloat16 where the processor can: nearly twice as fast.

    Weights, gradients and the loss stay in single precision.
    """
    enabled = enabled and torch_kernels.supports_bfloat16()
    return torch.autocast("cpu", torch.bfloat16, enabled=enabled)


def channels_last_view(pictures: Tensor) -> Tensor:
    """View one-channel pictures, contiguous (n, 1, height, width), as a row of pixels each.

    Convolutions then keep the channels of a pixel side by side throughout the network, in which
    order they are faster. With one channel both orders are the same memory, so PyTorch has to be
    told which one is meant.
    """
    count, channels, height, width = pictures.shape
    return pictures.as_strided(
        (count, channels, height, width), (height * width, 1, width, 1), pictures.storage_offset()
    )
