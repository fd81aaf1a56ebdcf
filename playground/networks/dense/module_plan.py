"""The plan of an arbitrary PyTorch module, of which only inputs and outputs are known."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

import torch
from torch import Tensor, nn

from playground.networks.dense.plan import Plan


@dataclass(frozen=True, slots=True)
class ModulePlan(Plan):
    """A plan without layers, whose function is that of a module.

    Attributes
    ----------
    module : nn.Module
        Maps (n, features) to (n, outputs). Only its computation is used; its parameters are
        taken from `Parameters`, as for any other plan.
    outputs_count : int
        Number of outputs.
    """

    module: nn.Module
    outputs_count: int

    @property
    def outputs(self) -> int:
        """Number of outputs."""
        return self.outputs_count

    @property
    def size(self) -> int:
        """Number of parameters."""
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
        """Compute outputs (1, outputs, n) of inputs (1, features, n) in evaluation mode."""
        with eval_mode(self.module):
            result = torch.func.functional_call(
                self.module, self.parameter_views(flat), (inputs[0].T,)
            )
        answer: Tensor = result.T[None]
        return answer


class LogOdds(nn.Module):
    """The log-odds of the second of two classes: its logit less that of the first.

    The sigmoid of the log-odds is the probability that softmax gives the second class.
    """

    def __init__(self, module: nn.Module) -> None:
        super().__init__()
        self.module = module

    def forward(self, x: Tensor) -> Tensor:
        """Compute log-odds (n, 1) of inputs (n, features)."""
        first, second = self.module(x).split(1, dim=1)
        log_odds: Tensor = second - first
        return log_odds


@contextmanager
def eval_mode(module: nn.Module) -> Iterator[None]:
    """Put a module into evaluation mode, and each of its parts back into its own mode after."""
    before = [(each, each.training) for each in module.modules()]
    module.eval()
    try:
        yield
    finally:
        for each, training in before:
            each.training = training
