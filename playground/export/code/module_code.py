"""A module of the user as code: its layers, its first weights, and a check of both."""

from __future__ import annotations

from collections import OrderedDict
from typing import Any

import torch
from torch import Tensor, nn

from playground.errors import InputError
from playground.export.code.definitions import Definitions
from playground.export.code.formatting import format_literal
from playground.export.code.network_code import network_code
from playground.export.exportable_model import copy_module
from playground.networks.dense.activations import ACTIVATIONS
from playground.networks.dense.module_plan import LogOdds
from playground.torch_internals.modules import (
    BATCH_NORM_LAYERS,
    DROPOUT_LAYERS,
    INSTANCE_NORM_LAYERS,
    changes_gradients,
)

MAX_LISTED_WEIGHTS = 5_000
"""More first weights are left out of a script, which says so."""

DRAWS_REMARK = "What layers draw at random, as dropout does, differs from the page: so do results."

_RANDOM_LAYERS = (*DROPOUT_LAYERS, nn.RReLU)
_NORMALISING_LAYERS = (*BATCH_NORM_LAYERS, *INSTANCE_NORM_LAYERS)
_MODE_DEPENDENT = (*_RANDOM_LAYERS, *_NORMALISING_LAYERS)
_TOLERANCE = 1e-5


def depends_on_mode(module: nn.Module) -> bool:
    """Return whether a module computes something else in training than in evaluation."""
    return any(isinstance(each, _MODE_DEPENDENT) for each in module.modules())


def draws_at_random(module: nn.Module) -> bool:
    """Return whether layers of a module draw random numbers while it learns."""
    return any(
        isinstance(each, _RANDOM_LAYERS) and each.training and getattr(each, "p", 1)
        for each in module.modules()
    )


def learning_code(module: nn.Module) -> dict[str, object]:
    """Return what a template needs to know of how a module learns.

    The names are as literals: of parameters that are not trained, and of the layers that stay in
    evaluation mode, where that makes a difference.
    """
    return {
        "modes": depends_on_mode(module),
        "untrained": [
            format_literal(name)
            for name, each in module.named_parameters()
            if not each.requires_grad
        ],
        "evaluating": [
            format_literal(name)
            for name, each in module.named_modules()
            if isinstance(each, _MODE_DEPENDENT) and not each.training
        ],
    }


def checked_network_code(module: nn.Module, definitions: Definitions, rows: Tensor) -> str:
    """Write the construction of a module of the user, after trying it.

    Parameters
    ----------
    module : nn.Module
    definitions : Definitions
    rows : Tensor of shape (n, features)
        With which the module and what the code makes are compared.

    Raises
    ------
    InputError
        If it has a layer that can't be written, computes something else than its layers do, as
        with hooks, or its layers share parameters.
    """
    if type(module) is LogOdds:
        inner = network_code(module.module, definitions, 4)
        code = f"{definitions.name(LogOdds)}(\n    {inner}\n)"
    else:
        code = network_code(module, definitions)
    known = {rule.module.__name__: rule.module for rule in ACTIVATIONS.values()}
    names: dict[str, Any] = {**known, "nn": nn, "LogOdds": LogOdds, "OrderedDict": OrderedDict}
    if changes_gradients(module):
        raise _not_its_layers_error()
    if _shares_tensors(module):
        raise InputError(
            "Layers of the module share parameters, which a script of layers in a row can't say; "
            "its code is with you."
        )
    original = copy_module(module)
    try:
        with torch.inference_mode(False), torch.random.fork_rng(devices=[]):
            # The text is made of names of layers and of literals only.
            rebuilt: nn.Module = eval(code, names)
            rebuilt.load_state_dict(original.state_dict())
            same = all(
                _same_outputs(original.train(training), rebuilt.train(training), rows)
                for training in (False, True)
            )
    except Exception as error:  # a module of the user may do anything
        raise _not_its_layers_error() from error
    if not same:
        raise _not_its_layers_error()
    return code


def listed_weights(weights: list[Tensor]) -> str:
    """Write weights one line a row, each number with as few digits as it needs."""
    return "\n".join(
        " ".join(row.detach().numpy().astype(str))
        for each in weights
        for row in each.reshape(len(each) if each.ndim > 1 else 1, -1)
    )


def listed_buffers(module: nn.Module, buffers: list[Tensor]) -> str:
    """Write the first buffers of a module, one a line; nothing if they are those of new layers."""
    fresh = copy_module(module)
    for each in fresh.modules():
        if isinstance(each, _NORMALISING_LAYERS):
            each.reset_running_stats()
    if all(torch.equal(*pair) for pair in zip(fresh.buffers(), buffers, strict=True)):
        return ""
    return "\n".join(" ".join(each.flatten().numpy().astype(str)) for each in buffers)


def normalises_by_batch(module: nn.Module) -> bool:
    """Return whether a module needs two samples in each batch."""
    return any(isinstance(each, BATCH_NORM_LAYERS) for each in module.modules())


def _shares_tensors(module: nn.Module) -> bool:
    tensors = [
        id(each)
        for named in (module.named_parameters, module.named_buffers)
        for _name, each in named(remove_duplicate=False)
    ]
    return len(tensors) > len({*tensors})


def _same_outputs(original: nn.Module, rebuilt: nn.Module, rows: Tensor) -> bool:
    with torch.no_grad():
        torch.manual_seed(0)
        expected = original(rows.clone())
        torch.manual_seed(0)
        outputs = rebuilt(rows.clone())
    return torch.allclose(expected, outputs, rtol=_TOLERANCE, atol=_TOLERANCE)


def _not_its_layers_error() -> InputError:
    return InputError(
        "The module computes something else than its layers in a row do (by hooks, "
        "parametrizations or settings of its own), so no script can be written for it; its code "
        "is with you."
    )
