"""A data set of pictures with a target probability of each digit."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import torch
from torch import Tensor

from playground.problems.image_datasets.labelled_images import normalise_pictures


@dataclass(frozen=True, slots=True, eq=False)
class SoftLabelDataset:
    """Pictures in memory, each with a target probability of every digit.

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
        """Yield batches of all pictures and targets once.

        Parameters
        ----------
        size : int
            Largest number of pictures in a batch.
        generator : torch.Generator, optional
            If given, the order is random, and an incomplete last batch is left out.

        Yields
        ------
        pictures : float32 tensor of shape (b, 1, 28, 28)
            From -1 to 1.
        targets : float32 tensor of shape (b, 10)
        """
        order = torch.arange(len(self))
        if generator:
            order = torch.randperm(len(self), generator=generator)[: len(self) // size * size]
        for rows in order.split(size):
            yield normalise_pictures(self.pictures[rows]), self.targets[rows]


def concatenate_datasets(datasets: Sequence[SoftLabelDataset]) -> SoftLabelDataset:
    """Return the concatenation of several data sets."""
    return SoftLabelDataset(
        torch.cat([dataset.pictures for dataset in datasets]),
        torch.cat([dataset.targets for dataset in datasets]),
    )
