"""The parts of a State that all trainers share."""

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
    """Copy the state of an optimiser; its tensors are flattened."""
    memory = {name: tensor.reshape(-1) for name, tensor in optimiser.state().items()}
    return State({"name": optimiser.name}, memory)


def prepare_optimiser_restore(
    saved: StateReader, optimiser: Optimiser, reset: Callable[[], None]
) -> RestoreStep:
    """Check a state of `optimiser_state`, and return the step that restores it.

    Parameters
    ----------
    saved : StateReader
    optimiser : Optimiser
    reset : callable
        The step to return if the state belongs to another kind of optimiser.

    Raises
    ------
    InputError
        If tensors are missing, unexpected or invalid.
    """
    if saved.value("name") != optimiser.name:
        return reset
    memory = optimiser.state()
    if saved.tensor_names() != set(memory):
        raise saved.invalid("", f"should hold {sorted(memory)}, not {sorted(saved.tensor_names())}")
    rows = {name: saved.tensor(name, (like.numel(),), like.dtype) for name, like in memory.items()}
    return partial(optimiser.load, {name: rows[name].view_as(memory[name]) for name in rows})


def scores_tensor(scores: Scores) -> Tensor:
    """Return scores as float64, (2, 2): loss and accuracy on training, then on test samples."""
    return torch.tensor([[each.loss, each.accuracy] for each in scores], dtype=torch.float64)


def read_scores(saved: StateReader, name: str) -> Scores:
    """Read scores written by `scores_tensor`."""
    train, test = saved.tensor(name, (2, 2), torch.float64).tolist()
    return Score(*train), Score(*test)


def check_kind(saved: StateReader, kind: str) -> None:
    """Raise InputError if the state belongs to another kind of trainer."""
    if saved.value("kind") != kind:
        raise saved.invalid("kind", f"should be {kind}")
