"""Which pictures a unit of the first layer looks for."""

from __future__ import annotations

import copy
from contextlib import suppress

import numpy as np
import torch
from torch import Tensor, nn
from torch.nn import functional

from playground.errors import InputError
from playground.problems.corpora import normalised
from playground.training.digits.frame import Numbers, Pixels
from playground.training.digits.tiles import first_layer

AT_ONCE = 500
"""Pictures that are looked at in one go."""


class _EnoughError(Exception):
    """What the first layer is given is known."""


def exciting(network: nn.Module, tile: int, pictures: Pixels, most: int = 9) -> Numbers:
    """Find the pictures that excite a unit of the first layer most, anywhere in the picture.

    Parameters
    ----------
    tile : int
        Number of the unit.
    pictures : uint8 array of shape (n, 28, 28)
    most : int
        How many to find at most.

    Returns
    -------
    int64 array of shape (min(most, n),)
        Their numbers, the most exciting first.

    Raises
    ------
    InputError
        If there is no such unit.
    """
    layer = first_layer(network)
    units = 0 if layer is None else len(layer.weight)
    if layer is None or not 0 <= tile < units:
        raise InputError(f"The first layer has units 0 to {units - 1}, but no unit {tile}.")
    seen: list[Tensor] = []
    heights: list[Tensor] = []

    def stop(_: nn.Module, inputs: tuple[Tensor, ...]) -> None:
        seen.append(inputs[0])
        raise _EnoughError  # the layers behind take the most time and are not asked

    probe = copy.deepcopy(network)  # not to stop anybody else's question
    before = first_layer(probe)
    assert before is not None
    before.register_forward_pre_hook(stop)
    with torch.no_grad():
        for some in torch.from_numpy(np.asarray(pictures)).split(AT_ONCE):
            with suppress(_EnoughError):
                probe(normalised(some))
            heights.append(_height(layer, tile, seen.pop()))
    order: Numbers = torch.cat(heights).argsort(descending=True)[:most].numpy()
    return order


def _height(layer: nn.Linear | nn.Conv2d, tile: int, inputs: Tensor) -> Tensor:
    """How much inputs (n, ...) excite one unit, shape (n,), but for its bias."""
    weight = layer.weight[tile : tile + 1]
    if isinstance(layer, nn.Linear):
        return functional.linear(inputs, weight)[:, 0]
    found = functional.conv2d(inputs, weight, None, layer.stride, layer.padding, layer.dilation)
    return found.flatten(1).amax(1)
