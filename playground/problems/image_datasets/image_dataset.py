"""A set of labelled pictures: found on this machine, or downloaded, or stood in for."""

from __future__ import annotations

import math
import os
from collections.abc import Hashable
from contextlib import nullcontext
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from threading import Lock
from time import monotonic

from playground.errors import InputError
from playground.problems.image_datasets.download import DownloadProgress, download_file
from playground.problems.image_datasets.download_bar import terminal_progress_bar
from playground.problems.image_datasets.fallback_digits import fallback_digits
from playground.problems.image_datasets.labelled_images import LoadedDataset
from playground.problems.image_datasets.locations import cache_folder, data_folder
from playground.problems.image_datasets.mirrors import find_mirrors
from playground.problems.image_datasets.mnist_files import (
    MNIST_FILES,
    read_labelled_images,
    read_mnist_file,
)

RETRY_SECONDS = 60.0
"""After a failed download a set is stood in for at once for so long.

Else all who open the page behind a broken connection would wait for it one after the other.
"""

_failures: dict[str, tuple[float, LoadedDataset]] = {}


@dataclass(frozen=True, slots=True)
class ImageDataset:
    """A set of pictures in the format of MNIST.

    Attributes
    ----------
    name : str
        What a person chooses it by.
    about : str
        One line on what it shows, and whose it is.
    torchvision_name : str
        Name of its class in torchvision.datasets, which knows its servers and checksums; also
        of the folder it lies in.
    classes : tuple of str
        What the class numbers mean.
    sha256 : tuple of str
        Checksums of the unpacked `MNIST_FILES`; empty if unknown.
    """

    name: str
    about: str
    torchvision_name: str
    classes: tuple[str, ...]
    sha256: tuple[str, ...] = ()
    _lock: Lock = field(default_factory=Lock, init=False, repr=False, compare=False)

    def load(
        self, folder: str | Path | None = None, progress: DownloadProgress | None = None
    ) -> LoadedDataset:
        """Read the pictures, after downloading them if need be.

        They are searched in `data_folder(folder)`, then in the cache; then downloaded into
        the cache; if that fails, scikit-learn's digits stand in. Equal files give the same
        tensors to everyone. May take minutes: call it in a thread of its own.

        Parameters
        ----------
        folder : str or Path, optional
            Where they are; see `data_folder`.
        progress : callable, optional
            Told how a download goes, see `DownloadProgress`; a bar in the terminal if left out.

        Raises
        ------
        InputError
            There is no such folder, or it was named and does not hold this set, or holds a
            part of it, or a file in it is broken.
        """
        with self._lock:
            root = data_folder(folder)
            if root == cache_folder():
                return self._load_from_cache(progress)
            missing = [
                name for name in MNIST_FILES if not os.path.isfile(self._raw_folder(root) / name)
            ]
            if not missing:
                return self._read(self._raw_folder(root))
            if folder or len(missing) < len(MNIST_FILES):
                raise InputError(
                    f"{root} does not hold all of {self.name}: "
                    f"there is no {self.torchvision_name}/raw/{missing[0]}."
                )
            return self._load_from_cache(progress)

    def _raw_folder(self, root: Path) -> Path:
        return root / self.torchvision_name / "raw"

    def _load_from_cache(self, progress: DownloadProgress | None) -> LoadedDataset:
        """Read from our cache, in which nobody but us puts things to rights."""
        raw_folder = self._raw_folder(cache_folder())
        try:
            return self._read(raw_folder)
        except InputError:
            return self._download_and_read(raw_folder, progress)

    def _download_and_read(
        self, raw_folder: Path, progress: DownloadProgress | None
    ) -> LoadedDataset:
        """Download what is not there or not sound; failing that, return the stand-in."""
        failed_at, fallback = _failures.get(self.name, (-math.inf, None))
        if fallback and monotonic() < failed_at + RETRY_SECONDS:
            return fallback
        try:
            with nullcontext(progress) if progress else terminal_progress_bar() as show:
                self._download(raw_folder, show)
        except OSError as error:
            _failures[self.name] = (monotonic(), fallback_digits(self.name, str(error)))
            return _failures[self.name][1]
        return self._read(raw_folder)

    def _download(self, raw_folder: Path, progress: DownloadProgress) -> None:
        mirrors, resources = find_mirrors(self.torchvision_name)
        for index, (packed, md5) in enumerate(resources):
            try:
                read_mnist_file(raw_folder, index, self.sha256)
            except InputError:
                what = f"{self.name}, file {index + 1} of {len(MNIST_FILES)}"
                download_file(packed, mirrors, md5, raw_folder, what, progress)

    def _read(self, raw_folder: Path) -> LoadedDataset:
        """Return what is in the files, the same object while they stay the same."""
        return _read_cached(
            self, raw_folder, tuple(_file_stamp(raw_folder / name) for name in MNIST_FILES)
        )


def _file_stamp(path: Path) -> Hashable:
    """Return what changes when a file does."""
    try:
        found = path.stat()
    except OSError:
        return None
    return found.st_mtime_ns, found.st_size


@lru_cache(maxsize=4)
def _read_cached(dataset: ImageDataset, raw_folder: Path, _file_stamps: Hashable) -> LoadedDataset:
    return LoadedDataset(
        read_labelled_images(raw_folder, 0, dataset.sha256, len(dataset.classes)),
        read_labelled_images(raw_folder, 2, dataset.sha256, len(dataset.classes)),
        classes=dataset.classes,
        source=f"{dataset.name}, from {raw_folder}",
    )
