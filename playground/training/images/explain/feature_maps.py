"""What each layer makes of a picture."""

from __future__ import annotations

import torch
from torch import Tensor, nn

from playground.problems.problem import Floats
from playground.training.images.explain.inputs_and_hooks import recorded_outputs, to_input
from playground.training.images.frame import Pixels


def feature_maps(network: nn.Module, picture: Pixels) -> list[tuple[str, Floats]]:
    """What each layer makes of a picture, in the order of its way through them.

    Returns
    -------
    list of (name, float32 array)
        The layer's name in the network, and what it gives: (k, h, w) for maps, (k, 1, 1) for
        single numbers. Layers that only reshape are left out.
    """
    found: list[tuple[str, Floats]] = []

    def record(name: str, out: Tensor) -> None:
        maps = out[0] if out.ndim == 4 else out[0].reshape(-1, 1, 1)
        found.append((name, maps.detach().numpy().copy()))

    leaves = [
        (name, part)
        for name, part in network.named_modules()
        if not list(part.children()) and not isinstance(part, nn.Flatten | nn.Dropout | nn.Identity)
    ]
    with recorded_outputs(leaves, record), torch.no_grad():
        network(to_input(picture))
    return found
