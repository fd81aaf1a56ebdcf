"""The parts that the states of both trainers have in common."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

import torch
from torch import Tensor

from playground.training.checked import Checked, Step
from playground.training.frame import Score
from playground.training.optimisers import Optimiser
from playground.training.state import State

Scores = tuple[Score, Score]


def optimiser_state(optimiser: Optimiser) -> State:
    """Copy out what an optimiser remembers, each of it as one row."""
    memory = {name: tensor.reshape(-1) for name, tensor in optimiser.state().items()}
    return State({"name": optimiser.name}, memory)


def reading_optimiser(given: Checked, optimiser: Optimiser, forget: Callable[[], None]) -> Step:
    """Check what `optimiser_state` made, and return the step that takes it up.

    Parameters
    ----------
    forget : callable
        What to do instead if it was the memory of another rule, which means nothing to this one.
    """
    if given.value("name") != optimiser.name:
        return forget
    memory = optimiser.state()
    if given.tensor_names() != set(memory):
        raise given.refusal("", f"should hold {sorted(memory)}, not {sorted(given.tensor_names())}")
    rows = {name: given.tensor(name, (like.numel(),), like.dtype) for name, like in memory.items()}
    return partial(optimiser.load, {name: rows[name].view_as(memory[name]) for name in rows})


def scores_row(scores: Scores) -> Tensor:
    """Write scores as float64 of shape (2, 2): loss and accuracy of training, then of test."""
    return torch.tensor([[each.loss, each.accuracy] for each in scores], dtype=torch.float64)


def read_scores(given: Checked, name: str) -> Scores:
    """Look up what `scores_row` made."""
    train, test = given.tensor(name, (2, 2), torch.float64).tolist()
    return Score(*train), Score(*test)


def read_kind(given: Checked, kind: str) -> None:
    """Raise InputError for a state of another kind of trainer."""
    if given.value("kind") != kind:
        raise given.refusal("kind", f"should be {kind}")
