"""Which pictures a unit of the first layer looks for."""

from __future__ import annotations

import copy
from contextlib import suppress

import numpy as np
import torch
from torch import Tensor, nn
from torch.nn import functional

from playground.errors import InputError
from playground.problems.image_datasets import normalise_pictures
from playground.training.images.frame import Integers, Pixels
from playground.training.images.probes.first_layer import first_layer

CHUNK_SIZE = 500
"""Pictures that are looked at in one go."""


class _StopForwardError(Exception):
    """What the first layer is given is known."""


def top_activating_images(
    network: nn.Module, unit: int, pictures: Pixels, limit: int = 9
) -> Integers:
    """Find the pictures that excite a unit of the first layer most, anywhere in the picture.

    Parameters
    ----------
    unit : int
        Number of the unit.
    pictures : uint8 array of shape (n, 28, 28)
    limit : int
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
    if layer is None or not 0 <= unit < units:
        raise InputError(f"The first layer has units 0 to {units - 1}, but no unit {unit}.")
    seen: list[Tensor] = []
    activations: list[Tensor] = []

    def stop(_: nn.Module, inputs: tuple[Tensor, ...]) -> None:
        seen.append(inputs[0])
        raise _StopForwardError  # the layers behind take the most time and are not asked

    probe = copy.deepcopy(network)  # not to stop anybody else's question
    before = first_layer(probe)
    assert before is not None
    before.register_forward_pre_hook(stop)
    with torch.no_grad():
        for chunk in torch.from_numpy(np.asarray(pictures)).split(CHUNK_SIZE):
            with suppress(_StopForwardError):
                probe(normalise_pictures(chunk))
            activations.append(_activation(layer, unit, seen.pop()))
    order: Integers = torch.cat(activations).argsort(descending=True)[:limit].numpy()
    return order


def _activation(layer: nn.Linear | nn.Conv2d, unit: int, inputs: Tensor) -> Tensor:
    """How much inputs (n, ...) excite one unit, shape (n,), but for its bias."""
    weight = layer.weight[unit : unit + 1]
    if isinstance(layer, nn.Linear):
        return functional.linear(inputs, weight)[:, 0]
    found = functional.conv2d(inputs, weight, None, layer.stride, layer.padding, layer.dilation)
    return found.flatten(1).amax(1)
