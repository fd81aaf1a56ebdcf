"""All weights and biases of one or many networks in one tensor.

With one tensor, an optimiser's step, a penalty or a copy is one operation instead of one per
layer; the number of operations dominates the running time of a small network.
"""

from __future__ import annotations

import torch
from torch import Tensor

from playground.networks.dense.module_plan import ModulePlan
from playground.networks.dense.plan import Plan


class Parameters:
    """The parameters of `copies` networks of one plan, in one tensor.

    Attributes
    ----------
    plan : Plan
    values : Tensor of shape (copies, plan.size)
        The storage, of which all other tensors here are views.
    layers : tuple of Tensor of shape (copies, units, fan_in + 1)
        One view for each layer; its last column is the bias.
    held : list of Tensor, or None
        What else a module had at the moment that the values are of: see `held_tensors`. None
        where the module has it itself, and for dense networks.
    """

    def __init__(self, plan: Plan, copies: int = 1, dtype: torch.dtype = torch.float32) -> None:
        self.plan = plan
        self.held: list[Tensor] | None = None
        # Autograd rejects tensors that were created in inference mode.
        with torch.inference_mode(False):
            self.values = torch.zeros(copies, plan.size, dtype=dtype)
            self.layers = layer_views(self.values, plan)

    @property
    def copies(self) -> int:
        """Number of networks stored."""
        return len(self.values)

    def weight(self, layer: int) -> Tensor:
        """Weights of one layer, a view of shape (copies, units, fan_in)."""
        return self.layers[layer][:, :, :-1]

    def bias(self, layer: int) -> Tensor:
        """Biases of one layer, a view of shape (copies, units)."""
        return self.layers[layer][:, :, -1]


def layer_views(flat: Tensor, plan: Plan) -> tuple[Tensor, ...]:
    """View a flat (copies, plan.size) tensor as one (copies, units, fan_in + 1) for each layer."""
    return tuple(
        flat[:, span].view(len(flat), layer.units, layer.fan_in + 1)
        for span, layer in zip(plan.spans(), plan.layers, strict=True)
    )


def weight_mask(like: Parameters) -> Tensor:
    """Return 1 where a parameter is a weight, 0 where it is a bias; shape (1, plan.size).

    In a user's module, parameters of two or more dimensions are weights, all others biases.
    """
    mask = Parameters(like.plan, 1, like.values.dtype)
    if isinstance(like.plan, ModulePlan):
        for view in like.plan.parameter_views(mask.values[0]):
            view.fill_(view.ndim > 1)
    for layer in range(len(mask.layers)):
        mask.weight(layer).fill_(1)
    return mask.values
