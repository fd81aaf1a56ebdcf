"""A network as code, layer by layer."""

from __future__ import annotations

import inspect
from typing import Any

from torch import nn

from playground.errors import InputError
from playground.export.code.definitions import Definitions
from playground.export.code.formatting import format_call, format_literal
from playground.networks.dense.activations import ACTIVATIONS
from playground.torch_internals.modules import named_parts

_OF_WINDOWS = ("kernel_size", "stride", "padding", "dilation", "output_padding", "output_size")
"""Arguments of which one number stands for the same in each direction."""


def network_code(module: nn.Module, definitions: Definitions, indent: int = 0) -> str:
    """Write the construction of a module, each layer of a sequence on a line of its own.

    Parameters
    ----------
    module : nn.Module
        Layers of PyTorch, modules of registered activations, and `nn.Sequential` of such.
    definitions : Definitions
        Collects what must be imported or quoted.
    indent : int
        Spaces before the lines after the first.

    Raises
    ------
    InputError
        If it contains another layer.
    """
    definitions.imports.name("torch", "nn")
    if type(module) is not nn.Sequential:
        return _layer(module, definitions, indent)
    margin, parts = " " * indent, named_parts(module)
    if [name for name, _part in parts] != [*map(str, range(len(parts)))]:
        return _named_sequence(parts, definitions, indent)
    codes = [network_code(each, definitions, indent + 4) for _name, each in parts]
    return "nn.Sequential(\n" + "".join(f"{margin}    {code},\n" for code in codes) + f"{margin})"


def _named_sequence(
    parts: list[tuple[str, nn.Module]], definitions: Definitions, indent: int
) -> str:
    """Write a sequence whose layers have names of their own, by which `state_dict` knows them."""
    definitions.imports.name("collections", "OrderedDict")
    margin, inner = " " * indent, indent + 12
    entries = [
        f"{format_literal(name)}: {network_code(each, definitions, inner)}" for name, each in parts
    ]
    return (
        f"nn.Sequential(\n{margin}    OrderedDict(\n{margin}        {{\n"
        + "".join(f"{' ' * inner}{entry},\n" for entry in entries)
        + f"{margin}        }}\n{margin}    )\n{margin})"
    )


def _layer(module: nn.Module, definitions: Definitions, indent: int) -> str:
    kind = type(module)
    if getattr(nn, kind.__name__, None) is kind:
        return format_call(f"nn.{kind.__name__}", _arguments(module), indent)
    if any(kind is rule.module for rule in ACTIVATIONS.values()):
        return format_call(definitions.name(kind), _arguments(module), indent)
    raise InputError(
        f"{kind.__name__} is a layer of your own, so its code is with you. A script can be "
        f"written for networks of PyTorch's own layers, one after the other."
    )


def _arguments(module: nn.Module) -> list[str]:
    """Arguments of the constructor, as far as they differ from the defaults."""
    rendered = []
    for place, parameter in enumerate(inspect.signature(type(module)).parameters.values()):
        if parameter.kind in (parameter.VAR_POSITIONAL, parameter.VAR_KEYWORD):
            continue
        value = _value(module, parameter.name)
        if parameter.default is parameter.empty:
            rendered.append(format_literal(value))
        elif value not in (parameter.default, _implied_default(module, parameter)):
            text = format_literal(value)
            rendered.append(text if place == 0 else f"{parameter.name}={text}")
    return rendered


def _value(module: nn.Module, name: str) -> Any:  # noqa: ANN401 (any argument of a layer)
    value = getattr(module, name, None)
    if name == "bias":  # a tensor, or none
        return value is not None
    if isinstance(value, tuple) and name in _OF_WINDOWS and len(set(value)) == 1:
        return value[0]
    return value


def _implied_default(module: nn.Module, parameter: inspect.Parameter) -> Any:  # noqa: ANN401 (likewise)
    """The value that None stands for: the stride of a pooling is its window."""
    return _value(module, "kernel_size") if parameter.name == "stride" else parameter.default
