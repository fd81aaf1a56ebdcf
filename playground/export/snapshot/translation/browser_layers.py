"""Image classifiers as lists of layers that the browser can evaluate; see js/classifier.js."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from copy import deepcopy
from typing import Any

import torch
from torch import Tensor, nn

from playground.errors import InputError
from playground.networks.dense.activations import ACTIVATIONS

LayerSpec = dict[str, Any]
"""The `kind` of a layer, its options, and its `tensors` by name."""
Converter = Callable[[Any], LayerSpec | None]
"""Converts a layer; None stands for one without an effect in evaluation mode."""

UNSUPPORTED: LayerSpec = {}
"""What a converter returns for options that the browser doesn't know."""
FLAT_INPUT = (nn.Linear, nn.BatchNorm1d)
"""Layers that PyTorch would apply along other axes too, but the browser would not."""
CHECKED_PICTURES = 4
TOLERANCE = 1e-4
"""Largest relative difference of outputs, by rounding."""


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
    specs = (_layer(module, path) for path, module in _layers_with_paths(network, name, ""))
    return [spec for spec in specs if spec is not None]


@torch.no_grad()
def check_computation(network: nn.Module, name: str) -> None:
    """Check that a network computes what its layers compute one after another.

    Subclasses with a `forward` of their own, hooks and random numbers make a difference, which
    `browser_layers` can't see.

    Parameters
    ----------
    network : nn.Module
        From pictures (n, 1, 28, 28) to logits. It is compared in evaluation mode.
    name : str
        The name of the network, for errors.

    Raises
    ------
    InputError
        If the outputs differ for random pictures, or the browser can't evaluate a layer.
    """
    network = deepcopy(network).eval()
    generator = torch.Generator().manual_seed(0)
    pictures = outputs = torch.rand(CHECKED_PICTURES, 1, 28, 28, generator=generator) * 2 - 1
    for path, module in _layers_with_paths(network, name, ""):
        kind = _known_kind(module, path)
        if kind in FLAT_INPUT and outputs.dim() != 2:
            raise InputError(
                f"{path} is {module!r}, and its input has the shape {tuple(outputs.shape[1:])}. "
                "In a snapshot such a layer can follow nn.Flatten or another one of its kind."
            )
        outputs = kind.forward(module, outputs)
    wanted = network(pictures)
    tolerance = TOLERANCE * float(wanted.abs().max().clamp(min=1))
    if outputs.shape != wanted.shape or not torch.allclose(outputs, wanted, TOLERANCE, tolerance):
        raise InputError(
            f"“{name}” computes something else than its layers one after another, such as a "
            "forward of its own, a hook or random numbers, which a snapshot can't compute in the "
            "browser."
        )


def _layers_with_paths(network: nn.Module, name: str, path: str) -> Iterator[tuple[str, nn.Module]]:
    """Yield each layer in order, with what an error calls it."""
    if isinstance(network, nn.Sequential):
        for number, module in network.named_children():
            yield from _layers_with_paths(module, name, f"{path}.{number}" if path else number)
    else:
        yield f"Layer {path or 0} of “{name}”", network


def _known_kind(module: nn.Module, path: str) -> type[nn.Module]:
    """Return the class of PyTorch, or of an activation, that a layer is an instance of."""
    for kind in (*_activation_types(), *CONVERTERS):
        if isinstance(module, kind):
            return kind
    raise _unknown(module, path)


def _layer(module: nn.Module, path: str) -> LayerSpec | None:
    """Convert one layer; None if it has no effect in evaluation mode."""
    if isinstance(module, _activation_types()):
        return {"kind": "activation", "name": repr(module)}
    spec = CONVERTERS[_known_kind(module, path)](module)
    if spec is UNSUPPORTED:
        raise _unknown(module, path)
    return spec


def _unknown(module: nn.Module, path: str) -> InputError:
    return InputError(
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


def _convolution(module: nn.Conv2d) -> LayerSpec:
    plain = (
        module.groups == 1 and _pair(module.dilation) == [1, 1] and module.padding_mode == "zeros"
    )
    if not plain or isinstance(module.padding, str):
        return UNSUPPORTED
    return {
        "kind": "convolution",
        **_window(module),
        "tensors": _weight_and_bias(module, module.out_channels),
    }


def _weight_and_bias(module: nn.Linear | nn.Conv2d, units: int) -> dict[str, Tensor]:
    bias = torch.zeros(units) if module.bias is None else module.bias.detach()
    return {"weight": module.weight.detach(), "bias": bias}


def _max_pool(module: nn.MaxPool2d) -> LayerSpec:
    if module.ceil_mode or module.return_indices or _pair(module.dilation) != [1, 1]:
        return UNSUPPORTED
    return {"kind": "maximum", **_window(module)}


def _avg_pool(module: nn.AvgPool2d) -> LayerSpec:
    if module.ceil_mode or not module.count_include_pad or module.divisor_override:
        return UNSUPPORTED
    return {"kind": "average", **_window(module)}


def _batch_norm(module: nn.BatchNorm1d | nn.BatchNorm2d) -> LayerSpec:
    """Convert to a factor and a constant for each channel, as in evaluation mode."""
    if module.running_mean is None or module.running_var is None:
        return UNSUPPORTED
    scale = (module.running_var.double() + module.eps).rsqrt()
    scale = scale if module.weight is None else scale * module.weight.detach().double()
    shift = -module.running_mean.double() * scale
    shift = shift if module.bias is None else shift + module.bias.detach().double()
    return {"kind": "affine", "tensors": {"scale": scale.float(), "shift": shift.float()}}


def _flatten(module: nn.Flatten) -> LayerSpec | None:
    """Leave out what flattens all of a picture: the browser's values are flat anyway."""
    return None if (module.start_dim, module.end_dim) == (1, -1) else UNSUPPORTED


def _without_effect(_module: nn.Module) -> None:
    """Leave out a layer without an effect in evaluation mode."""


CONVERTERS: dict[type[nn.Module], Converter] = {
    nn.Linear: _linear,
    nn.Conv2d: _convolution,
    nn.MaxPool2d: _max_pool,
    nn.AvgPool2d: _avg_pool,
    nn.BatchNorm1d: _batch_norm,
    nn.BatchNorm2d: _batch_norm,
    nn.Flatten: _flatten,
    nn.Identity: _without_effect,
    nn.Dropout: _without_effect,
    nn.Dropout2d: _without_effect,
}


def all_tensors(spec: list[LayerSpec]) -> list[Tensor]:
    """List all tensors of a network in the order in which they are encoded."""
    return [tensor for layer in spec for tensor in layer.get("tensors", {}).values()]
