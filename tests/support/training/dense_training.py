"""Small networks, batches and trainers for the tests of training."""

from __future__ import annotations

import torch
from torch import Tensor
from torch.nn import functional

from playground.networks.architecture import Architecture
from playground.networks.dense.parameters import Parameters
from playground.networks.dense.plan import LayerPlan, Plan
from playground.problems import Gates, Points, Problem
from playground.training.core.losses import Task
from playground.training.dense.batches import Batch, Batches
from playground.training.dense.trainer import Trainer
from playground.training.training import Training


def make_plan(
    hidden: tuple[int, ...] = (4, 3),
    inputs: int = 2,
    outputs: int = 1,
    activation: str = "tanh",
    dropout: float = 0.0,
) -> Plan:
    widths = [inputs, *hidden]
    layers = [
        LayerPlan(fan_in, units, activation, dropout)
        for fan_in, units in zip(widths[:-1], hidden, strict=True)
    ]
    names = tuple(f"x{number}" for number in range(inputs))
    return Plan(names, (*layers, LayerPlan(widths[-1], outputs, "linear")))


def make_parameters(
    plan: Plan, copies: int = 1, dtype: torch.dtype = torch.float64, seed: int = 0
) -> Parameters:
    """Draw weights and biases, different ones for each copy."""
    parameters = Parameters(plan, copies, dtype)
    random = torch.Generator().manual_seed(seed)
    parameters.values.copy_(torch.randn(parameters.values.shape, generator=random))
    return parameters


def make_samples(
    plan: Plan, count: int, task: Task = "classification", dtype: torch.dtype = torch.float64
) -> tuple[Tensor, Tensor]:
    """Draw inputs (1, features, n) and targets (1, outputs, n) as the losses want them."""
    random = torch.Generator().manual_seed(7)
    inputs = torch.randn(1, len(plan.features), count, generator=random, dtype=dtype)
    if task == "regression":
        return inputs, torch.randn(1, 1, count, generator=random, dtype=dtype)
    labels = torch.randint(max(2, plan.outputs), (count,), generator=random)
    if plan.outputs == 1:
        return inputs, labels.to(dtype).view(1, 1, -1)
    return inputs, functional.one_hot(labels, plan.outputs).T[None].to(dtype)


def make_batches(
    plan: Plan,
    count: int = 7,
    size: int = 7,
    task: Task = "classification",
    dtype: torch.dtype = torch.float64,
) -> Batches:
    return Batches(*make_samples(plan, count, task, dtype), size, torch.Generator().manual_seed(1))


def rows(batch: Batch) -> Tensor:
    """Return what a module takes, (batch, features), with no memory in common."""
    return batch.inputs[0, :-1].T.clone()


def make_trainer(problem: Problem | None = None, **choices: object) -> Trainer:
    """Make a trainer; choices are parameters of the architecture or of the training."""
    architecture = {name: choices.pop(name) for name in list(choices) if name in Architecture.param}
    return Trainer(
        problem or Points(shape="moons", count=60),
        Architecture(**architecture),
        Training(**choices),
    )


def xor_trainer(**choices: object) -> Trainer:
    """Make a trainer that learns XOR as the page about gates does."""
    usual = {"hidden": [4], "batch_size": 4, "learning_rate": 0.05}
    return make_trainer(Gates(gate="XOR"), **{**usual, **choices})


def weights(trainer: Trainer) -> Tensor:
    """Copy all weights and biases out of a trainer, in one row."""
    return torch.cat([each.detach().reshape(-1) for each in trainer.model.parameters()])
