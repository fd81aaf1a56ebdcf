"""An estimate of the memory that a population takes, before any of it is allocated."""

from __future__ import annotations

import gc
from collections.abc import Mapping, Sequence
from threading import RLock
from weakref import WeakKeyDictionary

from playground.errors import InputError
from playground.networks.dense.plan import Plan

MAX_BYTES = 384 * 2**20
"""Bytes that one population may take, besides its checkpoints."""

_NUMBER = 4
_WEIGHT_COPIES = 11
"""Weights, gradient (by layer, and all of it), the optimiser's memory and update, the last good
weights, temporary ones."""
_LAYER_BUFFERS = 5
"""Tensors that the dense engine keeps for each unit and each sample of a batch."""
_FORWARD_BUFFERS = 3
"""Values before and after the activation, and a temporary one."""
_ROWS_AND_RANDOM = 1024 * 4 * 8 + 6000
"""Bytes of a member's curves and of its random generator."""


def estimated_bytes(
    plan: Plan, members: int, *, samples: int, evaluated: int, batch: int, cells: int
) -> int:
    """Estimate the largest amount of memory that a population takes at one moment.

    Parameters
    ----------
    plan : Plan
    members : int
    samples, evaluated : int
        Training samples; training and test samples.
    batch : int
        Samples of a step.
    cells : int
        Cells of the picture of each member.
    """
    units = sum(plan.widths)
    batch = min(batch, samples)
    # The last batch of an epoch may be of another size, with buffers of its own.
    buffers = _LAYER_BUFFERS * units * (batch + (samples % batch if batch else 0))
    forward = _FORWARD_BUFFERS * units * max(evaluated, cells)
    own_samples = samples * (len(plan.features) + 1 + plan.outputs)
    numbers = _WEIGHT_COPIES * plan.size + buffers + forward + own_samples
    return members * (_NUMBER * numbers + _ROWS_AND_RANDOM)


def sizes_of(samples: int, evaluated: int, batch: int, side: int) -> dict[str, int]:
    """Return the sizes that `estimated_bytes` goes by; `side` is that of each picture."""
    return {"samples": samples, "evaluated": evaluated, "batch": batch, "cells": side**2}


class SharedMemory:
    """What all populations of a process may take together, as estimated.

    Attributes
    ----------
    limit : int or None
        Bytes; None without a limit, as where one person computes on their own machine.
    """

    def __init__(self) -> None:
        self.limit: int | None = None
        self._sizes: WeakKeyDictionary[object, int] = WeakKeyDictionary()
        self._lock = RLock()  # A garbage collection may end an owner at any time.

    def take(self, owner: object, size: int) -> None:
        """Count `size` as taken until its owner is garbage-collected.

        Raises
        ------
        InputError
            If all together would take too much.
        """
        with self._lock:
            if self.limit is not None and self._taken + size > self.limit:
                gc.collect()  # What a page has left is garbage at first.
                if (taken := self._taken) + size > self.limit:
                    raise InputError(
                        f"Networks side by side take {_size_text(taken)} of memory on this server "
                        f"just now, these would take {_size_text(size)} more, and "
                        f"{_size_text(self.limit)} are allowed for all. Take fewer or smaller "
                        "networks, or try again later."
                    )
            self._sizes[owner] = size

    @property
    def _taken(self) -> int:
        return sum(self._sizes.values())


shared_memory = SharedMemory()


def take_memory(owner: object, plan: Plan, members: int, **sizes: int) -> None:
    """Take memory for a population, which its owner holds as long as it exists.

    Raises
    ------
    InputError
        If it is too large by itself, or together with all others of the process.
    """
    check_memory(plan, members, **sizes)
    shared_memory.take(owner, estimated_bytes(plan, members, **sizes))


def check_memory(plan: Plan, members: int, **sizes: int) -> None:
    """Raise InputError if a population is too large; see `estimated_bytes` for `sizes`."""
    check_total_memory([(plan, members, sizes)])


def check_total_memory(populations: Sequence[tuple[Plan, int, Mapping[str, int]]]) -> None:
    """Raise InputError if populations are too large together.

    Parameters
    ----------
    populations : sequence of (Plan, int, mapping)
        Plan, number of members, and sizes of each; see `estimated_bytes`.
    """
    needed = sum(estimated_bytes(plan, count, **sizes) for plan, count, sizes in populations)
    if needed <= MAX_BYTES:
        return
    members = sum(count for _plan, count, _sizes in populations)
    each = max(estimated_bytes(plan, 1, **sizes) for plan, _count, sizes in populations)
    possible = MAX_BYTES // each
    advice = (
        f"Up to {possible} of them are possible"
        if possible > 1
        else "Choose a smaller network, or fewer samples"
    )
    raise InputError(
        f"{members} such networks side by side would take {_size_text(needed)} of memory, and "
        f"{_size_text(MAX_BYTES)} are allowed. {advice}."
    )


def _size_text(number: int) -> str:
    return f"{number / 2**20:,.0f} MiB" if number < 2**30 else f"{number / 2**30:.1f} GiB"
