"""Labelled pictures in memory: one byte for each pixel, all in one tensor."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import torch
from torch import Tensor

from playground.errors import InputError

SIDE = 28
"""Pixels along each side of a picture."""


@dataclass(frozen=True, slots=True, eq=False)
class LabelledImages:
    """Pictures and their labels. All sessions share the tensors, which must not be changed.

    Attributes
    ----------
    pictures : tensor of shape (n, 28, 28), uint8
        0 is background, 255 is ink.
    labels : tensor of shape (n,), int64
        Class numbers.
    """

    pictures: Tensor
    labels: Tensor

    def __len__(self) -> int:
        return len(self.labels)


@dataclass(frozen=True, slots=True, eq=False)
class LoadedDataset:
    """A data set of labelled pictures, with its standard split into training and test set.

    Attributes
    ----------
    train, test : LabelledImages
        Training set and test set.
    classes : tuple of str
        Names of the classes, in the order of their numbers.
    source : str
        Origin of the pictures, in a few words for display.
    is_fallback : bool
        True if these pictures replace a data set that was not available.
    remark : str or None
        If so, the reason and what the pictures are, in sentences for display.
    """

    train: LabelledImages
    test: LabelledImages
    classes: tuple[str, ...]
    source: str
    is_fallback: bool = False
    remark: str | None = None

    def checksum(self) -> str:
        """Return the SHA-256 of all pictures and labels, 64 hexadecimal digits.

        It identifies the training data, independent of where and how the files are stored.
        """
        digest = hashlib.sha256()
        for part in (self.train, self.test):
            digest.update(part.pictures.numpy().data)
            digest.update(part.labels.numpy().data)
        return digest.hexdigest()


def normalise_pictures(pictures: Tensor) -> Tensor:
    """Return pictures as classifiers take them.

    Parameters
    ----------
    pictures : tensor of shape (n, side, side), uint8

    Returns
    -------
    tensor of shape (n, 1, side, side), float32
        From -1 (background) to 1 (ink).
    """
    return pictures[:, None].float().div_(127.5).sub_(1)


def network_inputs(pictures: npt.ArrayLike) -> Tensor:
    """Return pictures, uint8 (n, 28, 28), as classifiers take them; see `normalise_pictures`.

    Raises
    ------
    InputError
        If they are not of that shape and dtype: numbers from 0 to 1 would be next to no ink.
    """
    array = np.asarray(pictures)
    if array.ndim != 3 or array.shape[1:] != (SIDE, SIDE) or array.dtype != np.uint8:
        raise InputError(
            f"Give pictures as bytes, an array of shape (n, {SIDE}, {SIDE}), "
            f"not {array.dtype} of shape {array.shape}."
        )
    return normalise_pictures(torch.from_numpy(np.ascontiguousarray(array)))
