"""The networks that benchmarks are about, and what they learn."""

from __future__ import annotations

import math
from dataclasses import dataclass

import torch
from torch import Tensor, nn

from playground.networks.dense.growth import initialise
from playground.networks.dense.parameters import Parameters
from playground.networks.dense.plan import LayerPlan, Plan

POINTS = 250
BATCH = 10
RATE = 0.03


@dataclass(frozen=True, slots=True)
class Net:
    """A dense tanh network with one output.

    Attributes
    ----------
    inputs : int
        How many of the peer's seven features it is given.
    hidden : tuple of int
        Neurons in each hidden layer.
    """

    inputs: int
    hidden: tuple[int, ...]

    def parameters(self) -> Parameters:
        """Make fresh parameters for our own engine."""
        fan_ins, units = (self.inputs, *self.hidden), (*self.hidden, 1)
        kinds = ("tanh",) * len(self.hidden) + ("linear",)
        layers = tuple(LayerPlan(*sizes) for sizes in zip(fan_ins, units, kinds, strict=True))
        features = tuple(f"x{number}" for number in range(self.inputs))
        return initialise(Plan(features, layers), "PyTorch default", seed=0)

    def module(self) -> nn.Sequential:
        """Make it the way PyTorch's tutorials do."""
        torch.manual_seed(0)
        parts: list[nn.Module] = []
        before = self.inputs
        for units in self.hidden:
            parts += [nn.Linear(before, units), nn.Tanh()]
            before = units
        return nn.Sequential(*parts, nn.Linear(before, 1))


NETS = {
    "a": Net(2, (4, 2)),
    "b": Net(2, (8,) * 6),
    "c": Net(7, (8, 8)),
}


def ring(inputs: int) -> tuple[Tensor, Tensor]:
    """A disc of +1 in a ring of -1, as the peer learns it.

    Returns
    -------
    (Tensor, Tensor)
        The first so many of x, y, x², y², xy, sin x, sin y, shape (POINTS, inputs); and the
        targets, shape (POINTS, 1).
    """
    generator = torch.Generator().manual_seed(0)
    inside = torch.arange(POINTS) % 2 == 0
    far, around = torch.rand(2, POINTS, generator=generator)
    radius = torch.where(inside, 2.5 * far, 3.5 + 1.5 * far)
    x, y = radius * (math.tau * around).cos(), radius * (math.tau * around).sin()
    features = torch.stack([x, y, x * x, y * y, x * y, x.sin(), y.sin()], 1)
    return features[:, :inputs].contiguous(), torch.where(inside, 1.0, -1.0)[:, None]
