"""The weights of the first layer as small pictures."""

from __future__ import annotations

import math

import numpy as np
from torch import nn

from playground.problems.problem import Floats


def first_layer(network: nn.Module) -> nn.Linear | nn.Conv2d | None:
    """Find the first layer that looks at the picture through weights, dense or convolutional."""
    return next(
        (each for each in network.modules() if isinstance(each, nn.Linear | nn.Conv2d)), None
    )


def tiles(network: nn.Module) -> Floats:
    """Copy out the first layer's weights, one tile a unit.

    Returns
    -------
    float32 array of shape (k, h, w)
        A dense layer's tiles are as large as the picture, a convolution's as its window; none
        where there is no such layer.
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
