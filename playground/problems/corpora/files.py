"""The four files of a set of pictures in MNIST's format."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from torch import Tensor

from playground.errors import InputError
from playground.problems.corpora.idx import read_idx
from playground.problems.corpora.images import SIDE, Labelled

FILES = (
    "train-images-idx3-ubyte",
    "train-labels-idx1-ubyte",
    "t10k-images-idx3-ubyte",
    "t10k-labels-idx1-ubyte",
)
"""Their names: pictures and labels to learn from, then those to be examined with."""


def read_file(home: Path, index: int, sha256: Sequence[str]) -> Tensor:
    """Read one of `FILES` in a folder; see `read_idx`. Checksums may be unknown, hence none."""
    name = FILES[index]
    return read_idx(home / name, 3 if "images" in name else 1, sha256[index] if sha256 else None)


def read_labelled(home: Path, first: int, sha256: Sequence[str], classes: int) -> Labelled:
    """Read pictures, which are file `first`, and their labels, the file after it.

    Raises
    ------
    InputError
        A file is missing or broken, or the two don't fit each other or the number of classes.
    """
    pictures, labels = read_file(home, first, sha256), read_file(home, first + 1, sha256).long()
    if pictures.shape != (len(labels), SIDE, SIDE) or not len(labels):
        raise InputError(
            f"{home / FILES[first]} holds pictures of shape {tuple(pictures.shape)}, and "
            f"should hold one of {SIDE} × {SIDE} for each of {len(labels):,} labels."
        )
    if labels.max() >= classes:
        raise InputError(
            f"{home / FILES[first + 1]} holds label {labels.max()}, and should hold 0 to "
            f"{classes - 1}."
        )
    return Labelled(pictures, labels)
