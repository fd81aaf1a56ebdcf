"""The past of a network as a snapshot keeps it: weights at some moments."""

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
    """Copy out moments that a trainer remembers, also while it learns in another thread.

    The newest is left out: whoever learns replaces it at any time.

    Parameters
    ----------
    trainer : BaseTrainer
    max_count : int
        At most so many, evenly chosen.
    """
    while True:
        moments = trainer.checkpoints.infos[:-1]
        copies = [
            RecordedWeights(moments[index].epoch, trainer.weights_at(index))
            for index in _even_indices(len(moments), max_count)
            if index < len(trainer.checkpoints)
        ]
        # What was thinned meanwhile has come with the wrong weights.
        if trainer.checkpoints.infos[: len(moments)] == moments:
            return copies


def subsample(moments: Sequence[RecordedWeights], max_count: int) -> list[RecordedWeights]:
    """Choose at most so many moments, evenly, the first and the last among them.

    Parameters
    ----------
    moments : sequence of RecordedWeights
        In rising order.
    max_count : int
        At least 1.
    """
    return [moments[index] for index in _even_indices(len(moments), max_count)]


def _even_indices(count: int, max_count: int) -> list[int]:
    """Choose at most so many places out of `count`; of more than one also the first."""
    if count <= max_count:
        return list(range(count))
    indices: list[int] = np.linspace(count - 1, 0, max_count).round().astype(int)[::-1].tolist()
    return indices


def of_same_shape(
    moments: Sequence[RecordedWeights], last: RecordedWeights
) -> list[RecordedWeights]:
    """Choose the moments whose network has the shape of the last one, and end with that."""
    shapes = _shapes(last)
    before = (each for each in moments if each.epoch < last.epoch)
    return [*(each for each in before if _shapes(each) == shapes), last]


def _shapes(checkpoint: RecordedWeights) -> list[tuple[int, ...]]:
    return [np.shape(values) for values in checkpoint.weights.values()]
