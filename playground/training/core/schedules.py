"""Learning-rate schedules."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass, replace

Schedule = Callable[[float], float]

_COSINE_FLOOR = 0.01
_WARM_UP = 0.3
_WARM_UP_START = 1 / 25
_ONE_CYCLE_END = 1e-4


def _constant(progress: float) -> float:
    """Do not change the learning rate."""
    return 1.0


def _step(progress: float) -> float:
    """Halve after each fifth of the horizon: 1, 1/2, 1/4, 1/8, 1/16."""
    return float(0.5 ** min(int(5 * _clamp(progress)), 4))


def _cosine(progress: float) -> float:
    """Fall along half a cosine (Loshchilov and Hutter 2017), to 1 % and not to 0.

    With 1 % left, training past the horizon still changes something.
    """
    return _half_cosine(1.0, _COSINE_FLOOR, _clamp(progress))


def _one_cycle(progress: float) -> float:
    """Rise from 1/25 to the full rate over 30 % of the horizon; fall to 1/10,000.

    After Smith 2018. Both parts follow half a cosine wave, as in PyTorch's `OneCycleLR`.
    """
    progress = _clamp(progress)
    if progress < _WARM_UP:
        return _half_cosine(_WARM_UP_START, 1.0, progress / _WARM_UP)
    return _half_cosine(1.0, _ONE_CYCLE_END, (progress - _WARM_UP) / (1 - _WARM_UP))


def _clamp(progress: float) -> float:
    return min(max(progress, 0.0), 1.0)


def _half_cosine(start: float, end: float, share: float) -> float:
    """Interpolate from `start` to `end` along half a cosine wave; `share` is 0 to 1."""
    return end + (start - end) * (1 + math.cos(math.pi * share)) / 2


SCHEDULES: dict[str, Schedule] = {
    "constant": _constant,
    "step": _step,
    "cosine": _cosine,
    "one-cycle": _one_cycle,
}
"""Functions from progress, 0 at the start of the horizon and 1 at its end, to a factor on the
learning rate, above 0 and at most 1. After the horizon the value at 1 holds.

A new entry is offered on all pages; populations call it, and an exported script holds its source.
"""

PLATEAU = "plateau"
"""Name of the schedule that lowers the rate when the loss no longer falls; see `Plateau`."""

_THRESHOLD, _LEAST_REDUCTION = 1e-4, 1e-8
"""Share by which a loss must fall to be a better one, and the smallest step down: PyTorch's."""


@dataclass(frozen=True, slots=True)
class Plateau:
    """The state of PyTorch's `ReduceLROnPlateau` between two epochs.

    Attributes
    ----------
    factor : float
        What the learning rate is multiplied by, above 0 and at most 1.
    best : float
        The lowest loss so far.
    bad_epochs : int
        Epochs without a better loss.
    since : int
        The epoch from which on losses have been comparable; see `Comparability`.
    """

    factor: float = 1.0
    best: float = math.inf
    bad_epochs: int = 0
    since: int = 0

    def after(
        self, loss: float, *, since: int, rate: float, factor: float, patience: int
    ) -> Plateau:
        """Return the state after an epoch.

        Parameters
        ----------
        loss : float
            At the end of the epoch, on the test samples.
        since : int
            See `since`; if it is another one than before, the best loss is forgotten.
        rate : float
            The learning rate before it was ever lowered.
        factor : float
            What the learning rate is multiplied by each time it is lowered.
        patience : int
            The most epochs without a better loss before the learning rate is lowered.
        """
        before = self if since == self.since else Plateau(self.factor, since=since)
        if loss < before.best * (1 - _THRESHOLD):
            return replace(before, best=loss, bad_epochs=0)
        if before.bad_epochs < patience:
            return replace(before, bad_epochs=before.bad_epochs + 1)
        lower = before.factor * factor
        is_step = rate * (before.factor - lower) > _LEAST_REDUCTION
        return replace(before, factor=lower if is_step else before.factor, bad_epochs=0)


NO_PLATEAU = Plateau()
"""The state before the first epoch."""
