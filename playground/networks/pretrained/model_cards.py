"""The card that goes with a file of weights: where they come from, and how good they are."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields
from pathlib import Path
from typing import Any

from playground.errors import InputError


@dataclass(frozen=True, slots=True)
class ModelCard:
    """What is known about a shipped reader.

    Attributes
    ----------
    reader : str
        Its name in `CLASSIFIERS`.
    command : str
        What makes it again.
    seed, epochs : int
    recipe : mapping
        All settings of its training.
    accuracy : float
        Share of MNIST's 10,000 test pictures that it reads rightly.
    hands_accuracy : float
        The same for digits in synthetic hands that it has not seen.
    parameters : int
        Numbers that were learned.
    data : str
        What it learned from.
    data_sha256, weights_sha256 : str
        Checksums of MNIST's pictures and labels, and of the file of weights.
    torch : str
        The version of PyTorch.
    seconds : float
        How long training took, without the making of pictures.
    threads : int
        On how many processor cores.
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
        """Write it as JSON."""
        path.write_text(json.dumps(asdict(self), indent=2) + "\n", encoding="utf-8")

    @classmethod
    def read(cls, path: Path) -> ModelCard:
        """Read what `write` has written.

        Raises
        ------
        InputError
            If it is not that.
        """
        try:
            entries = json.loads(path.read_text(encoding="utf-8"))
            if set(entries) == {entry.name for entry in fields(cls)}:
                return cls(**entries)
        except (OSError, ValueError, TypeError):
            pass
        raise InputError(f"{path.name} is not the card of a reader; install the package again.")
