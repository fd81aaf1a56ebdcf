"""Shuffled batches of the same samples, in an order of its own for each member."""

from __future__ import annotations

from collections.abc import Sequence

import torch
from torch import Tensor

from playground.training.dense.batches import Batch, sample_rows, windows


class MemberBatches:
    """All samples once for each member, in the order that the member would have by itself.

    Parameters
    ----------
    inputs : Tensor of shape (1, features, n)
    targets : Tensor of shape (1, outputs, n)
    size : int
        Samples a batch, at least 1; the last batch of an epoch may be smaller.
    generators : sequence of torch.Generator
        Each draws the order of one member.

    Attributes
    ----------
    size, count : int
        Samples a batch, and in all.
    orders : Tensor of shape (members, count), int64
        Number of the sample at each position, counted over all windows.
    windows : tuple of Batch
        One for each batch of an epoch; none where there are no samples.
    """

    windows: tuple[Batch, ...]

    def __init__(
        self, inputs: Tensor, targets: Tensor, size: int, generators: Sequence[torch.Generator]
    ) -> None:
        self.size, self.count = size, inputs.shape[2]
        self._generators = generators
        self._rows = sample_rows(inputs, targets)[0]
        members, width = len(generators), self._rows.shape[1]
        self.orders = torch.arange(self.count).repeat(members, 1)
        self._shuffled = self._rows.repeat(members, 1)
        by_member = self._shuffled.view(members, self.count, width)
        self.windows = windows(by_member, inputs.shape[1], size)

    def shuffle(self) -> None:
        """Put the samples into the windows in new orders."""
        self.arrange(
            torch.stack([torch.randperm(self.count, generator=one) for one in self._generators])
        )

    def arrange(self, orders: Tensor) -> None:
        """Put the samples into the windows in given orders, int64 of shape (members, count)."""
        self.orders = orders
        torch.index_select(self._rows, 0, orders.view(-1), out=self._shuffled)
