"""The networks of the engine benchmark, and their training data."""

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
        Number of features: the first of the peer's seven.
    hidden : tuple of int
        Units in each hidden layer.
    """

    inputs: int
    hidden: tuple[int, ...]

    def parameters(self) -> Parameters:
        """Create initial parameters for Playground's engines."""
        fan_ins, units = (self.inputs, *self.hidden), (*self.hidden, 1)
        kinds = ("tanh",) * len(self.hidden) + ("linear",)
        layers = tuple(LayerPlan(*sizes) for sizes in zip(fan_ins, units, kinds, strict=True))
        features = tuple(f"x{number}" for number in range(self.inputs))
        return initialise(Plan(features, layers), "PyTorch default", seed=0)

    def module(self) -> nn.Sequential:
        """Create it as PyTorch's tutorials do."""
        torch.manual_seed(0)
        modules: list[nn.Module] = []
        before = self.inputs
        for units in self.hidden:
            modules += [nn.Linear(before, units), nn.Tanh()]
            before = units
        return nn.Sequential(*modules, nn.Linear(before, 1))


NETS = {
    "a": Net(2, (4, 2)),
    "b": Net(2, (8,) * 6),
    "c": Net(7, (8, 8)),
}


def ring(inputs: int) -> tuple[Tensor, Tensor]:
    """A disc of class +1 in a ring of class -1, the peer's dataset.

    Returns
    -------
    (Tensor, Tensor)
        The first `inputs` of x, y, x², y², xy, sin x, sin y, shape (POINTS, inputs); and the
        targets, shape (POINTS, 1).
    """
    generator = torch.Generator().manual_seed(0)
    inside = torch.arange(POINTS) % 2 == 0
    distance, angle = torch.rand(2, POINTS, generator=generator)
    radius = torch.where(inside, 2.5 * distance, 3.5 + 1.5 * distance)
    x, y = radius * (math.tau * angle).cos(), radius * (math.tau * angle).sin()
    features = torch.stack([x, y, x * x, y * y, x * y, x.sin(), y.sin()], 1)
    return features[:, :inputs].contiguous(), torch.where(inside, 1.0, -1.0)[:, None]
