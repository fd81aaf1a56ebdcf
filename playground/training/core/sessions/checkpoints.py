"""Checkpoints of a network's weights, to go back to, in bounded memory."""

from __future__ import annotations

import operator
from dataclasses import dataclass
from typing import SupportsIndex

from torch import Tensor

from playground.errors import InputError
from playground.networks.dense.plan import Plan
from playground.training.core.metrics import Score, watched_score
from playground.training.core.schedules import NO_PLATEAU, Plateau

MAX_BYTES = 32 * 2**20
"""Bytes of one run's checkpoints. A page holds two runs: the other is a branch that was left."""
MAX_CHECKPOINTS = 1024
"""Checkpoints kept at most, as many as the curves have rows."""


@dataclass(frozen=True, slots=True)
class CheckpointInfo:
    """When a checkpoint was made, and the scores at that time.

    Attributes
    ----------
    epoch : float
        Finished epochs; a part of one counts as a fraction.
    step : int
        Optimiser steps taken.
    train, test : Score
    plateau : Plateau
        The state of that schedule.
    """

    epoch: float
    step: int
    train: Score
    test: Score
    plateau: Plateau = NO_PLATEAU

    @property
    def watched(self) -> Score:
        """The score that schedules and early stopping go by; see `watched_score`."""
        return watched_score((self.train, self.test))


@dataclass(frozen=True, slots=True, eq=False)
class Checkpoint:
    """The weights of a network at one moment.

    Attributes
    ----------
    info : CheckpointInfo
    row : Tensor of one dimension
        All weights, and whatever else the session packs with them. Must not be written to.
    plan : Plan or None
        The plan that the weights belong to, where networks change their shape in training.
    """

    info: CheckpointInfo
    row: Tensor
    plan: Plan | None


class Checkpoints:
    """Checkpoints in order. When full, every other one is dropped, and fewer are kept from then on.

    So they are evenly spaced, except that the last is always the newest. Any thread may read them
    while another one records.

    Parameters
    ----------
    per_epoch : int
        Checkpoints for each epoch.
    limit : int
        Bytes that all rows together may take. A row of more than half of that is not kept.

    Attributes
    ----------
    limit : int
    bytes : int
        Bytes that all rows together take at present.
    """

    def __init__(self, per_epoch: int = 1, limit: int = MAX_BYTES) -> None:
        self.limit = limit
        self._per_epoch = per_epoch
        self.clear()

    @property
    def infos(self) -> tuple[CheckpointInfo, ...]:
        """Epoch, step and scores of all checkpoints, in rising order of epochs."""
        return tuple(self._infos)

    @property
    def entries(self) -> tuple[Checkpoint, ...]:
        """All checkpoints, in the same order."""
        return tuple(self._entries)

    @property
    def stride(self) -> int:
        """Parts of an epoch from one checkpoint to the next, a power of two."""
        return self._stride

    def __len__(self) -> int:
        return len(self._infos)

    def at(self, index: SupportsIndex) -> Checkpoint:
        """Return a checkpoint by its number, from 0.

        Raises
        ------
        InputError
            If there is no such checkpoint.
        """
        entries = self.entries
        number = operator.index(index)
        if not 0 <= number < len(entries):
            raise InputError(
                f"There is no moment {number}: {len(entries)} are kept, counted from 0."
            )
        return entries[number]

    def clear(self) -> None:
        """Drop all checkpoints."""
        self._fill([], 1)

    def record(self, info: CheckpointInfo, row: Tensor, plan: Plan | None = None) -> None:
        """Keep a copy of a row; epochs must not fall, and a second of one replaces the first."""
        if 2 * row.nbytes > self.limit:
            return
        # A last checkpoint that is off the stride is provisional: the next one replaces it.
        if self._infos:
            last = self._record_number(self._infos[-1])
            if last % self._stride or last == self._record_number(info):
                self._infos.pop()
                self.bytes -= self._entries.pop().row.nbytes
        while len(self) == MAX_CHECKPOINTS or self.bytes + row.nbytes > self.limit:
            self._thin()
        self._entries.append(Checkpoint(info, row.clone(), plan))
        self._infos.append(info)
        self.bytes += row.nbytes

    def truncate(self, info: CheckpointInfo) -> None:
        """Drop all checkpoints of later epochs than that of `info`."""
        self._fill([each for each in self._entries if each.info.epoch <= info.epoch], self._stride)

    def load(self, entries: list[Checkpoint], stride: int) -> None:
        """Replace all checkpoints, and thin them if they are too many."""
        self._fill(entries, stride)
        while len(self) > MAX_CHECKPOINTS or self.bytes > self.limit:
            self._thin()

    def _thin(self) -> None:
        stride = 2 * self._stride
        kept = [each for each in self._entries if not self._record_number(each.info) % stride]
        self._fill(kept, stride)

    def _fill(self, entries: list[Checkpoint], stride: int) -> None:
        self._entries, self._stride = entries, stride
        self._infos = [each.info for each in entries]
        self.bytes = sum(each.row.nbytes for each in entries)

    def _record_number(self, info: CheckpointInfo) -> int:
        return round(info.epoch * self._per_epoch)
