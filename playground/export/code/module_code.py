"""A module of the user as code: its layers, its first weights, and a check of both."""

from __future__ import annotations

from typing import Any

import torch
from torch import Tensor, nn

from playground.errors import InputError
from playground.export.code.definitions import Definitions
from playground.export.code.network_code import network_code
from playground.export.exportable_model import copy_module
from playground.networks.dense.activations import ACTIVATIONS
from playground.networks.dense.module_plan import LogOdds
from playground.torch_internals.modules import (
    BATCH_NORM_LAYERS,
    DROPOUT_LAYERS,
    INSTANCE_NORM_LAYERS,
)

MAX_LISTED_WEIGHTS = 5_000
"""More first weights are left out of a script, which says so."""

_MODE_DEPENDENT = (*DROPOUT_LAYERS, *BATCH_NORM_LAYERS, *INSTANCE_NORM_LAYERS, nn.RReLU)
_TOLERANCE = 1e-5


def depends_on_mode(module: nn.Module) -> bool:
    """Return whether a module computes something else in training than in evaluation."""
    return any(isinstance(each, _MODE_DEPENDENT) for each in module.modules())


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
        If it has a layer that can't be written, or computes something else than its layers do,
        as with hooks.
    """
    if type(module) is LogOdds:
        inner = network_code(module.module, definitions, 4)
        code = f"{definitions.name(LogOdds)}(\n    {inner}\n)"
    else:
        code = network_code(module, definitions)
    known = {rule.module.__name__: rule.module for rule in ACTIVATIONS.values()}
    names: dict[str, Any] = {**known, "nn": nn, "LogOdds": LogOdds}
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


def normalises_by_batch(module: nn.Module) -> bool:
    """Return whether a module needs two samples in each batch."""
    return any(isinstance(each, BATCH_NORM_LAYERS) for each in module.modules())


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
