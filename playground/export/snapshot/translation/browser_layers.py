"""Image classifiers as lists of layers that the browser can evaluate; see js/classifier.js."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import Any

import torch
from torch import Tensor, nn

from playground.errors import InputError
from playground.networks.dense.activations import ACTIVATIONS

LayerSpec = dict[str, Any]
"""The `kind` of a layer, its options, and its `tensors` by name."""
Converter = Callable[[Any], LayerSpec | None]

IDENTITY_LAYERS = (nn.Flatten, nn.Identity, nn.Dropout, nn.Dropout2d)
"""Layers without an effect in evaluation mode."""


def browser_layers(network: nn.Module, name: str) -> list[LayerSpec]:
    """List the layers of a network.

    Parameters
    ----------
    network : nn.Module
        Layers in a row, `nn.Sequential` within `nn.Sequential` at will: `Flatten`, `Linear`,
        `Conv2d`, `MaxPool2d`, `AvgPool2d`, `BatchNorm1d` and `BatchNorm2d`, `Dropout`, and the
        modules of all `ACTIVATIONS`.
    name : str
        The name of the network, for errors.

    Raises
    ------
    InputError
        If the browser can't evaluate one of its layers; the message names it.
    """
    return list(_flatten(network, name, ""))


def _flatten(network: nn.Module, name: str, path: str) -> Iterator[LayerSpec]:
    if isinstance(network, nn.Sequential):
        for number, module in network.named_children():
            yield from _flatten(module, name, f"{path}.{number}" if path else number)
    elif not isinstance(network, IDENTITY_LAYERS):
        yield _layer(network, f"Layer {path or 0} of “{name}”")


def _layer(module: nn.Module, path: str) -> LayerSpec:
    if isinstance(module, _activation_types()):
        return {"kind": "activation", "name": repr(module)}
    for kind, convert in CONVERTERS.items():
        if isinstance(module, kind) and (spec := convert(module)) is not None:
            return spec
    raise InputError(
        f"{path} is {module!r}, which a snapshot can't compute in the browser. It knows dense "
        "layers, plain convolutions, pooling, batch normalisation and the activations offered "
        "here, one after another in nn.Sequential."
    )


def activation_modules(networks: Iterable[nn.Module]) -> dict[str, nn.Module]:
    """Activations of networks, by the names that `browser_layers` gives them."""
    return {
        repr(module): module
        for network in networks
        for module in network.modules()
        if isinstance(module, _activation_types())
    }


def _activation_types() -> tuple[type[nn.Module], ...]:
    return tuple(rule.module for rule in ACTIVATIONS.values() if rule.module is not nn.Identity)


def _pair(value: Any) -> list[int]:  # noqa: ANN401 (int, str or tuple)
    return [value, value] if isinstance(value, int) else list(value)


def _window(module: Any) -> LayerSpec:  # noqa: ANN401 (a convolution or a pooling)
    stride = module.kernel_size if module.stride is None else module.stride
    return {
        "window": _pair(module.kernel_size),
        "stride": _pair(stride),
        "padding": _pair(module.padding),
    }


def _linear(module: nn.Linear) -> LayerSpec:
    return {"kind": "linear", "tensors": _weight_and_bias(module, module.out_features)}


def _convolution(module: nn.Conv2d) -> LayerSpec | None:
    plain = (
        module.groups == 1 and _pair(module.dilation) == [1, 1] and module.padding_mode == "zeros"
    )
    if not plain or isinstance(module.padding, str):
        return None
    return {
        "kind": "convolution",
        **_window(module),
        "tensors": _weight_and_bias(module, module.out_channels),
    }


def _weight_and_bias(module: nn.Linear | nn.Conv2d, units: int) -> dict[str, Tensor]:
    bias = torch.zeros(units) if module.bias is None else module.bias.detach()
    return {"weight": module.weight.detach(), "bias": bias}


def _max_pool(module: nn.MaxPool2d) -> LayerSpec | None:
    if module.ceil_mode or module.return_indices or _pair(module.dilation) != [1, 1]:
        return None
    return {"kind": "maximum", **_window(module)}


def _avg_pool(module: nn.AvgPool2d) -> LayerSpec | None:
    if module.ceil_mode or not module.count_include_pad or module.divisor_override:
        return None
    return {"kind": "average", **_window(module)}


def _batch_norm(module: nn.BatchNorm1d | nn.BatchNorm2d) -> LayerSpec | None:
    """Convert to a factor and a constant for each channel, as in evaluation mode."""
    if module.running_mean is None or module.running_var is None:
        return None
    scale = (module.running_var.double() + module.eps).rsqrt()
    scale = scale if module.weight is None else scale * module.weight.detach().double()
    shift = -module.running_mean.double() * scale
    shift = shift if module.bias is None else shift + module.bias.detach().double()
    return {"kind": "affine", "tensors": {"scale": scale.float(), "shift": shift.float()}}


CONVERTERS: dict[type[nn.Module], Converter] = {
    nn.Linear: _linear,
    nn.Conv2d: _convolution,
    nn.MaxPool2d: _max_pool,
    nn.AvgPool2d: _avg_pool,
    nn.BatchNorm1d: _batch_norm,
    nn.BatchNorm2d: _batch_norm,
}


def all_tensors(spec: list[LayerSpec]) -> list[Tensor]:
    """List all tensors of a network in the order in which they are encoded."""
    return [tensor for layer in spec for tensor in layer.get("tensors", {}).values()]
