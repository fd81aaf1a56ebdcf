"""The first and the last layer with weights, and the first layer's weights as tiles."""

from __future__ import annotations

import math

import numpy as np
from torch import nn

from playground.problems.problem import Floats


def first_layer(network: nn.Module) -> nn.Linear | nn.Conv2d | None:
    """Return the first dense or convolutional layer; None if there is none."""
    return next(
        (each for each in network.modules() if isinstance(each, nn.Linear | nn.Conv2d)), None
    )


def last_layer(network: nn.Module) -> nn.Module:
    """Return the last dense or convolutional layer, or the network itself if it has none."""
    layers = [each for each in network.modules() if isinstance(each, nn.Linear | nn.Conv2d)]
    return layers[-1] if layers else network


def tiles(network: nn.Module) -> Floats:
    """Copy the weights of the first layer, one tile a unit.

    Returns
    -------
    float32 array of shape (k, h, w)
        Tiles of a dense layer have the shape of its input, those of a convolution the shape of
        its kernel (of the first input channel); k is 0 if there is no such layer.
    """
    layer = first_layer(network)
    if layer is None:
        return np.zeros((0, 1, 1), np.float32)
    weight = layer.weight.detach()
    if isinstance(layer, nn.Linear):
        side = math.isqrt(weight.shape[1])
        shape = (side, side) if side**2 == weight.shape[1] else (1, weight.shape[1])
        weight = weight.reshape(-1, *shape)
    else:
        weight = weight[:, 0]
    return np.array(weight.numpy(), np.float32)
