"""Summaries of the layers of a network, from which its diagram is drawn."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import torch
from torch import Tensor, nn


@dataclass(frozen=True, slots=True)
class LayerSummary:
    """Name, kind, output shape and parameter count of one layer of a network.

    Attributes
    ----------
    name : str
        Its path in the network, as `module.get_submodule(name)` takes it.
    kind : str
        Its class, such as "Conv2d".
    shape_out : tuple of int
        Shape of its output for one picture, such as (32, 28, 28).
    parameters : int
        How many parameters it has.
    """

    name: str
    kind: str
    shape_out: tuple[int, ...]
    parameters: int


def summarise_layers(
    module: nn.Module, shape_in: Sequence[int] = (1, 28, 28)
) -> tuple[LayerSummary, ...]:
    """List the layers of a network in the order in which a picture passes through them.

    The network, its training mode and torch's random generators are left unchanged.

    Parameters
    ----------
    module : nn.Module
        Any network whose layers are called as modules; a layer used twice is listed twice.
    shape_in : sequence of int
        Shape of one input, without the batch dimension.
    """
    layers: list[LayerSummary] = []
    leaves = [(name, part) for name, part in module.named_modules() if not list(part.children())]

    def add_hook(name: str, part: nn.Module) -> Any:  # noqa: ANN401  # torch names no type
        count = sum(p.numel() for p in part.parameters())

        def record(_: nn.Module, __: tuple[Any, ...], out: Tensor) -> None:
            layers.append(LayerSummary(name, type(part).__name__, tuple(out.shape[1:]), count))

        return part.register_forward_hook(record)

    hooks = [add_hook(name, part) for name, part in leaves]
    try:
        _dry_run(module, shape_in)
    finally:
        for hook in hooks:
            hook.remove()
    return tuple(layers)


def _dry_run(module: nn.Module, shape_in: Sequence[int]) -> None:
    """Run the network on one blank picture, without changing anything that training uses."""
    modes = [(part, part.training) for part in module.modules()]
    module.eval()  # keeps batch normalisation from updating its statistics
    try:
        with torch.no_grad():
            first = next(module.parameters(), torch.empty(0))
            module(torch.zeros(1, *shape_in, device=first.device, dtype=first.dtype))
    finally:
        for part, mode in modes:
            part.training = mode
