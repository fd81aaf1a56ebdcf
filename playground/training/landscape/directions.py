"""The two directions that a plane through the weights of a network spans."""

from __future__ import annotations

from dataclasses import dataclass
from difflib import get_close_matches

import torch
from torch import Tensor

from playground.errors import InputError
from playground.networks.dense.plan import Plan
from playground.training.landscape.weight_loss import WeightLoss

SMALL = 500
"""Weights below which a network has an exact Hessian and a list of its weights."""
MIN_PATH = 3
"""Moments that a path needs, to say how it curves."""
NEGLIGIBLE = 1e-12
"""A share of the movement, or of a length, that is nothing but rounding."""


@dataclass(frozen=True, slots=True, eq=False)
class Directions:
    """Two directions, and what is known about them.

    Attributes
    ----------
    vectors : Tensor of shape (2, size)
        Across and upwards, in units of the axes.
    names : tuple of two str
        What the axes are called.
    shares : tuple of two float, or None
        Of the variance of a path, of which they are principal components.
    curvatures : tuple of two float, or None
        Eigenvalues of the Hessian, of which they are eigenvectors.
    """

    vectors: Tensor
    names: tuple[str, str]
    shares: tuple[float, float] | None = None
    curvatures: tuple[float, float] | None = None


def principal_directions(path: Tensor) -> Directions:
    """Return the two principal components of a path, weights (moments, size).

    The path goes from left to right, and its middle lies above its ends.

    Raises
    ------
    InputError
        If it has fewer than three moments, or goes nowhere.
    """
    moves = path.double()
    moves = moves - moves.mean(0)
    moments, size = moves.shape
    # The eigenvectors of the smaller of both products hold all there is to know.
    wide = size > moments
    squares, vectors = torch.linalg.eigh(moves @ moves.T if wide else moves.T @ moves)
    total = float(moves.square().sum())
    if moments < MIN_PATH or total <= NEGLIGIBLE * float(path.double().square().sum()):
        raise InputError("The network has no path yet: train it for at least two epochs.")
    first = moves.T @ vectors[:, -1] if wide else vectors[:, -1]
    first = first / first.norm()
    share = float(squares[-1]) / total
    second_share = max(0.0, float(squares[-2]) / total) if len(squares) > 1 else 0.0
    if second_share > NEGLIGIBLE:
        second = moves.T @ vectors[:, -2] if wide else vectors[:, -2]
    else:  # The path is straight, and any direction across it will do.
        second = torch.eye(size, dtype=first.dtype)[int(first.abs().argmin())]
    second = second - first * (first @ second)
    second = second / second.norm()
    along, upwards = moves @ first, moves @ second
    if along[-1] < along[0]:
        first = -first
    if upwards[moments // 2] < (upwards[0] + upwards[-1]) / 2:
        second = -second
    return Directions(
        torch.stack([first, second]).to(path.dtype),
        ("along the path", "across the path"),
        shares=(share, second_share),
    )


def random_directions(loss: WeightLoss, weights: Tensor, seed: int) -> Directions:
    """Return two filter-normalised random directions (Li et al. 2018).

    Each filter has the length of that of the network; biases stay as they are.
    """
    generator = torch.Generator().manual_seed(seed)
    drawn = torch.zeros(2, len(weights), dtype=weights.dtype)
    for row in drawn:
        views = zip(loss.filters(row), loss.filters(weights), strict=True)
        for view, own in views:
            view.copy_(torch.randn(view.shape, generator=generator))
            view.mul_(own.norm(dim=1, keepdim=True) / view.norm(dim=1, keepdim=True))
    return Directions(drawn, ("random direction", "another random direction"))


def random_instead(error: InputError) -> str:
    """Say why random directions are shown instead of those that were asked for."""
    return f"{error} Shown instead: two random directions."


def weight_names(plan: Plan) -> list[str]:
    """Return a name for each weight and bias of a dense network, in their order."""
    names, sources = [], [f"feature {name}" for name in plan.features]
    for number, layer in enumerate(plan.layers):
        is_output = number == len(plan.layers) - 1
        where = "output" if is_output else f"hidden {number + 1}, neuron"
        units = (
            ["output"]
            if is_output and layer.units == 1
            else [f"{where} {unit + 1}" for unit in range(layer.units)]
        )
        for unit in units:
            names += [f"{source} → {unit}" for source in sources]
            names.append(f"bias of {unit}")
        sources = units
    return names


def two_weights(plan: Plan, first: str | None, second: str | None) -> Directions:
    """Return the directions of two weights, by name; None for the first and the second.

    Raises
    ------
    InputError
        If the network has no such weights, or they are the same.
    """
    names = weight_names(plan)
    chosen = [_index(names, first, 0), _index(names, second, 1)]
    if chosen[0] == chosen[1]:
        raise InputError(f"Choose two different weights: both are {names[chosen[0]]!r} now.")
    vectors = torch.zeros(2, plan.size)
    vectors[[0, 1], chosen] = 1
    return Directions(vectors, (names[chosen[0]], names[chosen[1]]))


def _index(names: list[str], name: str | None, default: int) -> int:
    if name is None:
        return default
    if name not in names:
        near = get_close_matches(name, names, 1)
        hint = f" Did you mean {near[0]!r}?" if near else f" The first one is {names[0]!r}."
        raise InputError(f"The network has no weight {name!r}.{hint}")
    return names.index(name)
