"""A data set of labelled pictures: read from disk, downloaded, or replaced by a fallback."""

from __future__ import annotations

import logging
import math
import os
from collections.abc import Hashable
from contextlib import nullcontext
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from time import monotonic

from playground.deadlines import DeadlineLock
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

log = logging.getLogger(__name__)

RETRY_SECONDS = 60.0
"""For so long after a failed download, the fallback is returned without another attempt.

Otherwise, without a connection, every session would wait for its own failed download.
"""

_failures: dict[str, tuple[float, LoadedDataset]] = {}


@dataclass(frozen=True, slots=True)
class ImageDataset:
    """A data set of labelled pictures in the format of MNIST.

    Attributes
    ----------
    name : str
        Its name on the page and its key in `IMAGE_DATASETS`.
    about : str
        One line about what it shows, and its authors.
    torchvision_name : str
        Name of its class in torchvision.datasets, which has its servers and checksums, and of
        its folder.
    classes : tuple of str
        Names of the classes, in the order of their numbers.
    sha256 : tuple of str
        Checksums of the unpacked `MNIST_FILES`; empty if unknown.
    """

    name: str
    about: str
    torchvision_name: str
    classes: tuple[str, ...]
    sha256: tuple[str, ...] = ()
    _lock: DeadlineLock = field(default_factory=DeadlineLock, init=False, repr=False, compare=False)

    def load(
        self, folder: str | Path | None = None, progress: DownloadProgress | None = None
    ) -> LoadedDataset:
        """Load the pictures, and download them first if necessary.

        They are searched in `data_folder(folder)`, then in the cache, and otherwise downloaded
        into the cache. If that fails, scikit-learn's digits are returned. While the files do
        not change, all callers get the same tensors. This can take minutes: call it in a
        separate thread.

        Parameters
        ----------
        folder : str or Path, optional
            The folder to search first; see `data_folder`.
        progress : callable, optional
            Called during a download, see `DownloadProgress`. If left out, a progress bar is
            shown in the terminal.

        Raises
        ------
        InputError
            If the folder does not exist, holds only a part of the data set or a damaged file, or
            is given as `folder` and does not hold the data set.
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
        """Read from the cache; download again what is missing or damaged there."""
        raw_folder = self._raw_folder(cache_folder())
        try:
            return self._read(raw_folder)
        except InputError:
            return self._download_and_read(raw_folder, progress)

    def _download_and_read(
        self, raw_folder: Path, progress: DownloadProgress | None
    ) -> LoadedDataset:
        """Download the missing or damaged files and read all; return the fallback on failure."""
        failed_at, fallback = _failures.get(self.name, (-math.inf, None))
        if fallback and monotonic() < failed_at + RETRY_SECONDS:
            return fallback
        try:
            with nullcontext(progress) if progress else terminal_progress_bar() as show:
                self._download(raw_folder, show)
        except OSError as error:
            log.warning("%s can't be downloaded: %s", self.name, error)
            _failures[self.name] = (monotonic(), fallback_digits(self.name))
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
        """Return the content of the files; the same object while they do not change."""
        return _read_cached(
            self, raw_folder, tuple(_file_stamp(raw_folder / name) for name in MNIST_FILES)
        )


def _file_stamp(path: Path) -> Hashable:
    """Return modification time and size of a file, or None if there is none."""
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
