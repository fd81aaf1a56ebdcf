"""The past of a network, to go back to: its weights at many moments, in bounded memory."""

from __future__ import annotations

import operator
from dataclasses import dataclass
from typing import SupportsIndex

from torch import Tensor

from playground.errors import InputError
from playground.networks.plan import Plan
from playground.training.frame import Score

LIMIT = 32 * 2**20
"""Bytes of the past of a run. A page holds two runs: the other is a branch that was left."""
MOST = 1024
"""Moments at the most, as many as the curves have rows."""


@dataclass(frozen=True, slots=True)
class Moment:
    """When a network was remembered, and how well it did.

    Attributes
    ----------
    epoch : float
        Finished epochs; a part of one counts as a fraction.
    step : int
        Optimiser steps until then.
    train, test : Score
    """

    epoch: float
    step: int
    train: Score
    test: Score


@dataclass(frozen=True, slots=True, eq=False)
class Memory:
    """A network as it was at one moment.

    Attributes
    ----------
    moment : Moment
    row : Tensor of one dimension
        All its weights, and whatever else its owner wants to know again. Must not be written to.
    plan : Plan or None
        What the weights belong to, where networks change while they learn.
    """

    moment: Moment
    row: Tensor
    plan: Plan | None


class Past:
    """Moments to come back to. When full, every other one is let go and the pace halves.

    So moments are always evenly spaced, but for the last, which is the newest. It may be read
    from any thread while another one records.

    Parameters
    ----------
    parts : int
        Moments an epoch, where epochs are long.
    limit : int
        Bytes that all rows together may take. A row of more than half of it is not kept.

    Attributes
    ----------
    limit : int
    bytes : int
        What all rows together take at present.
    """

    def __init__(self, parts: int = 1, limit: int = LIMIT) -> None:
        self.limit = limit
        self._parts = parts
        self.clear()

    @property
    def moments(self) -> tuple[Moment, ...]:
        """All moments that are kept, in rising order of epochs."""
        return tuple(self._moments)

    @property
    def memories(self) -> tuple[Memory, ...]:
        """What is kept of each moment, in the same order."""
        return tuple(self._memories)

    @property
    def pace(self) -> int:
        """Parts of an epoch from one moment to the next, a power of two."""
        return self._pace

    def __len__(self) -> int:
        return len(self._moments)

    def at(self, index: SupportsIndex) -> Memory:
        """Give what is kept of a moment, counted from 0.

        Raises
        ------
        InputError
            If there is no such moment.
        """
        memories = self.memories
        number = operator.index(index)
        if not 0 <= number < len(memories):
            raise InputError(
                f"There is no moment {number}: {len(memories)} are kept, counted from 0."
            )
        return memories[number]

    def clear(self) -> None:
        """Forget everything."""
        self._fill([], 1)

    def record(self, moment: Moment, row: Tensor, plan: Plan | None = None) -> None:
        """Keep a copy of a network; moments must come in rising order of epochs."""
        if 2 * row.nbytes > self.limit:
            return
        # Between two moments to be kept the last is provisional: the next one takes its place.
        if self._moments and self._parts_until(self._moments[-1]) % self._pace:
            self._moments.pop()
            self.bytes -= self._memories.pop().row.nbytes
        while len(self) == MOST or self.bytes + row.nbytes > self.limit:
            self._thin()
        self._memories.append(Memory(moment, row.clone(), plan))
        self._moments.append(moment)
        self.bytes += row.nbytes

    def cut(self, then: Moment) -> None:
        """Forget all that came after a moment."""
        self._fill([each for each in self._memories if each.moment.epoch <= then.epoch], self._pace)

    def replace(self, memories: list[Memory], pace: int) -> None:
        """Remember something else, thinned if it is too much."""
        self._fill(memories, pace)
        while len(self) > MOST or self.bytes > self.limit:
            self._thin()

    def _thin(self) -> None:
        pace = 2 * self._pace
        kept = [each for each in self._memories if not self._parts_until(each.moment) % pace]
        self._fill(kept, pace)

    def _fill(self, memories: list[Memory], pace: int) -> None:
        self._memories, self._pace = memories, pace
        self._moments = [each.moment for each in memories]
        self.bytes = sum(each.row.nbytes for each in memories)

    def _parts_until(self, moment: Moment) -> int:
        return round(moment.epoch * self._parts)
