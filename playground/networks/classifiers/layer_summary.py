"""What a network is made of, stage by stage: what a diagram of it shows."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import torch
from torch import Tensor, nn


@dataclass(frozen=True, slots=True)
class LayerSummary:
    """One layer of a network.

    Attributes
    ----------
    name : str
        Where it is found in the network, as in `module.get_submodule(name)`.
    kind : str
        Its class, such as "Conv2d".
    shape_out : tuple of int
        Shape of what it gives for one picture, such as (32, 28, 28).
    parameters : int
        Numbers in it that are learned.
    """

    name: str
    kind: str
    shape_out: tuple[int, ...]
    parameters: int


def summarise_layers(
    module: nn.Module, shape_in: Sequence[int] = (1, 28, 28)
) -> tuple[LayerSummary, ...]:
    """List the layers of a network in the order in which a picture passes through them.

    The network, its mode and torch's random numbers are left as they are.

    Parameters
    ----------
    module : nn.Module
        Any network whose layers are called as modules; a layer used twice is listed twice.
    shape_in : sequence of int
        Shape of one input.
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
    """Send a blank picture through, without a trace in what training depends on."""
    modes = [(part, part.training) for part in module.modules()]
    module.eval()  # batch normalisation must not count the blank picture
    try:
        with torch.no_grad():
            first = next(module.parameters(), torch.empty(0))
            module(torch.zeros(1, *shape_in, device=first.device, dtype=first.dtype))
    finally:
        for part, mode in modes:
            part.training = mode
