"""A network as code, layer by layer."""

from __future__ import annotations

import inspect
from typing import Any

from torch import nn

from playground.errors import InputError
from playground.export.code.definitions import PACKAGE, Definitions
from playground.export.code.formatting import format_call, format_literal


def network_code(module: nn.Module, definitions: Definitions, indent: int = 0) -> str:
    """Write out how a module is made, each layer of a sequence on a line of its own.

    Parameters
    ----------
    module : nn.Module
        Layers of PyTorch or of ours, and `nn.Sequential` of such.
    definitions : Definitions
        Takes up what must be imported or quoted.
    indent : int
        Spaces before the lines after the first.

    Raises
    ------
    InputError
        If it holds a layer of another kind: that code is not ours to write.
    """
    definitions.imports.name("torch", "nn")
    if type(module) is not nn.Sequential:
        return _layer(module, definitions, indent)
    margin = " " * indent
    parts = [network_code(each, definitions, indent + 4) for each in module]
    return "nn.Sequential(\n" + "".join(f"{margin}    {part},\n" for part in parts) + f"{margin})"


def _layer(module: nn.Module, definitions: Definitions, indent: int) -> str:
    kind = type(module)
    if getattr(nn, kind.__name__, None) is kind:
        return format_call(f"nn.{kind.__name__}", _arguments(module), indent)
    if kind.__module__.partition(".")[0] == PACKAGE:
        return format_call(definitions.name(kind), _arguments(module), indent)
    raise InputError(
        f"{kind.__name__} is a layer of your own, so its code is with you. A script can be "
        f"written for networks of PyTorch's own layers, one after the other."
    )


def _arguments(module: nn.Module) -> list[str]:
    """What a layer was made with, as far as it differs from what is usual."""
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


def _value(module: nn.Module, name: str) -> Any:  # noqa: ANN401 (whatever a layer is made with)
    value = getattr(module, name, None)
    if name == "bias":  # a tensor, or none
        return value is not None
    if isinstance(value, tuple) and len(set(value)) == 1:
        return value[0]
    return value


def _implied_default(module: nn.Module, parameter: inspect.Parameter) -> Any:  # noqa: ANN401 (likewise)
    """What None stands for: a pooling moves on by as much as it sees."""
    return _value(module, "kernel_size") if parameter.name == "stride" else parameter.default
