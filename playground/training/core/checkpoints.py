"""The past of a network, to go back to: its weights at many moments, in bounded memory."""

from __future__ import annotations

import operator
from dataclasses import dataclass
from typing import SupportsIndex

from torch import Tensor

from playground.errors import InputError
from playground.networks.dense.plan import Plan
from playground.training.core.metrics import Score

MAX_BYTES = 32 * 2**20
"""Bytes of the past of a run. A page holds two runs: the other is a branch that was left."""
MAX_CHECKPOINTS = 1024
"""Moments at the most, as many as the curves have rows."""


@dataclass(frozen=True, slots=True)
class CheckpointInfo:
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
class Checkpoint:
    """A network as it was at one moment.

    Attributes
    ----------
    info : CheckpointInfo
    row : Tensor of one dimension
        All its weights, and whatever else its owner wants to know again. Must not be written to.
    plan : Plan or None
        What the weights belong to, where networks change while they learn.
    """

    info: CheckpointInfo
    row: Tensor
    plan: Plan | None


class Checkpoints:
    """Moments to come back to. When full, every other one is let go and the pace halves.

    So moments are always evenly spaced, but for the last, which is the newest. It may be read
    from any thread while another one records.

    Parameters
    ----------
    per_epoch : int
        Moments an epoch, where epochs are long.
    limit : int
        Bytes that all rows together may take. A row of more than half of it is not kept.

    Attributes
    ----------
    limit : int
    bytes : int
        What all rows together take at present.
    """

    def __init__(self, per_epoch: int = 1, limit: int = MAX_BYTES) -> None:
        self.limit = limit
        self._per_epoch = per_epoch
        self.clear()

    @property
    def infos(self) -> tuple[CheckpointInfo, ...]:
        """All moments that are kept, in rising order of epochs."""
        return tuple(self._infos)

    @property
    def entries(self) -> tuple[Checkpoint, ...]:
        """What is kept of each moment, in the same order."""
        return tuple(self._entries)

    @property
    def stride(self) -> int:
        """Parts of an epoch from one moment to the next, a power of two."""
        return self._stride

    def __len__(self) -> int:
        return len(self._infos)

    def at(self, index: SupportsIndex) -> Checkpoint:
        """Give what is kept of a moment, counted from 0.

        Raises
        ------
        InputError
            If there is no such moment.
        """
        entries = self.entries
        number = operator.index(index)
        if not 0 <= number < len(entries):
            raise InputError(
                f"There is no moment {number}: {len(entries)} are kept, counted from 0."
            )
        return entries[number]

    def clear(self) -> None:
        """Forget everything."""
        self._fill([], 1)

    def record(self, info: CheckpointInfo, row: Tensor, plan: Plan | None = None) -> None:
        """Keep a copy of a network; moments must come in rising order of epochs."""
        if 2 * row.nbytes > self.limit:
            return
        # Between two moments to be kept the last is provisional: the next one takes its place.
        if self._infos and self._record_number(self._infos[-1]) % self._stride:
            self._infos.pop()
            self.bytes -= self._entries.pop().row.nbytes
        while len(self) == MAX_CHECKPOINTS or self.bytes + row.nbytes > self.limit:
            self._thin()
        self._entries.append(Checkpoint(info, row.clone(), plan))
        self._infos.append(info)
        self.bytes += row.nbytes

    def truncate(self, info: CheckpointInfo) -> None:
        """Forget all that came after a moment."""
        self._fill([each for each in self._entries if each.info.epoch <= info.epoch], self._stride)

    def load(self, entries: list[Checkpoint], stride: int) -> None:
        """Remember something else, thinned if it is too much."""
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
