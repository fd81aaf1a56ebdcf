"""The four files of a set of pictures in MNIST's format."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from torch import Tensor

from playground.errors import InputError
from playground.problems.image_datasets.idx import read_idx
from playground.problems.image_datasets.labelled_images import SIDE, LabelledImages

MNIST_FILES = (
    "train-images-idx3-ubyte",
    "train-labels-idx1-ubyte",
    "t10k-images-idx3-ubyte",
    "t10k-labels-idx1-ubyte",
)
"""Their names: pictures and labels to learn from, then those to be examined with."""


def read_mnist_file(folder: Path, index: int, sha256: Sequence[str]) -> Tensor:
    """Read one of `MNIST_FILES` in a folder; see `read_idx`. A checksum may be unknown."""
    name = MNIST_FILES[index]
    return read_idx(folder / name, 3 if "images" in name else 1, sha256[index] if sha256 else None)


def read_labelled_images(
    folder: Path, first: int, sha256: Sequence[str], classes: int
) -> LabelledImages:
    """Read pictures, which are file `first`, and their labels, the file after it.

    Raises
    ------
    InputError
        A file is missing or broken, or the two don't fit each other or the number of classes.
    """
    pictures, labels = (
        read_mnist_file(folder, first, sha256),
        read_mnist_file(folder, first + 1, sha256).long(),
    )
    if pictures.shape != (len(labels), SIDE, SIDE) or not len(labels):
        raise InputError(
            f"{folder / MNIST_FILES[first]} holds pictures of shape {tuple(pictures.shape)}, and "
            f"should hold one of {SIDE} × {SIDE} for each of {len(labels):,} labels."
        )
    if labels.max() >= classes:
        raise InputError(
            f"{folder / MNIST_FILES[first + 1]} holds label {labels.max()}, and should hold 0 to "
            f"{classes - 1}."
        )
    return LabelledImages(pictures, labels)
