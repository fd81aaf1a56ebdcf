"""Feature maps: the output of each layer for one picture."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from threading import get_ident

import torch
from torch import Tensor, nn

from playground.problems.problem import Floats
from playground.training.images.explain.network_input import to_input
from playground.training.images.frame import Pixels


def feature_maps(network: nn.Module, picture: Pixels) -> list[tuple[str, Floats]]:
    """Compute the output of each layer for a picture, in the order of the layers.

    Parameters
    ----------
    network : nn.Module
        In evaluation mode, from (n, 1, 28, 28) to logits.
    picture : uint8 array of shape (28, 28)

    Returns
    -------
    list of (name, float32 array)
        The layer's name in the network and its output, of shape (k, h, w) for maps and (k, 1, 1)
        for single numbers. Layers that only reshape, and dropout, are left out.

    Raises
    ------
    InputError
        If the picture has another shape or type.
    """
    outputs: list[tuple[str, Floats]] = []

    def record(name: str, out: Tensor) -> None:
        maps = out[0] if out.ndim == 4 else out[0].reshape(-1, 1, 1)
        outputs.append((name, maps.detach().numpy().copy()))

    leaves = [
        (name, part)
        for name, part in network.named_modules()
        if not list(part.children()) and not isinstance(part, nn.Flatten | nn.Dropout | nn.Identity)
    ]
    with recorded_outputs(leaves, record), torch.no_grad():
        network(to_input(picture))
    return outputs


@contextmanager
def recorded_outputs(
    layers: Sequence[tuple[str, nn.Module]], on_output: Callable[[str, Tensor], None]
) -> Iterator[None]:
    """Call a function with the outputs that layers compute in this thread.

    Other threads may be using the network meanwhile; their outputs are ignored.

    Parameters
    ----------
    layers : sequence of (name, layer)
    on_output : callable
        Called with the name of a layer and its output.
    """
    this_thread = get_ident()

    def make_hook(name: str) -> Callable[[nn.Module, object, Tensor], None]:
        def hook(_: nn.Module, __: object, out: Tensor) -> None:
            if get_ident() == this_thread:
                on_output(name, out)

        return hook

    hooks = [layer.register_forward_hook(make_hook(name)) for name, layer in layers]
    try:
        yield
    finally:
        for each in hooks:
            each.remove()
