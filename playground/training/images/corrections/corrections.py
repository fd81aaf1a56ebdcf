"""What people have said a picture really was: it joins what is learned from."""

from __future__ import annotations

import time
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import numpy.typing as npt
import param
import torch
from torch import Tensor

from playground.errors import InputError
from playground.training.images.corrections import storage
from playground.training.images.corrections.correction import Correction

MAX_CORRECTIONS = 2000
"""Corrections that are kept; each is learned from, so more would drown the corpus."""


class Corrections(param.Parameterized):
    """Corrections in memory, and in a file where one is named.

    Parameters
    ----------
    path : Path, optional
        Where they are kept from now on; what is there already is read. Several sessions may
        name the same file: each adds its own to it. `storage.default_path()` is the place for one
        person's. If left out, they last as long as this object.

    Raises
    ------
    InputError
        If the file can't be read as corrections; it is left as it is.
    """

    items: tuple[Correction, ...] = param.Parameter(  # type: ignore[assignment]
        default=(), doc="All corrections, the newest last; replaced as a whole."
    )
    weight = param.Integer(
        default=20, bounds=(1, 500), doc="How often each correction comes up in an epoch."
    )

    def __init__(self, path: Path | None = None, **params: object) -> None:
        self.path = path
        super().__init__(**params)
        if path is not None and path.exists():
            self.items = storage.read(path)

    def add(self, picture: npt.ArrayLike, label: int, class_name: str) -> Correction:
        """Note what a picture really is.

        Raises
        ------
        InputError
            See `Correction`; or if there are `MAX_CORRECTIONS` already, or they can't be saved.
        """
        if len(self.items) >= MAX_CORRECTIONS:
            raise InputError(f"{MAX_CORRECTIONS} corrections are the most; undo some first.")
        correction = Correction(np.array(picture), int(label), class_name, time.time())
        if self.path is not None:
            storage.add(self.path, correction)
        self.items = (*self.items, correction)
        return correction

    def remove(self, correction: Correction) -> None:
        """Take a correction back; nothing happens if it is not there."""
        if self.path is not None:
            storage.remove(self.path, correction)
        self.items = tuple(each for each in self.items if each is not correction)

    def archive(self) -> bytes:
        """Pack them for downloading: a ZIP with a PNG each, and a CSV of labels and times."""
        return storage.archive(self.items)

    def for_classes(self, classes: Sequence[str]) -> tuple[Tensor, Tensor]:
        """Those that fit a corpus: pictures, uint8 (k, 28, 28), and labels, int64 (k,)."""
        fitting = [
            each
            for each in self.items
            if each.label < len(classes) and classes[each.label] == each.class_name
        ]
        pictures = np.array([each.picture for each in fitting], np.uint8).reshape(-1, 28, 28)
        return torch.from_numpy(pictures), torch.tensor([each.label for each in fitting]).long()
