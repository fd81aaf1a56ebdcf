"""The training loss as a function of all weights of a network."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Sequence

import torch
from torch import Tensor

from playground.networks.dense.activations import ACTIVATIONS
from playground.networks.dense.forward import outputs_of_many
from playground.networks.dense.parameters import Parameters, layer_views, weight_mask
from playground.networks.dense.plan import Plan
from playground.training.core.losses import Loss
from playground.training.dense.evaluator import EvaluationSet
from playground.training.engines import Penalties

MAX_SAMPLES = 1000
"""The most samples that are used; of more, so many that are evenly spaced."""
VALUES_AT_ONCE = 800_000
"""Values of units that are computed at once: more would only take memory, fewer more calls."""


class WeightLoss(ABC):
    """The mean loss of a network on some samples, by its weights; without dropout.

    Attributes
    ----------
    at_once : int
        Networks that are best evaluated at the same time.
    samples, all_samples : int
        Samples that are evaluated, and how many there are.
    """

    at_once: int
    samples: int
    all_samples: int

    @abstractmethod
    def values(self, rows: Tensor) -> Tensor:
        """Return the loss of each network; `rows` holds their weights, (networks, size)."""

    @abstractmethod
    def filters(self, row: Tensor) -> Sequence[Tensor]:
        """Return views of the weights of one network, (filters, numbers) for each layer.

        A filter is what one neuron or one channel multiplies its inputs by. Biases, and whatever
        else is no weight, are left out.
        """


class DenseLoss(WeightLoss):
    """The loss of dense networks of one plan.

    Parameters
    ----------
    plan : Plan
    data : EvaluationSet
        At least one sample.
    loss : Loss
    penalties : Penalties
        Added to the loss.
    """

    def __init__(
        self, plan: Plan, data: EvaluationSet, loss: Loss, penalties: Penalties | None = None
    ) -> None:
        self.plan, self._loss = plan, loss
        self._penalties = penalties or Penalties()
        self.all_samples = len(data)
        chosen = evenly_spaced_indices(len(data), MAX_SAMPLES)
        self.samples = len(chosen)
        self._inputs, self._targets = data.inputs[:, :, chosen], data.targets[:, :, chosen]
        self._is_weight = weight_mask(Parameters(plan))
        self.at_once = max(1, VALUES_AT_ONCE // (sum(plan.widths) * self.samples))

    def values(self, rows: Tensor) -> Tensor:
        """Return the loss of each network; see `WeightLoss.values`."""
        parameters = Parameters(self.plan, len(rows), rows.dtype)
        parameters.values.copy_(rows)
        answer = outputs_of_many(parameters, self._inputs.to(rows.dtype))
        return self._loss.value(answer, self._targets.to(rows.dtype)) + self._penalty(rows)

    def differentiable(self, row: Tensor) -> Tensor:
        """Return the loss of one network, weights (size,), for autograd."""
        answer = self._inputs[0].to(row.dtype)
        views = layer_views(row[None], self.plan)
        for view, layer in zip(views, self.plan.layers, strict=True):
            answer = view[0, :, :-1] @ answer + view[0, :, -1:]
            if layer is not self.plan.layers[-1]:
                answer = ACTIVATIONS[layer.activation].module()(answer)
        value = self._loss.value(answer[None], self._targets.to(row.dtype))
        return (value + self._penalty(row[None]))[0]

    def filters(self, row: Tensor) -> Sequence[Tensor]:
        """Return the weights of each neuron; see `WeightLoss.filters`."""
        return [view[0, :, :-1] for view in layer_views(row[None], self.plan)]

    def _penalty(self, rows: Tensor) -> Tensor:
        l1, l2 = self._penalties.l1, self._penalties.l2
        if not l1 and not l2:
            return rows.new_zeros(())
        weights = rows * self._is_weight.to(rows.dtype)
        return l1 * weights.abs().sum(1) + l2 / 2 * weights.square().sum(1)


def evenly_spaced_indices(count: int, limit: int) -> Tensor:
    """Return at most `limit` of the numbers below `count`, the first and the last among them."""
    return torch.linspace(0, count - 1, min(count, limit)).round().long()
