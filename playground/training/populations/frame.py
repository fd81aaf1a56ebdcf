"""Frames of populations: immutable copies for the views."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from playground.problems.problem import Floats, Plane, Split
from playground.training.core.metrics import Curves
from playground.training.populations.members import Members

CONFIDENCE = 0.95
"""Of the interval shown with the share of members that have learned."""


@dataclass(frozen=True, slots=True, eq=False)
class PopulationFrame:
    """The members of a population at one moment. Arrays must not be written to.

    Attributes
    ----------
    epoch, step : int
        Finished epochs; optimiser steps in all.
    members : Members
    classes : tuple of str
        Names of the classes; empty in regression.
    plane : Plane
        Where the pictures are drawn.
    samples : Split
    pictures : float32 array of shape (members, side, side, classes) or (members, side, side, 1)
        Class probabilities, or the value in regression, over the plane; rows from the lowest up.
    scores : float32 array of shape (4, members)
        In the order of `SCORES`; NaN where there is none.
    quality : float32 array of shape (members,)
        See `MemberScores`.
    goal : float
    learned_epoch : int64 array of shape (members,)
        The first epoch from which on the quality has been at least `goal`; -1 where it is less.
    diverged_epoch : int64 array of shape (members,)
        The epoch in which training diverged and ended; -1 where it did not.
    curve_epochs : float32 array of shape (n,)
    curves : float32 array of shape (n, 4, members)
        The scores at these epochs.
    average : Curves
        Of the median member.
    interval : tuple of float
        Where the probability of learning lies, by Wilson 1927, at a confidence of `CONFIDENCE`.
    """

    epoch: int
    step: int
    members: Members
    classes: tuple[str, ...]
    plane: Plane
    samples: Split
    pictures: Floats
    scores: Floats
    quality: Floats
    goal: float
    learned_epoch: npt.NDArray[np.int64]
    diverged_epoch: npt.NDArray[np.int64]
    curve_epochs: Floats
    curves: Floats
    average: Curves
    interval: tuple[float, float]

    @property
    def learned(self) -> npt.NDArray[np.bool_]:
        """Which members have learned, (members,)."""
        return self.learned_epoch >= 0

    @property
    def diverged(self) -> npt.NDArray[np.bool_]:
        """Which members' training has diverged, (members,)."""
        return self.diverged_epoch >= 0

    def __repr__(self) -> str:
        """Return epoch, step and how many have learned only; the arrays would fill pages."""
        learned = f"{self.learned.sum()} of {len(self.members)}"
        return f"PopulationFrame(epoch={self.epoch}, step={self.step}, learned={learned})"


def wilson_interval(successes: int, trials: int) -> tuple[float, float]:
    """Return the interval in which a probability lies, by Wilson 1927."""
    # Takes half a second to import, which no page and no test of other things should wait for.
    from scipy.stats import binomtest

    found = binomtest(successes, trials).proportion_ci(CONFIDENCE, method="wilson")
    return float(found.low), float(found.high)
