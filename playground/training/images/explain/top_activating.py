"""The pictures that activate a unit of the first layer most."""

from __future__ import annotations

import copy
from contextlib import suppress

import numpy as np
import torch
from torch import Tensor, nn
from torch.nn import functional

from playground.deadlines import check_deadline
from playground.errors import InputError
from playground.problems.image_datasets import normalise_pictures
from playground.training.images.frame import Integers, Pixels
from playground.training.images.probes.weight_layers import first_layer

CHUNK_SIZE = 500
"""Pictures in one forward pass."""


class _StopForwardError(Exception):
    """Ends a forward pass once the input of the first layer is known."""


def top_activating_images(
    network: nn.Module, unit: int, pictures: Pixels, limit: int = 9
) -> Integers:
    """Return the pictures with the largest activations of one unit of the first layer.

    The activation of a convolution's channel is its maximum over all positions.

    Parameters
    ----------
    network : nn.Module
        In evaluation mode, from (n, 1, 28, 28) to logits.
    unit : int
        Index of the unit, or of the channel of a convolution.
    pictures : uint8 array of shape (n, 28, 28)
    limit : int
        Maximum number of pictures to return.

    Returns
    -------
    int64 array of shape (min(limit, n),)
        Their indices in `pictures`, in order of decreasing activation.

    Raises
    ------
    InputError
        If there is no such unit.
    """
    layer = first_layer(network)
    units = 0 if layer is None else len(layer.weight)
    if layer is None or not 0 <= unit < units:
        raise InputError(f"The first layer has units 0 to {units - 1}, but no unit {unit}.")
    layer_inputs: list[Tensor] = []
    activations: list[Tensor] = []

    def stop(_: nn.Module, inputs: tuple[Tensor, ...]) -> None:
        layer_inputs.append(inputs[0])
        raise _StopForwardError  # the layers behind take the most time and are not needed

    probe = copy.deepcopy(network)  # the hook must not stop other users of the network
    probe_layer = first_layer(probe)
    assert probe_layer is not None
    probe_layer.register_forward_pre_hook(stop)
    with torch.no_grad():
        for chunk in torch.from_numpy(np.asarray(pictures)).split(CHUNK_SIZE):
            check_deadline()
            with suppress(_StopForwardError):
                probe(normalise_pictures(chunk))
            activations.append(_activation(layer, unit, layer_inputs.pop()))
    order: Integers = torch.cat(activations).argsort(descending=True)[:limit].numpy()
    return order


def _activation(layer: nn.Linear | nn.Conv2d, unit: int, inputs: Tensor) -> Tensor:
    """Pre-activation of one unit without its bias, shape (n,), for inputs of shape (n, ...)."""
    weight = layer.weight[unit : unit + 1]
    if isinstance(layer, nn.Linear):
        return functional.linear(inputs, weight)[:, 0]
    maps = functional.conv2d(inputs, weight, None, layer.stride, layer.padding, layer.dilation)
    return maps.flatten(1).amax(1)
