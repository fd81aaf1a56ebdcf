"""Where sets of pictures lie on this machine."""

from __future__ import annotations

import os
from pathlib import Path

from platformdirs import user_cache_path

from playground.errors import InputError

VARIABLE = "PLAYGROUND_DATA"


def cache() -> Path:
    """Return the folder where downloads are kept, which need not be there yet."""
    return user_cache_path("playground", appauthor=False) / "data"


def where(folder: str | Path | None = None) -> Path:
    """Return the folder in which to look for pictures first.

    It holds, for each set, a folder like torchvision's: `MNIST/raw/train-images-idx3-ubyte`.

    Parameters
    ----------
    folder : str or Path, optional
        One named by the user. If left out or empty, the environment variable
        `PLAYGROUND_DATA` names it, and failing that it is `cache()`.

    Raises
    ------
    InputError
        The folder that is named, either way, is none.
    """
    named, by = (folder, "") if folder else (os.environ.get(VARIABLE), f" {VARIABLE} names it.")
    if not named:
        return cache()
    path = Path(os.path.expanduser(named))
    if not os.path.isdir(path):
        raise InputError(f"There is no folder {path}.{by}")
    return path
