"""Pictures to learn from, and what each should be answered with."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import torch
from torch import Tensor

from playground.problems.image_datasets.labelled_images import normalise_pictures


@dataclass(frozen=True, slots=True, eq=False)
class SoftLabelDataset:
    """Pictures in memory, with a probability of each digit for each.

    Attributes
    ----------
    pictures : uint8 tensor of shape (n, 28, 28)
        0 is paper, 255 is ink.
    targets : float32 tensor of shape (n, 10)
        Rows sum to 1.
    """

    pictures: Tensor
    targets: Tensor

    def __len__(self) -> int:
        return len(self.pictures)

    def batches(
        self, size: int, generator: torch.Generator | None = None
    ) -> Iterator[tuple[Tensor, Tensor]]:
        """Go once through all pictures: (b, 1, 28, 28) from -1 to 1, and targets (b, 10).

        With a generator in a random order and without the rest that fills no batch; else in
        their own order to the last.
        """
        order = torch.arange(len(self))
        if generator:
            order = torch.randperm(len(self), generator=generator)[: len(self) // size * size]
        for rows in order.split(size):
            yield normalise_pictures(self.pictures[rows]), self.targets[rows]


def concatenated(datasets: Sequence[SoftLabelDataset]) -> SoftLabelDataset:
    """All pictures of several pools, in one."""
    return SoftLabelDataset(
        torch.cat([dataset.pictures for dataset in datasets]),
        torch.cat([dataset.targets for dataset in datasets]),
    )
