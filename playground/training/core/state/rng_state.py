"""Reading of random generator states from untrusted files."""

from __future__ import annotations

import torch
from torch import Tensor

from playground.training.core.state.state_reader import StateReader

_LEFT_PLUS_NEXT = 625
"""Remaining numbers plus index of the next one, of a generator from which one was drawn."""


def rng_state(saved: StateReader, name: str) -> Tensor:
    """Read and check the state of a generator.

    Returns
    -------
    Tensor
        A copy, for `torch.Generator.set_state`.

    Raises
    ------
    InputError
        If it is not the state of a generator.
    """
    shape = tuple(torch.Generator().get_state().shape)
    found = saved.tensor(name, shape, torch.uint8).clone()
    check_rng_state(saved, name, found)
    return found


def check_rng_state(saved: StateReader, name: str, found: Tensor) -> None:
    """Raise InputError, which names what was read, if a tensor is not the state of a generator.

    PyTorch reads out of bounds if the index of the next number is inconsistent with the count of
    remaining numbers, so both are checked here.
    """
    left, following = int(found[8:12].view(torch.int32)), int(found[16:24].view(torch.int64))
    if (left, following) != (1, 0) and left + following != _LEFT_PLUS_NEXT:
        raise saved.invalid(name, "is not the state of a random generator")
    try:
        torch.Generator().set_state(found)
    except RuntimeError as error:
        raise saved.invalid(name, "is not the state of a random generator") from error
