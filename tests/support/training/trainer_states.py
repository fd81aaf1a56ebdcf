"""States on their way through a file, compared, and spoilt, for the tests of going on."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import numpy as np
import safetensors.torch
import torch
from hypothesis import strategies as st
from torch import Tensor

from playground.errors import InputError
from playground.training.core.base_trainer import BaseTrainer
from playground.training.core.state.state import State


def save_and_load(state: State) -> State:
    """Write a state as it is written to a file, and read it back."""
    numbers = json.loads(json.dumps(dict(state.numbers), allow_nan=False))
    return State(numbers, safetensors.torch.load(safetensors.torch.save(dict(state.tensors))))


def assert_same(one: State, other: State) -> None:
    """Compare two states to the bit, but for the generator that all tests share."""
    assert one.numbers == other.numbers
    assert one.tensors.keys() == other.tensors.keys()
    for name, tensor in one.tensors.items():
        assert tensor.dtype == other.tensors[name].dtype
        if name != "chance.elsewhere":
            np.testing.assert_array_equal(tensor.numpy(), other.tensors[name].numpy(), name)


def restore_unless_refused(trainer: BaseTrainer[Any, Any, Any], state: State) -> bool:
    """Restore a state that may be damaged; return whether it was, or else nothing has changed."""
    before = trainer.state()
    try:
        trainer.restore(state)
    except InputError:
        assert_same(trainer.state(), before)
        return False
    return True


CORRUPTIONS: dict[str, Callable[[Tensor], Tensor]] = {
    "shorter": lambda tensor: tensor[1:] if tensor.ndim else tensor[None],
    "longer": lambda tensor: torch.cat([tensor, tensor]),
    "deeper": lambda tensor: tensor[None],
    "other kind": lambda tensor: tensor.to(torch.float16),
    "NaN": lambda tensor: tensor * torch.nan if tensor.is_floating_point() else ~tensor,
    "infinite": lambda tensor: (
        tensor + torch.inf if tensor.is_floating_point() else tensor + tensor
    ),
    "zero": torch.zeros_like,
    "backwards": lambda tensor: tensor.flip(0),
    "huge": lambda tensor: (
        tensor * 1e30 if tensor.is_floating_point() else torch.full_like(tensor, True) * 127
    ),
}

VALUES = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(-5, 5),
    st.sampled_from([2**53, 2**63, 10**400, 1e300, "x" * 1000, [], {}, [[]], {"features": []}]),
    st.recursive(st.text(max_size=3) | st.floats(), st.lists, max_leaves=5),
)


@st.composite
def corrupted_states(draw: st.DrawFn, state: State) -> State:
    """Damage one thing about a state."""
    numbers, tensors = dict(state.numbers), dict(state.tensors)
    name = draw(st.sampled_from(sorted(numbers | tensors)))
    if draw(st.integers(0, 9)) == 0:
        numbers.pop(name, None)
        tensors.pop(name, None)
    elif name in numbers:
        numbers[name] = draw(VALUES)
    else:
        tensors[name] = CORRUPTIONS[draw(st.sampled_from(sorted(CORRUPTIONS)))](tensors[name])
    return State(numbers, tensors)
