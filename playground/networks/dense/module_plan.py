"""A network of which nothing is known but what goes in and what comes out: any PyTorch module."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

import torch
from torch import Tensor, nn

from playground.networks.dense.plan import Plan


@dataclass(frozen=True, slots=True)
class ModulePlan(Plan):
    """A plan without layers; the module itself says what happens between input and output.

    Attributes
    ----------
    module : nn.Module
        From (n, features) to (n, outputs). Only the way through it is used: the numbers come from
        `Parameters`, as for any other plan.
    outputs_count : int
        How many numbers it answers with.
    """

    module: nn.Module
    outputs_count: int

    @property
    def outputs(self) -> int:
        """How many numbers the network answers with."""
        return self.outputs_count

    @property
    def size(self) -> int:
        """How many numbers are learned in all."""
        return sum(each.numel() for each in self.module.parameters())

    def parameter_views(self, flat: Tensor) -> dict[str, Tensor]:
        """View a flat (size,) tensor as the module's parameters, by name."""
        named = dict(self.module.named_parameters())
        pieces = flat.split([each.numel() for each in named.values()])
        return {
            name: piece.view(each.shape)
            for (name, each), piece in zip(named.items(), pieces, strict=True)
        }

    def answer(self, flat: Tensor, inputs: Tensor) -> Tensor:
        """Answer (1, features, n) with (1, outputs, n), as a module does that learns no more."""
        with eval_mode(self.module):
            result = torch.func.functional_call(
                self.module, self.parameter_views(flat), (inputs[0].T,)
            )
        answer: Tensor = result.T[None]
        return answer


class LogOdds(nn.Module):
    """Two classes by one number: what a module says for the second, less what for the first.

    Its sigmoid is the softmax of the two.
    """

    def __init__(self, module: nn.Module) -> None:
        super().__init__()
        self.module = module

    def forward(self, x: Tensor) -> Tensor:
        """From (n, features) to (n, 1)."""
        first, second = self.module(x).split(1, dim=1)
        log_odds: Tensor = second - first
        return log_odds


@contextmanager
def eval_mode(module: nn.Module) -> Iterator[None]:
    """Have a module neither drop anything out nor take note of what it sees."""
    before = [(each, each.training) for each in module.modules()]
    module.eval()
    try:
        yield
    finally:
        for each, training in before:
            each.training = training
