"""Labelled pictures in memory, fetched by number as a network takes them."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import torch
from torch import Tensor

from playground.errors import InputError
from playground.problems.corpora import normalised


def as_pictures(inputs: Tensor) -> Tensor:
    """Turn what networks take, (n, 1, 28, 28), back into pictures, uint8 (n, 28, 28)."""
    return inputs[:, 0].add(1).mul_(127.5).round_().clamp_(0, 255).to(torch.uint8)


def as_inputs(pictures: npt.ArrayLike) -> Tensor:
    """Turn pictures, uint8 (n, 28, 28), into what networks take, (n, 1, 28, 28).

    Raises
    ------
    InputError
        If they are not of that shape and kind.
    """
    given = np.asarray(pictures)
    if given.ndim != 3 or given.shape[1:] != (28, 28) or given.dtype != np.uint8:
        raise InputError(
            "Give pictures as bytes, an array of shape (n, 28, 28), "
            f"not {given.dtype} of shape {given.shape}."
        )
    return normalised(torch.from_numpy(given))


@dataclass(frozen=True, slots=True, eq=False)
class Pictures:
    """Pictures to learn from: those of a corpus, and a few that people have added.

    Attributes
    ----------
    pictures : uint8 tensor of shape (n, 28, 28)
    labels : int64 tensor of shape (n,)
    added, added_labels : tensors of shape (k, 28, 28) and (k,)
    weight : int
        How often each added picture comes up in an epoch.
    """

    pictures: Tensor
    labels: Tensor
    added: Tensor
    added_labels: Tensor
    weight: int = 1

    @classmethod
    def of(cls, pictures: Tensor, labels: Tensor) -> Pictures:
        """Nothing added."""
        return cls(pictures, labels, pictures[:0], labels[:0])

    def __len__(self) -> int:
        return len(self.labels) + self.weight * len(self.added_labels)

    def inputs(self, rows: Tensor) -> tuple[Tensor, Tensor]:
        """Fetch by number, from 0 to the length.

        Returns
        -------
        inputs : float32 tensor of shape (m, 1, 28, 28)
        labels : int64 tensor of shape (m,)
        """
        own, most = len(self.labels), len(self.added_labels)
        if not most:
            pictures = self.pictures.index_select(0, rows)
            return normalised(pictures), self.labels.index_select(0, rows)
        # The corpus is never copied, only the few rows asked for.
        inside = rows.clamp(max=own - 1)
        pictures, labels = self.pictures[inside], self.labels[inside]
        extra = rows >= own
        which = (rows[extra] - own) % most
        pictures[extra], labels[extra] = self.added[which], self.added_labels[which]
        return normalised(pictures), labels
