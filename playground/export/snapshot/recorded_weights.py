"""The weights of a network at several checkpoints, as a snapshot shows them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from playground.training.core.base_trainer import BaseTrainer


@dataclass(frozen=True, slots=True, eq=False)
class RecordedWeights:
    """The weights of a network at one epoch.

    Attributes
    ----------
    epoch : float
    weights : mapping of str to array
        Named and ordered as in `state_dict()` of the trainer's model.
    """

    epoch: float
    weights: Mapping[str, npt.NDArray[np.generic]]


def record_weights(trainer: BaseTrainer[Any, Any, Any], max_count: int) -> list[RecordedWeights]:
    """Copy the weights of a trainer's checkpoints, also while it trains in another thread.

    The newest is left out, since training replaces it at any time.

    Parameters
    ----------
    trainer : BaseTrainer
    max_count : int
        The maximum, chosen evenly.
    """
    while True:
        checkpoints = trainer.checkpoints.infos[:-1]
        copies = [
            RecordedWeights(checkpoints[index].epoch, trainer.weights_at(index))
            for index in _even_indices(len(checkpoints), max_count)
            if index < len(trainer.checkpoints)
        ]
        # If checkpoints were thinned meanwhile, indices have moved and weights may be wrong.
        if trainer.checkpoints.infos[: len(checkpoints)] == checkpoints:
            return copies


def subsample(checkpoints: Sequence[RecordedWeights], max_count: int) -> list[RecordedWeights]:
    """Choose checkpoints evenly, the first and the last among them.

    Parameters
    ----------
    checkpoints : sequence of RecordedWeights
        In rising order of epochs.
    max_count : int
        At least 1.
    """
    return [checkpoints[index] for index in _even_indices(len(checkpoints), max_count)]


def _even_indices(count: int, max_count: int) -> list[int]:
    """Choose at most `max_count` of `count` indices: the last, the first, and some between."""
    if count <= max_count:
        return list(range(count))
    indices: list[int] = np.linspace(count - 1, 0, max_count).round().astype(int)[::-1].tolist()
    return indices


def of_same_shape(
    checkpoints: Sequence[RecordedWeights], last: RecordedWeights
) -> list[RecordedWeights]:
    """Choose the checkpoints whose network has the shape of the last one, and append that."""
    shapes = _shapes(last)
    before = (each for each in checkpoints if each.epoch < last.epoch)
    return [*(each for each in before if _shapes(each) == shapes), last]


def _shapes(checkpoint: RecordedWeights) -> list[tuple[int, ...]]:
    return [np.shape(values) for values in checkpoint.weights.values()]
