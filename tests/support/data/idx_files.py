"""Small sets of pictures on disk, in MNIST's format, written independently of what reads them."""

from __future__ import annotations

import gzip
import hashlib
import struct
from pathlib import Path

import numpy as np

from playground.problems.image_datasets import ImageDataset
from playground.problems.image_datasets.mnist_files import MNIST_FILES

COUNTS = {"train": 12, "t10k": 5}


def idx_bytes(array):
    """Return the bytes of an IDX file of unsigned bytes."""
    sizes = struct.pack(f">{array.ndim}I", *array.shape)
    return bytes([0, 0, 8, array.ndim]) + sizes + array.astype(np.uint8).tobytes()


def random_files(seed=0):
    """Return the four files of a tiny set: name to array."""
    rng = np.random.default_rng(seed)
    shapes = [(COUNTS[name.split("-")[0]],) for name in MNIST_FILES]
    return {
        name: rng.integers(0, 256, (*shape, 28, 28))
        if "images" in name
        else rng.permutation(np.arange(shape[0]) % 3)
        for name, shape in zip(MNIST_FILES, shapes, strict=True)
    }


def raw_folder(root):
    return Path(root, "MNIST", "raw")


def write(root, files=None):
    """Write a tiny set into a folder as torchvision lays it out; return the arrays."""
    files = files or random_files()
    raw_folder(root).mkdir(parents=True)
    for name, array in files.items():
        (raw_folder(root) / name).write_bytes(idx_bytes(array))
    return files


def tiny_dataset(name="tiny", **other):
    """Return a corpus of three classes that lies where MNIST would."""
    return ImageDataset(name, "A tiny set.", "MNIST", ("a", "b", "c"), **other)


def gzip_files(files):
    """Return what servers hold: name to bytes, and torchvision's list of names and checksums."""
    held = {f"{name}.gz": gzip.compress(idx_bytes(array)) for name, array in files.items()}
    return held, [(name, hashlib.md5(held[name]).hexdigest()) for name in held]
