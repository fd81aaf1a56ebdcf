"""Precision and memory format of convolutions in training."""

from __future__ import annotations

from contextlib import AbstractContextManager

import torch
from torch import Tensor

from playground.torch_internals import kernels


def half_precision(enabled: bool) -> AbstractContextManager[object]:
    """Return a context in which convolutions are computed in bfloat16, nearly twice as fast.

    Weights, gradients and the loss stay in single precision, and so does all if `enabled` is
    false or the processor does not support bfloat16.
    """
    enabled = enabled and kernels.supports_bfloat16()
    return torch.autocast("cpu", torch.bfloat16, enabled=enabled)


def channels_last_view(pictures: Tensor) -> Tensor:
    """View contiguous one-channel pictures (n, 1, height, width) in the channels-last format.

    In this format convolutions are faster, and their outputs keep it. With one channel both
    formats have the same memory layout, so only the strides say which one is meant.
    """
    count, channels, height, width = pictures.shape
    return pictures.as_strided(
        (count, channels, height, width), (height * width, 1, width, 1), pictures.storage_offset()
    )
