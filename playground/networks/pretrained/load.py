"""Loading of the pretrained models that ship with the package."""

from __future__ import annotations

from pathlib import Path
from threading import Lock

from torch import nn

from playground.errors import InputError
from playground.networks.classifiers import CLASSIFIERS
from playground.networks.pretrained.model_cards import ModelCard
from playground.networks.pretrained.weight_files import load_weights

PRETRAINED_FOLDER = Path(__file__).parent

_lock = Lock()
_loaded_models: dict[Path, nn.Module] = {}


def names(folder: Path = PRETRAINED_FOLDER) -> tuple[str, ...]:
    """Return the names of the pretrained models in a folder, in the order of `CLASSIFIERS`."""
    return tuple(name for name in CLASSIFIERS if _file(name, folder, "json").exists())


def model_card(name: str, folder: Path = PRETRAINED_FOLDER) -> ModelCard:
    """Return the card of a pretrained model.

    Raises
    ------
    InputError
        If there is no such model, or its card is missing or damaged.
    """
    if name not in CLASSIFIERS:
        raise InputError(f"There is no model “{name}”; there are {', '.join(CLASSIFIERS)}.")
    return ModelCard.read(_file(name, folder, "json"))


def load(name: str, folder: Path = PRETRAINED_FOLDER) -> nn.Module:
    """Return a pretrained model, ready for predictions.

    Parameters
    ----------
    name : str
        One of `names()`.
    folder : Path
        The folder with weights and cards.

    Returns
    -------
    nn.Module
        In evaluation mode and without gradients. All calls and threads share one object: it may
        be called or copied, but must not be changed.

    Raises
    ------
    InputError
        If there is no such model, or its card or weights are missing, damaged or of another
        network.
    """
    path = _file(name, folder, "safetensors")
    with _lock:
        if path not in _loaded_models:
            checksum = model_card(name, folder).weights_sha256
            classifier = load_weights(path, CLASSIFIERS[name].build(), checksum)
            _loaded_models[path] = classifier.eval().requires_grad_(False)
        return _loaded_models[path]


def _file(name: str, folder: Path, suffix: str) -> Path:
    return folder / f"{name}.{suffix}"
