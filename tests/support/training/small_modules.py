"""Small modules of the user, and trainers of them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import torch
from torch import nn

from playground.networks.architecture import Architecture
from playground.problems.gates import Gates
from playground.problems.tables.table_problem import TableProblem
from playground.training.dense.trainer import Trainer
from playground.training.training import Training

ROWS = torch.tensor([[0.0, 0], [0, 1], [1, 0], [1, 1]])
TARGETS = torch.tensor([[0.0], [1], [1], [0]])


def network() -> nn.Sequential:
    """A small one, always the same."""
    torch.manual_seed(3)
    return nn.Sequential(
        nn.Linear(2, 8), nn.Tanh(), nn.Linear(8, 4), nn.ReLU(inplace=True), nn.Linear(4, 1)
    )


class Residual(nn.Module):
    """No sequence of layers."""

    def __init__(self) -> None:
        super().__init__()
        self.inner = nn.Linear(2, 2)
        self.last = nn.Linear(2, 1)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        return self.last(x + self.inner(x))


def xor(module: nn.Module, batch_size: int = 4) -> Trainer:
    """Return a trainer of the module with the settings of the page Gates."""
    training = Training(batch_size=batch_size, learning_rate=0.05)
    return Trainer(Gates(gate="XOR"), Architecture(features=["A", "B"]), training, module)


def of_table(x: Any, y: Any, module: nn.Module, **choices: Any) -> Trainer:
    """Return a trainer of the module with a table of its own."""
    problem = TableProblem((x, y), train_ratio=0.7)
    architecture = Architecture(features=list(problem.inputs))
    return Trainer(problem, architecture, Training(**choices), module)


class Ends(nn.Module):
    """Ends with a function."""

    def __init__(self, end: Callable[[torch.Tensor], Any], outputs: int = 1) -> None:
        super().__init__()
        self.layer, self.end = nn.Linear(2, outputs), end

    def forward(self, x: torch.Tensor) -> Any:
        return self.end(self.layer(x))
