"""Folders in which image data sets are stored."""

from __future__ import annotations

import os
from pathlib import Path

from platformdirs import user_cache_path

from playground.errors import InputError

FOLDER_VARIABLE = "PLAYGROUND_DATA"


def cache_folder() -> Path:
    """Return the folder for downloads, which need not exist yet."""
    return user_cache_path("playground", appauthor=False) / "data"


def data_folder(folder: str | Path | None = None) -> Path:
    """Return the folder in which to search for pictures first.

    It has a folder for each data set, as torchvision makes it:
    `MNIST/raw/train-images-idx3-ubyte`.

    Parameters
    ----------
    folder : str or Path, optional
        A folder given by the user. If left out or empty, it is the one in the environment
        variable `PLAYGROUND_DATA`, and `cache_folder()` if that is not set.

    Raises
    ------
    InputError
        If the folder that is given, either way, does not exist.
    """
    named, reason = (
        (folder, "")
        if folder
        else (os.environ.get(FOLDER_VARIABLE), f" {FOLDER_VARIABLE} names it.")
    )
    if not named:
        return cache_folder()
    path = Path(os.path.expanduser(named))
    if not os.path.isdir(path):
        raise InputError(f"There is no folder {path}.{reason}")
    return path
