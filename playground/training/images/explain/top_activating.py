"""The pictures that activate a unit of the first layer most."""

from __future__ import annotations

import copy

import numpy as np
import torch
from torch import Tensor, nn

from playground.deadlines import check_deadline
from playground.errors import InputError
from playground.problems.image_datasets import normalise_pictures
from playground.training.images.frame import Integers, Pixels
from playground.training.images.probes.weight_layers import first_layer

CHUNK_SIZE = 500
"""Pictures in one forward pass."""


class _StopForwardError(Exception):
    """Ends a forward pass once the output of the first layer is known."""


def top_activating_images(
    network: nn.Module, unit: int, pictures: Pixels, limit: int = 9
) -> Integers:
    """Return the pictures with the largest activations of one unit of the first layer.

    The activation of a convolution's channel is its maximum over all positions, with the bias.

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
        If there is no such unit, or the network doesn't use its first layer.
    """
    layer = first_layer(network)
    units = 0 if layer is None else len(layer.weight)
    if layer is None or not 0 <= unit < units:
        raise InputError(f"The first layer has units 0 to {units - 1}, but no unit {unit}.")
    activations: list[Tensor] = []

    def stop(_: nn.Module, _inputs: tuple[Tensor, ...], outputs: Tensor) -> None:
        of_unit = outputs[..., unit] if isinstance(layer, nn.Linear) else outputs[:, unit]
        activations.append(of_unit.reshape(len(of_unit), -1).amax(1))
        raise _StopForwardError  # the layers behind take the most time and are not needed

    probe = copy.deepcopy(network)  # the hook must not stop other users of the network
    probe_layer = first_layer(probe)
    assert probe_layer is not None
    probe_layer.register_forward_hook(stop)
    with torch.no_grad():
        for chunk in torch.from_numpy(np.asarray(pictures)).split(CHUNK_SIZE):
            check_deadline()
            try:
                probe(normalise_pictures(chunk))
            except _StopForwardError:
                continue
            raise InputError("The network computes its outputs without its first layer.")
    order: Integers = torch.cat(activations).argsort(descending=True)[:limit].numpy()
    return order
