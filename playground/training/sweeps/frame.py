"""Frames of sweeps: immutable copies for the views."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import numpy.typing as npt

from playground.training.core.metrics import Curves, Score
from playground.training.populations import Members, PopulationFrame
from playground.training.populations.frame import wilson_interval
from playground.training.sweeps.sweep import Sweep


@dataclass(frozen=True, slots=True, eq=False)
class SweepFrame:
    """The runs of a sweep at one moment. Arrays must not be written to.

    Attributes
    ----------
    sweep : Sweep
    runs : PopulationFrame
        All runs, in the order of the sweep, as if they were one population.
    curves : Curves
        Of the median run.
    train, test : Score
        Of the median run.
    """

    sweep: Sweep
    runs: PopulationFrame
    curves: Curves
    train: Score
    test: Score

    @property
    def epoch(self) -> int:
        """Finished epochs."""
        return self.runs.epoch

    @property
    def step(self) -> int:
        """Optimiser steps of each run with the most steps an epoch."""
        return self.runs.step

    @property
    def learned_epoch(self) -> int | None:
        """The epoch by which all runs have learned; None before."""
        learned = self.runs.learned_epoch
        return int(learned.max()) if self.runs.learned.all() else None

    def __repr__(self) -> str:
        """Return the epoch, and how many have learned only; the arrays would fill pages."""
        learned = f"{self.runs.learned.sum()} of {len(self.sweep)}"
        return f"SweepFrame({self.sweep.text!r}, epoch={self.epoch}, learned={learned})"


def merge(frames: Sequence[PopulationFrame], order: npt.NDArray[np.int64]) -> PopulationFrame:
    """Join populations into one frame.

    Parameters
    ----------
    frames : sequence of PopulationFrame
        All of the same moment.
    order : array of shape (members of all,)
        The number of each run of the result, counted over all populations.
    """
    first = frames[0]

    def joined(name: str, axis: int) -> npt.NDArray[Any]:
        parts = [getattr(each, name) for each in frames]
        whole = parts[0] if len(parts) == 1 else np.concatenate(parts, axis)
        return np.ascontiguousarray(whole.take(order, axis))

    seeds = [seed for each in frames for seed in each.members.seeds]
    learned_epoch = joined("learned_epoch", 0)
    return replace(
        first,
        members=Members(tuple(seeds[number] for number in order)),
        pictures=joined("pictures", 0),
        scores=joined("scores", 1),
        quality=joined("quality", 0),
        learned_epoch=learned_epoch,
        diverged_epoch=joined("diverged_epoch", 0),
        curves=joined("curves", 2),
        interval=wilson_interval(int((learned_epoch >= 0).sum()), len(order)),
    )
