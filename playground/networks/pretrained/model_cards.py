"""Model cards: origin and accuracy of a file of pretrained weights."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields
from pathlib import Path
from typing import Any

from playground.errors import InputError


@dataclass(frozen=True, slots=True)
class ModelCard:
    """The origin, training settings and accuracy of a pretrained model.

    Attributes
    ----------
    reader : str
        Its name in `CLASSIFIERS`.
    command : str
        The command that trains it again.
    seed, epochs : int
    recipe : mapping
        All settings of its training.
    accuracy : float
        Accuracy on MNIST's 10,000 test pictures, from 0 to 1.
    hands_accuracy : float
        Accuracy on digits in synthetic handwriting that was not in the training set, from 0
        to 1.
    parameters : int
        Number of parameters.
    data : str
        The training data, in a few words.
    data_sha256, weights_sha256 : str
        SHA-256 of MNIST's pictures and labels, and of the file of weights, hexadecimal.
    torch : str
        The version of PyTorch.
    seconds : float
        Duration of the training, without the generation of pictures.
    threads : int
        Number of processor cores used.
    """

    reader: str
    command: str
    seed: int
    epochs: int
    recipe: Mapping[str, Any]
    accuracy: float
    hands_accuracy: float
    parameters: int
    data: str
    data_sha256: str
    weights_sha256: str
    torch: str
    seconds: float
    threads: int

    def write(self, path: Path) -> None:
        """Write the card to a JSON file."""
        path.write_text(json.dumps(asdict(self), indent=2) + "\n", encoding="utf-8")

    @classmethod
    def read(cls, path: Path) -> ModelCard:
        """Read a card from a file that `write` made.

        Raises
        ------
        InputError
            If the file is missing or holds anything but a card.
        """
        try:
            entries = json.loads(path.read_text(encoding="utf-8"))
            if set(entries) == {entry.name for entry in fields(cls)}:
                return cls(**entries)
        except (OSError, ValueError, TypeError):
            pass
        raise InputError(f"{path.name} is not the card of a model; install the package again.")
