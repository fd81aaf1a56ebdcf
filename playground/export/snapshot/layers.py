"""Networks that read pictures, as the browser works them out; see js/reader.js."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import torch
from torch import Tensor, nn

from playground.errors import InputError
from playground.networks.activations import ACTIVATIONS

Layer = dict[str, Any]
"""Its `kind`, what else is to be known, and `tensors`: arrays by name."""
Writer = Callable[[Any], Layer | None]

NOTHING = (nn.Flatten, nn.Identity, nn.Dropout, nn.Dropout2d)
"""Layers that do nothing to a picture which is only read."""
NAMES = {type(rule.module()): rule.name for rule in ACTIVATIONS.values()}


def layers(network: nn.Module, name: str) -> list[Layer]:
    """Take a network apart.

    Parameters
    ----------
    network : nn.Module
        Layers in a row, `nn.Sequential` within `nn.Sequential` at will: `Flatten`, `Linear`,
        `Conv2d`, `MaxPool2d`, `AvgPool2d`, `BatchNorm1d` and `BatchNorm2d`, `Dropout`, and all
        of `ACTIVATIONS` as PyTorch has them by default.
    name : str
        What people call it.

    Raises
    ------
    InputError
        If the browser can't work out one of its layers; the message says which.
    """
    return list(_written(network, name, ""))


def _written(network: nn.Module, name: str, place: str) -> Iterator[Layer]:
    if isinstance(network, nn.Sequential):
        for number, part in network.named_children():
            yield from _written(part, name, f"{place}.{number}" if place else number)
    elif not isinstance(network, NOTHING):
        yield _layer(network, f"Layer {place or 0} of “{name}”")


def _layer(part: nn.Module, place: str) -> Layer:
    if type(part) in NAMES:
        usual = type(part)()
        if repr(part).replace("inplace=True", "") == repr(usual):
            return {"kind": "activation", "name": NAMES[type(part)]}
    for kind, write in WRITERS.items():
        if isinstance(part, kind) and (written := write(part)) is not None:
            return written
    raise InputError(
        f"{place} is {part!r}, which a snapshot can't work out in the browser. It knows dense "
        "layers, plain convolutions, pooling, batch normalisation and the activations offered "
        "here, one after another in nn.Sequential."
    )


def _pair(value: Any) -> list[int]:  # noqa: ANN401 (int, str or tuple)
    return [value, value] if isinstance(value, int) else list(value)


def _window(part: Any) -> Layer:  # noqa: ANN401 (a convolution or a pooling)
    stride = part.kernel_size if part.stride is None else part.stride
    return {
        "window": _pair(part.kernel_size),
        "stride": _pair(stride),
        "padding": _pair(part.padding),
    }


def _linear(part: nn.Linear) -> Layer:
    return {"kind": "linear", "tensors": _weighted(part, part.out_features)}


def _convolution(part: nn.Conv2d) -> Layer | None:
    plain = part.groups == 1 and _pair(part.dilation) == [1, 1] and part.padding_mode == "zeros"
    if not plain or isinstance(part.padding, str):
        return None
    return {"kind": "convolution", **_window(part), "tensors": _weighted(part, part.out_channels)}


def _weighted(part: nn.Linear | nn.Conv2d, units: int) -> dict[str, Tensor]:
    bias = torch.zeros(units) if part.bias is None else part.bias.detach()
    return {"weight": part.weight.detach(), "bias": bias}


def _maximum(part: nn.MaxPool2d) -> Layer | None:
    if part.ceil_mode or part.return_indices or _pair(part.dilation) != [1, 1]:
        return None
    return {"kind": "maximum", **_window(part)}


def _average(part: nn.AvgPool2d) -> Layer | None:
    if part.ceil_mode or not part.count_include_pad or part.divisor_override:
        return None
    return {"kind": "average", **_window(part)}


def _normalised(part: nn.BatchNorm1d | nn.BatchNorm2d) -> Layer | None:
    """Write what it does once it has learned: a factor and a constant for each channel."""
    if part.running_mean is None or part.running_var is None:
        return None
    scale = (part.running_var.double() + part.eps).rsqrt()
    scale = scale if part.weight is None else scale * part.weight.detach().double()
    shift = -part.running_mean.double() * scale
    shift = shift if part.bias is None else shift + part.bias.detach().double()
    return {"kind": "affine", "tensors": {"scale": scale.float(), "shift": shift.float()}}


WRITERS: dict[type[nn.Module], Writer] = {
    nn.Linear: _linear,
    nn.Conv2d: _convolution,
    nn.MaxPool2d: _maximum,
    nn.AvgPool2d: _average,
    nn.BatchNorm1d: _normalised,
    nn.BatchNorm2d: _normalised,
}


def tensors(written: list[Layer]) -> list[Tensor]:
    """All tensors of a network in the order in which they are written."""
    return [each for layer in written for each in layer.get("tensors", {}).values()]
