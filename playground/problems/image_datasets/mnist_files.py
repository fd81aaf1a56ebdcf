"""The four files of a data set in MNIST's format."""

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
"""File names: pictures and labels of the training set, then of the test set."""


def read_mnist_file(folder: Path, index: int, sha256: Sequence[str]) -> Tensor:
    """Read one of `MNIST_FILES` with `read_idx`; without checksums if `sha256` is empty."""
    name = MNIST_FILES[index]
    return read_idx(folder / name, 3 if "images" in name else 1, sha256[index] if sha256 else None)


def read_labelled_images(
    folder: Path, first: int, sha256: Sequence[str], classes: int
) -> LabelledImages:
    """Read pictures from file number `first`, and their labels from the file after it.

    Raises
    ------
    InputError
        If a file is missing or damaged, or the labels do not fit the pictures or `classes`.
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
