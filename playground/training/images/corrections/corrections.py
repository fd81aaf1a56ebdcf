"""The collection of corrections, which are added to the training set."""

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
"""Maximum number of corrections: they are repeated in each epoch, so more would outweigh the
dataset."""


class Corrections(param.Parameterized):
    """Corrections in memory and, if a path is given, in a file.

    Parameters
    ----------
    path : Path, optional
        File to read them from, if it exists, and to keep them in. Several sessions may use the
        same file: each adds its own corrections to it. `storage.default_path()` is the user's own
        file. Without a path they last as long as this object.
    limit : int
        Largest number of corrections.

    Attributes
    ----------
    remark : str
        A sentence that says why the file could not be read; it is set aside then, and the
        corrections begin anew. "" if it could.
    """

    items: tuple[Correction, ...] = param.Parameter(  # type: ignore[assignment]
        default=(), doc="All corrections, the newest last; a new tuple with each change."
    )
    weight = param.Integer(
        default=20, bounds=(1, 500), doc="How often each correction is repeated in an epoch."
    )

    def __init__(
        self, path: Path | None = None, limit: int = MAX_CORRECTIONS, **params: object
    ) -> None:
        self.path, self.limit, self.remark = path, limit, ""
        super().__init__(**params)
        if path is None:
            return
        try:
            self.items = storage.read_if_exists(path)
        except InputError as error:
            self.remark = str(error)

    def add(self, picture: npt.ArrayLike, label: int, class_name: str) -> Correction:
        """Add and save a correction.

        Raises
        ------
        InputError
            See `Correction`; or if there are `limit` already, or they can't be saved.
        """
        if len(self.items) >= self.limit:
            raise InputError(f"{self.limit:,} corrections are the most; undo some first.")
        correction = Correction(np.array(picture), int(label), class_name, time.time())
        if self.path is not None:
            storage.add(self.path, correction)
        self.items = (*self.items, correction)
        return correction

    def remove(self, correction: Correction) -> None:
        """Remove a correction; do nothing if it is not there."""
        if self.path is not None:
            storage.remove(self.path, correction)
        self.items = tuple(each for each in self.items if each is not correction)

    def archive(self) -> bytes:
        """Return a ZIP file with a PNG of each picture and a CSV file of labels and times."""
        return storage.archive(self.items)

    def for_classes(self, classes: Sequence[str]) -> tuple[Tensor, Tensor]:
        """Return the corrections that apply to a dataset.

        Parameters
        ----------
        classes : sequence of str
            Names of the dataset's classes, by class number.

        Returns
        -------
        pictures : uint8 Tensor of shape (k, 28, 28)
        labels : int64 Tensor of shape (k,)
        """
        matching = [
            each
            for each in self.items
            if each.label < len(classes) and classes[each.label] == each.class_name
        ]
        pictures = np.array([each.picture for each in matching], np.uint8).reshape(-1, 28, 28)
        return torch.from_numpy(pictures), torch.tensor([each.label for each in matching]).long()
