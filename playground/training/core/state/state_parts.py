"""The parts that the states of both trainers have in common."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

import torch
from torch import Tensor

from playground.training.core.metrics import Score, Scores
from playground.training.core.optimisers import Optimiser
from playground.training.core.state.state import State
from playground.training.core.state.state_reader import RestoreStep, StateReader


def optimiser_state(optimiser: Optimiser) -> State:
    """Copy out what an optimiser remembers, each of it as one row."""
    memory = {name: tensor.reshape(-1) for name, tensor in optimiser.state().items()}
    return State({"name": optimiser.name}, memory)


def prepare_optimiser_restore(
    saved: StateReader, optimiser: Optimiser, reset: Callable[[], None]
) -> RestoreStep:
    """Check what `optimiser_state` made, and return the step that takes it up.

    Parameters
    ----------
    reset : callable
        What to do instead if it was the memory of another rule, which means nothing to this one.
    """
    if saved.value("name") != optimiser.name:
        return reset
    memory = optimiser.state()
    if saved.tensor_names() != set(memory):
        raise saved.invalid("", f"should hold {sorted(memory)}, not {sorted(saved.tensor_names())}")
    rows = {name: saved.tensor(name, (like.numel(),), like.dtype) for name, like in memory.items()}
    return partial(optimiser.load, {name: rows[name].view_as(memory[name]) for name in rows})


def scores_tensor(scores: Scores) -> Tensor:
    """Write scores as float64 of shape (2, 2): loss and accuracy of training, then of test."""
    return torch.tensor([[each.loss, each.accuracy] for each in scores], dtype=torch.float64)


def read_scores(saved: StateReader, name: str) -> Scores:
    """Look up what `scores_tensor` made."""
    train, test = saved.tensor(name, (2, 2), torch.float64).tolist()
    return Score(*train), Score(*test)


def check_kind(saved: StateReader, kind: str) -> None:
    """Raise InputError for a state of another kind of trainer."""
    if saved.value("kind") != kind:
        raise saved.invalid("kind", f"should be {kind}")
