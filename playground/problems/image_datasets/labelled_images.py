"""Labelled pictures as they are kept: a byte a pixel, all in one tensor."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass

from torch import Tensor

SIDE = 28
"""Pixels along each side of a picture."""


@dataclass(frozen=True, slots=True, eq=False)
class LabelledImages:
    """Pictures and what they show. The tensors are shared by all sessions: never write to them.

    Attributes
    ----------
    pictures : tensor of shape (n, 28, 28), uint8
        0 is paper, 255 is ink.
    labels : tensor of shape (n,), int64
        Class numbers.
    """

    pictures: Tensor
    labels: Tensor

    def __len__(self) -> int:
        return len(self.labels)


@dataclass(frozen=True, slots=True, eq=False)
class LoadedDataset:
    """A whole set of pictures, parted as its authors part it.

    Attributes
    ----------
    train, test : LabelledImages
        Pictures to learn from, and those a network is only examined with.
    classes : tuple of str
        What the class numbers mean.
    source : str
        Where these pictures come from, in a few words for people.
    is_fallback : bool
        True if these are not the pictures that were asked for.
    remark : str or None
        In a sentence for people, why they are not, and what they are instead.
    """

    train: LabelledImages
    test: LabelledImages
    classes: tuple[str, ...]
    source: str
    is_fallback: bool = False
    remark: str | None = None

    def checksum(self) -> str:
        """Return the SHA-256 of all pictures and labels, 64 hexadecimal digits.

        It tells what a network was trained on, wherever the files lay and however packed.
        """
        digest = hashlib.sha256()
        for part in (self.train, self.test):
            digest.update(part.pictures.numpy().data)
            digest.update(part.labels.numpy().data)
        return digest.hexdigest()


def normalise_pictures(pictures: Tensor) -> Tensor:
    """Return pictures as networks take them.

    Parameters
    ----------
    pictures : tensor of shape (n, side, side), uint8

    Returns
    -------
    tensor of shape (n, 1, side, side), float32
        From -1, paper, to 1, ink.
    """
    return pictures[:, None].float().div_(127.5).sub_(1)
