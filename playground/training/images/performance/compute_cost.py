"""The cost of a forward pass, and the micro-batch size that follows from it."""

from __future__ import annotations

from typing import Any

import torch
from torch import Tensor, nn

from playground.errors import InputError

MULTIPLICATIONS_AT_ONCE = 300_000_000
"""Multiplications in the forward pass of a micro-batch: about 20 ms of training on two cores."""
MIN_MICRO_BATCH, MAX_MICRO_BATCH = 32, 512
"""Limits of micro-batches. With fewer pictures, batch normalisation would be too inaccurate."""


def multiplications(network: nn.Module, inputs: Tensor, classes: int) -> int:
    """Count the multiplications for one picture, and check the shape of a network's output.

    Parameters
    ----------
    network : nn.Module
        In evaluation mode. Only its dense and convolutional layers are counted.
    inputs : tensor of shape (n, 1, 28, 28)
        A few pictures to try it on.
    classes : int
        Number of outputs it must have.

    Raises
    ------
    InputError
        If the network does not take such pictures, or its output has another shape.
    """
    counts: list[int] = []

    def count(layer: nn.Module, _: Any, out: Tensor) -> None:  # noqa: ANN401 (torch names no type)
        weight = layer.weight
        assert isinstance(weight, Tensor)
        counts.append(out[0].numel() * weight[0].numel())

    layers = [each for each in network.modules() if isinstance(each, nn.Linear | nn.Conv2d)]
    hooks = [layer.register_forward_hook(count) for layer in layers]
    try:
        with torch.no_grad():
            outputs = network(inputs)
    except Exception as error:  # a network of the user may raise anything
        raise not_for_pictures(inputs, error) from error
    finally:
        for hook in hooks:
            hook.remove()
    shape = tuple(outputs.shape) if isinstance(outputs, Tensor) else type(outputs).__name__
    if shape != (len(inputs), classes):
        raise InputError(
            f"The network must answer {len(inputs)} pictures with an array of shape "
            f"{(len(inputs), classes)}, one number a class, but it gives {shape}."
        )
    return max(1, sum(counts))


def not_for_pictures(inputs: Tensor, error: Exception) -> InputError:
    """Return the error for a network that raised another one when it was given pictures."""
    return InputError(
        f"This network can't be given pictures of shape {tuple(inputs.shape)}: {error}"
    )


def micro_batch_for(multiplications: int) -> int:
    """Number of pictures in a forward and backward pass, between which the clock is checked."""
    return min(max(MULTIPLICATIONS_AT_ONCE // multiplications, MIN_MICRO_BATCH), MAX_MICRO_BATCH)
