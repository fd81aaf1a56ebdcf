"""States of random generators that may come from any file."""

from __future__ import annotations

import torch
from torch import Tensor

from playground.training.core.state.state_reader import StateReader

_LEFT_PLUS_NEXT = 625
"""Sum of the numbers left and the index of the next one, once one has been drawn."""


def rng_state(saved: StateReader, name: str) -> Tensor:
    """Read the state of a generator.

    It is checked, since PyTorch itself reads beyond the end of its memory where the index of the
    next number does not fit how many are left.

    Raises
    ------
    InputError
        If it is no such state.
    """
    generator = torch.Generator()
    found = saved.tensor(name, tuple(generator.get_state().shape), torch.uint8).clone()
    left, following = int(found[8:12].view(torch.int32)), int(found[16:24].view(torch.int64))
    if (left, following) != (1, 0) and left + following != _LEFT_PLUS_NEXT:
        raise saved.invalid(name, "is not the state of a random generator")
    try:
        generator.set_state(found)
    except RuntimeError as error:
        raise saved.invalid(name, "is not the state of a random generator") from error
    return found
