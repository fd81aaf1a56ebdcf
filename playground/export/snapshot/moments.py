"""The past of a network as a snapshot keeps it: weights at some moments."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from playground.training.rewinding import Rewinding


@dataclass(frozen=True, slots=True, eq=False)
class Recorded:
    """The weights of a network at one epoch.

    Attributes
    ----------
    epoch : float
    weights : mapping of str to array
        Named and ordered as in `state_dict()` of the trainer's model.
    """

    epoch: float
    weights: Mapping[str, npt.NDArray[np.generic]]


def recorded(trainer: Rewinding[Any], most: int) -> list[Recorded]:
    """Copy out moments that a trainer remembers, also while it learns in another thread.

    The newest is left out: whoever learns replaces it at any time.

    Parameters
    ----------
    trainer : Rewinding
    most : int
        At most so many, evenly chosen.
    """
    while True:
        moments = trainer.past.moments[:-1]
        taken = [
            Recorded(moments[place].epoch, trainer.weights_at(place))
            for place in _evenly(len(moments), most)
            if place < len(trainer.past)
        ]
        # What was thinned meanwhile has come with the wrong weights.
        if trainer.past.moments[: len(moments)] == moments:
            return taken


def thinned(moments: Sequence[Recorded], most: int) -> list[Recorded]:
    """Choose at most so many moments, evenly, the first and the last among them.

    Parameters
    ----------
    moments : sequence of Recorded
        In rising order.
    most : int
        At least 1.
    """
    return [moments[place] for place in _evenly(len(moments), most)]


def _evenly(count: int, most: int) -> list[int]:
    """Choose at most so many places out of `count`; of more than one also the first."""
    if count <= most:
        return list(range(count))
    places: list[int] = np.linspace(count - 1, 0, most).round().astype(int)[::-1].tolist()
    return places


def alike(moments: Sequence[Recorded], last: Recorded) -> list[Recorded]:
    """Choose the moments whose network has the shape of the last one, and end with that."""
    wanted = _shapes(last)
    before = (each for each in moments if each.epoch < last.epoch)
    return [*(each for each in before if _shapes(each) == wanted), last]


def _shapes(moment: Recorded) -> list[tuple[int, ...]]:
    return [np.shape(values) for values in moment.weights.values()]
