"""Tensors of any dtype as one row of bytes, and back."""

from __future__ import annotations

from collections.abc import Sequence

import torch
from torch import Tensor


def pack(tensors: Sequence[Tensor]) -> Tensor:
    """Copy tensors into one, uint8 of one dimension."""
    return torch.cat([each.contiguous().reshape(-1).view(torch.uint8) for each in tensors])


def unpack(row: Tensor, like: Sequence[Tensor]) -> list[Tensor]:
    """Copy the tensors from what `pack` made, with the shapes and dtypes of others."""
    # A view of floats must begin at a multiple of their size; a copy does.
    pieces = row.split([each.nbytes for each in like])
    return [
        piece.clone().view(each.dtype).view(each.shape)
        for piece, each in zip(pieces, like, strict=True)
    ]


def packed_size(like: Sequence[Tensor]) -> int:
    """Return how many bytes `pack` makes of tensors."""
    return sum(each.nbytes for each in like)
