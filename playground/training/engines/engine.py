"""What every engine is: parameters, their gradient, and programs that fill in the gradient."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import torch
from torch import Tensor

from playground.training.core.losses import Loss
from playground.training.core.optimisers import Optimiser
from playground.training.dense.batches import Batch

Program = Sequence[Callable[[], object]]


@dataclass(frozen=True, slots=True)
class Penalties:
    """What is added to the loss to keep weights small; biases are never penalised.

    Attributes
    ----------
    l1 : float
        Times the sum of absolute weights; at least 0.
    l2 : float
        Times half the sum of squared weights (weight decay); at least 0.
    """

    l1: float = 0.0
    l2: float = 0.0


class Engine(ABC):
    """Takes optimiser steps on parameters, in place.

    Parameters
    ----------
    values : Tensor of shape (copies, size)
        All parameters. Stepped in place; may be written to between steps.
    is_weight : Tensor that broadcasts to `values`
        1 where penalties apply, 0 for biases.
    loss : Loss

    Attributes
    ----------
    gradient : Tensor of shape (copies, size)
        Of the last batch, penalties included.
    frozen : Tensor of bool, shape (1, size), or None
        Parameters that no step changes.
    generator : torch.Generator or None
        Where dropout written out by hand draws from, set before programs are made; PyTorch's
        own dropout always draws from its global generator, and so does None.
    """

    def __init__(self, values: Tensor, is_weight: Tensor, loss: Loss) -> None:
        self.values = values
        self.is_weight = is_weight
        self.loss = loss
        self.gradient = torch.zeros_like(values)
        self.frozen: Tensor | None = None
        self.generator: torch.Generator | None = None

    @abstractmethod
    def program(self, batch: Batch) -> Program:
        """Make calls that, in order, fill `gradient` with that of the mean loss over a batch.

        The batch is a window: the program reads whatever samples it holds at the time.
        """

    def step(
        self, program: Program, optimiser: Optimiser, rate: float, penalties: Penalties
    ) -> None:
        """Take one optimiser step on the batch that the program was made for."""
        for call in program:
            call()
        values = self.values
        if penalties.l1:
            self.gradient.add_(values.sign().mul_(self.is_weight), alpha=penalties.l1)
        if penalties.l2 and not optimiser.decoupled_decay:
            self.gradient.addcmul_(values, self.is_weight, value=penalties.l2)
        if self.frozen is None:
            optimiser.step_(values, self.gradient, rate, penalties.l2)
        else:
            frozen_values = values.clone()
            optimiser.step_(values, self.gradient, rate, penalties.l2)
            torch.where(self.frozen, frozen_values, values, out=values)
