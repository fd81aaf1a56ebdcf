"""The readers that ship with the package, ready to read."""

from __future__ import annotations

from pathlib import Path
from threading import Lock

from torch import nn

from playground.errors import InputError
from playground.networks.pretrained.card import Card
from playground.networks.pretrained.weights import loaded
from playground.networks.readers import READERS

HOME = Path(__file__).parent

_lock = Lock()
_ready: dict[Path, nn.Module] = {}


def names(home: Path = HOME) -> tuple[str, ...]:
    """Names of the readers that have weights here, in the order of `READERS`."""
    return tuple(name for name in READERS if _file(name, home, "json").exists())


def card(name: str, home: Path = HOME) -> Card:
    """Return the card of a shipped reader.

    Raises
    ------
    InputError
        If there is no such reader, or its card is damaged.
    """
    if name not in READERS:
        raise InputError(f"There is no reader “{name}”; there are {', '.join(READERS)}.")
    return Card.read(_file(name, home, "json"))


def load(name: str, home: Path = HOME) -> nn.Module:
    """Return a shipped reader, ready to read.

    Parameters
    ----------
    name : str
        One of `names()`.
    home : Path
        The folder with weights and cards.

    Returns
    -------
    nn.Module
        In evaluation mode and without gradients. The same object each time, for all threads:
        read with it, copy it, but do not change it.

    Raises
    ------
    InputError
        If there is no such reader, or its file is damaged or of another network.
    """
    path = _file(name, home, "safetensors")
    with _lock:
        if path not in _ready:
            checksum = card(name, home).weights_sha256
            reader = loaded(path, READERS[name].build(), checksum)
            _ready[path] = reader.eval().requires_grad_(False)
        return _ready[path]


def _file(name: str, home: Path, suffix: str) -> Path:
    return home / f"{name}.{suffix}"
