"""Shuffled batches of samples in one tensor."""

from __future__ import annotations

from dataclasses import dataclass

import torch
from torch import Tensor

BATCH_SIZE_RANGE = 10, 500
"""The smallest and the largest batch size that is chosen from the number of rows."""
BATCHES_PER_EPOCH = 50
"""Batches in an epoch, about, with the batch size that is chosen from the number of rows."""


@dataclass(frozen=True, slots=True, eq=False)
class Batch:
    """A view of the shuffled samples: the same memory in each epoch, with other samples in it.

    Attributes
    ----------
    inputs : Tensor of shape (1 or copies, features + 1, batch)
        The last row is all ones and meets the biases.
    transposed : Tensor of shape (1 or copies, batch, features + 1)
        The same memory transposed, since a view costs as much as a small product.
    targets : Tensor of shape (1 or copies, outputs, batch)
    """

    inputs: Tensor
    transposed: Tensor
    targets: Tensor

    @property
    def size(self) -> int:
        """How many samples there are in the batch."""
        return self.inputs.shape[2]


class Batches:
    """All samples, in a new random order each time `shuffle` is called.

    Parameters
    ----------
    inputs : Tensor of shape (1, features, n)
    targets : Tensor of shape (1, outputs, n)
    size : int
        Samples a batch, at least 1; the last batch of an epoch may be smaller.
    generator : torch.Generator
        Draws the order.
    least : int
        Samples that a batch needs: a last batch of fewer joins the one before.

    Attributes
    ----------
    size : int
    count : int
        Samples in all.
    order : Tensor of shape (count,), int64
        Number of the sample at each position, counted over all windows.
    windows : tuple of Batch
        One for each batch of an epoch; none where there are no samples.
    """

    def __init__(
        self,
        inputs: Tensor,
        targets: Tensor,
        size: int,
        generator: torch.Generator,
        least: int = 1,
    ) -> None:
        self.size, self.count = size, inputs.shape[2]
        self.order = torch.arange(self.count)
        self._generator = generator
        self._rows = sample_rows(inputs, targets)
        self._shuffled = self._rows.clone()
        self.windows = windows(self._shuffled, inputs.shape[1], size, least)

    def shuffle(self) -> None:
        """Put the samples into the windows in a new order."""
        self.arrange(torch.randperm(self.count, generator=self._generator))

    def arrange(self, order: Tensor) -> None:
        """Put the samples into the windows in a given order, int64 of shape (count,)."""
        self.order = order
        torch.index_select(self._rows, 1, order, out=self._shuffled)


def sample_rows(inputs: Tensor, targets: Tensor) -> Tensor:
    """Return one row for each sample, so that one call reorders inputs and targets.

    Returns
    -------
    Tensor of shape (1, n, features + 1 + outputs)
        Features, a one that meets the biases, targets.
    """
    rows = torch.cat([inputs, torch.ones_like(inputs[:, :1]), targets], dim=1)
    return rows.transpose(1, 2).contiguous()


def windows(rows: Tensor, features: int, size: int, least: int = 1) -> tuple[Batch, ...]:
    """View rows as the batches of an epoch; none where there are no rows.

    Parameters
    ----------
    rows : Tensor of shape (1 or copies, n, features + 1 + outputs)
        See `sample_rows`; each copy of a network may have its samples in an order of its own.
    features : int
    size, least : int
        See `Batches`.
    """
    if not rows.shape[1]:
        return ()
    inputs = features + 1
    return tuple(
        Batch(
            inputs=part[:, :, :inputs].transpose(1, 2),
            transposed=part[:, :, :inputs],
            targets=part[:, :, inputs:].transpose(1, 2),
        )
        for part in rows.split(batch_sizes(rows.shape[1], size, least), dim=1)
    )


def batch_sizes(count: int, size: int, least: int) -> list[int]:
    """Return how many of `count` samples are in each batch; a last one below `least` joins."""
    sizes = [min(size, count - start) for start in range(0, count, size)]
    if len(sizes) > 1 and sizes[-1] < min(least, size):
        sizes[-2:] = [sum(sizes[-2:])]
    return sizes


def usual_batch_size(rows: int) -> int:
    """Return the batch size with which a table of so many rows is learned to begin with."""
    smallest, largest = BATCH_SIZE_RANGE
    return min(max(rows // BATCHES_PER_EPOCH, smallest), largest)
