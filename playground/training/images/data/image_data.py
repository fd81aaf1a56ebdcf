"""Labelled images in memory, returned by number as inputs of a network."""

from __future__ import annotations

from dataclasses import dataclass

import torch
from torch import Tensor

from playground.problems.image_datasets import normalise_pictures


def to_images(inputs: Tensor) -> Tensor:
    """Convert inputs of networks, (n, 1, 28, 28), back to images, uint8 (n, 28, 28)."""
    return inputs[:, 0].add(1).mul_(127.5).round_().clamp_(0, 255).to(torch.uint8)


@dataclass(frozen=True, slots=True, eq=False)
class ImageData:
    """Training images: those of a dataset, and corrections.

    Attributes
    ----------
    pictures : uint8 tensor of shape (n, 28, 28)
    labels : int64 tensor of shape (n,)
    added, added_labels : tensors of shape (k, 28, 28) and (k,)
    weight : int
        How often each correction comes up in an epoch.
    """

    pictures: Tensor
    labels: Tensor
    added: Tensor
    added_labels: Tensor
    weight: int = 1

    @classmethod
    def from_dataset(cls, pictures: Tensor, labels: Tensor) -> ImageData:
        """Return the images of a dataset without corrections."""
        return cls(pictures, labels, pictures[:0], labels[:0])

    def __len__(self) -> int:
        return len(self.labels) + self.weight * len(self.added_labels)

    def inputs(self, rows: Tensor) -> tuple[Tensor, Tensor]:
        """Return inputs and labels by number, from 0 to the length.

        Returns
        -------
        inputs : float32 tensor of shape (m, 1, 28, 28)
        labels : int64 tensor of shape (m,)
        """
        dataset_size, added_count = len(self.labels), len(self.added_labels)
        if not added_count:
            pictures = self.pictures.index_select(0, rows)
            return normalise_pictures(pictures), self.labels.index_select(0, rows)
        # The dataset is never copied as a whole, only the rows asked for.
        inside = rows.clamp(max=dataset_size - 1)
        pictures, labels = self.pictures[inside], self.labels[inside]
        extra = rows >= dataset_size
        which = (rows[extra] - dataset_size) % added_count
        pictures[extra], labels[extra] = self.added[which], self.added_labels[which]
        return normalise_pictures(pictures), labels
