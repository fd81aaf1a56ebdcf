"""The plan of an arbitrary PyTorch module, of which only inputs and outputs are known."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import torch
from torch import Tensor, nn

from playground.errors import InputError
from playground.networks.dense.plan import Plan
from playground.networks.module_state import eval_outputs, load_held_tensors, preserved


@dataclass(frozen=True, slots=True)
class ModulePlan(Plan):
    """A plan without layers, whose function is that of a module.

    Attributes
    ----------
    module : nn.Module
        Maps (n, features) to (n, outputs).
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
    def sizes(self) -> tuple[int, ...]:
        """Number of elements of each parameter."""
        return tuple(each.numel() for each in self.module.parameters())

    @property
    def size(self) -> int:
        """Number of elements of all parameters."""
        return sum(self.sizes)

    def parameter_views(self, flat: Tensor) -> list[Tensor]:
        """View a flat (size,) tensor as the module's parameters."""
        parameters = list(self.module.parameters())
        pieces = flat.split([each.numel() for each in parameters])
        return [piece.view(each.shape) for each, piece in zip(parameters, pieces, strict=True)]

    def forward(self, inputs: Tensor) -> Tensor:
        """Compute outputs (1, outputs, n) of inputs (1, features, n) in evaluation mode."""
        rows = inputs[0].T
        if not len(rows):
            return inputs.new_zeros(1, self.outputs_count, 0)
        try:
            outputs = eval_outputs(self.module, rows)
        except Exception as error:  # a user's module can raise anything
            raise InputError(
                f"In evaluation mode the module can't take {len(rows)} rows: "
                f"{str(error).strip() or type(error).__name__}"
            ) from error
        wanted = (len(rows), self.outputs_count)
        shape = tuple(outputs.shape) if isinstance(outputs, Tensor) else type(outputs).__name__
        if shape != wanted:
            raise InputError(f"For {len(rows)} rows the module gives {shape}, not {wanted}.")
        return outputs.to(inputs.dtype).T[None]

    def forward_with(self, flat: Tensor, held: Sequence[Tensor], inputs: Tensor) -> Tensor:
        """Compute outputs as `forward` does, with other parameters, buffers and numbers."""
        with torch.inference_mode(False), torch.no_grad(), preserved(self.module):
            self.load(flat, held)
            return self.forward(inputs)

    def load(self, flat: Tensor, held: Sequence[Tensor]) -> None:
        """Load other parameters, buffers and numbers into the module, in place."""
        for each, view in zip(self.module.parameters(), self.parameter_views(flat), strict=True):
            each.detach().copy_(view)
        load_held_tensors(self.module, held)


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
