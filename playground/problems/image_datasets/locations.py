"""Where sets of pictures lie on this machine."""

from __future__ import annotations

import os
from pathlib import Path

from platformdirs import user_cache_path

from playground.errors import InputError

FOLDER_VARIABLE = "PLAYGROUND_DATA"


def cache_folder() -> Path:
    """Return the folder where downloads are kept, which need not be there yet."""
    return user_cache_path("playground", appauthor=False) / "data"


def data_folder(folder: str | Path | None = None) -> Path:
    """Return the folder in which to look for pictures first.

    It holds, for each set, a folder like torchvision's: `MNIST/raw/train-images-idx3-ubyte`.

    Parameters
    ----------
    folder : str or Path, optional
        One named by the user. If left out or empty, the environment variable
        `PLAYGROUND_DATA` names it, and failing that it is `cache_folder()`.

    Raises
    ------
    InputError
        The folder that is named, either way, is none.
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
