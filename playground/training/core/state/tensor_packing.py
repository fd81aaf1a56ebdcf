"""Packing of tensors of any dtype into one tensor of bytes, and back."""

from __future__ import annotations

from collections.abc import Sequence

import torch
from torch import Tensor


def pack(tensors: Sequence[Tensor]) -> Tensor:
    """Copy the bytes of all tensors into one tensor, uint8 of shape (bytes,)."""
    return torch.cat([each.contiguous().reshape(-1).view(torch.uint8) for each in tensors])


def unpack(row: Tensor, like: Sequence[Tensor]) -> list[Tensor]:
    """Return copies of the tensors in a result of `pack`, with shapes and dtypes as in `like`."""
    # A view of another dtype must be aligned to its size, which a copy is.
    pieces = row.split([each.nbytes for each in like])
    return [
        piece.clone().view(each.dtype).view(each.shape)
        for piece, each in zip(pieces, like, strict=True)
    ]


def packed_size(like: Sequence[Tensor]) -> int:
    """Return the number of bytes that `pack` returns for tensors."""
    return sum(each.nbytes for each in like)
