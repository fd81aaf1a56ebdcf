"""An estimate of the memory that a population takes, before any of it is allocated."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from playground.errors import InputError
from playground.networks.dense.plan import Plan

MAX_BYTES = 384 * 2**20
"""Bytes that one population may take, besides its checkpoints."""

_NUMBER = 4
_WEIGHT_COPIES = 10
"""Weights, gradient, the optimiser's memory and update, the last good weights, temporary ones."""
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
