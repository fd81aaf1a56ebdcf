"""The base class of engines: parameters, their gradient, and programs that compute it."""

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

_NORM_OFFSET = 1e-6
"""What `clip_grad_norm_` adds to a norm that it divides by."""


@dataclass(frozen=True, slots=True)
class Penalties:
    """Penalties on weights that are added to the loss; biases are never penalised.

    Attributes
    ----------
    l1 : float, or tensor of shape (copies, 1)
        Coefficient of the sum of absolute weights, of all copies or of each; at least 0.
    l2 : float, or tensor of shape (copies, 1)
        Coefficient of half the sum of squared weights (weight decay); at least 0.
    """

    l1: float | Tensor = 0.0
    l2: float | Tensor = 0.0


class Engine(ABC):
    """Takes optimiser steps on parameters, in place.

    Parameters
    ----------
    values : Tensor of shape (copies, size)
        All parameters. Steps change them in place; others may write to them between steps.
    is_weight : Tensor that broadcasts to `values`
        1 where penalties apply, 0 for biases.
    loss : Loss

    Attributes
    ----------
    gradient : Tensor of shape (copies, size)
        Of the last batch, penalties included.
    frozen : Tensor of bool that broadcasts to `values`, or None
        True for parameters that no step changes.
    present : sequence of bool, or None
        Which of a module's parameters the last batch has a gradient for; None if all.
    generator : torch.Generator or None
        Random numbers for the dropout of `DenseEngine`; must be set before programs are made.
        None is PyTorch's global generator, which PyTorch's own dropout always uses.
    copy_generators : sequence of torch.Generator
        One for each copy, instead of `generator`: each copy then drops the units that it would
        drop by itself. Empty where all copies draw from the same one.
    """

    def __init__(self, values: Tensor, is_weight: Tensor, loss: Loss) -> None:
        self.values = values
        self.is_weight = is_weight
        self.loss = loss
        self.gradient = torch.zeros_like(values)
        self.frozen: Tensor | None = None
        self.present: Sequence[bool] | None = None
        self.generator: torch.Generator | None = None
        self.copy_generators: Sequence[torch.Generator] = ()

    @abstractmethod
    def program(self, batch: Batch) -> Program:
        """Create calls that, in order, write the gradient of a batch's mean loss into `gradient`.

        The batch is a view of memory: the program uses the samples it holds when called.
        """

    def step(
        self,
        program: Program,
        optimiser: Optimiser,
        rate: float | Tensor,
        penalties: Penalties,
        max_norm: float | None = None,
    ) -> None:
        """Take one optimiser step on the batch that the program was made for.

        Parameters
        ----------
        program : Program
        optimiser : Optimiser
        rate : float, or tensor of shape (copies, 1)
            Learning rate of all copies, or of each.
        penalties : Penalties
        max_norm : float, optional
            Norm that the gradient of each copy has at most, L1 included and L2 not, which
            PyTorch's optimisers add later; as `torch.nn.utils.clip_grad_norm_`.
        """
        for call in program:
            call()
        values, l1, l2 = self.values, penalties.l1, penalties.l2
        # Whether it is a number is asked first: PyTorch takes 0.3 µs to say what is no tensor.
        if not isinstance(l1, (float, int)):
            self.gradient.addcmul_(values.sign().mul_(self.is_weight), l1)
        elif l1:
            self.gradient.add_(values.sign().mul_(self.is_weight), alpha=l1)
        if max_norm is not None:
            self._clip_gradient(max_norm)
        if optimiser.decoupled_decay:
            pass  # the step itself shrinks the weights
        elif not isinstance(l2, (float, int)):
            self.gradient.addcmul_(values * self.is_weight, l2)
        elif l2:
            self.gradient.addcmul_(values, self.is_weight, value=l2)
        if self.frozen is None:
            optimiser.step_(values, self.gradient, rate, l2, self.present)
        else:
            frozen_values = values.clone()
            optimiser.step_(values, self.gradient, rate, l2, self.present)
            torch.where(self.frozen, frozen_values, values, out=values)

    def _clip_gradient(self, max_norm: float) -> None:
        """Scale the gradient of each copy down; that of frozen parameters does not count."""
        gradient = self.gradient
        counted = gradient if self.frozen is None else gradient.masked_fill(self.frozen, 0.0)
        norm = torch.linalg.vector_norm(counted, dim=1, keepdim=True)
        gradient.mul_((max_norm / (norm + _NORM_OFFSET)).clamp_(max=1.0))
