"""Checks of a module of the user, and the choice of the class that wraps it."""

from __future__ import annotations

import torch
from torch import Tensor, nn

from playground.errors import InputError
from playground.networks.architecture import Architecture
from playground.networks.dense.module_plan import LogOdds, ModulePlan, eval_mode
from playground.networks.user_module.dense_module import read_dense
from playground.networks.user_module.wrapped_module import (
    WrappedDense,
    WrappedModule,
    WrappedOpaque,
)

FINAL_ACTIVATIONS = (nn.Softmax, nn.LogSoftmax, nn.Sigmoid, nn.LogSigmoid)
"""Modules that turn outputs into probabilities, which the losses here do themselves."""


def wrap(
    module: nn.Module, architecture: Architecture, features: tuple[str, ...], outputs: int
) -> WrappedModule:
    """Wrap a module as the network to be trained.

    Parameters
    ----------
    module : nn.Module
        Maps (n, features) to (n, outputs), without a softmax or sigmoid at its end. For two
        classes it returns one number, the log-odds of the second, or two logits.
    architecture : Architecture
        Updated to describe the module, if it is a dense network.
    features : tuple of str
        Names of the inputs.
    outputs : int
        Number of outputs that the problem needs; 1 for two classes.

    Raises
    ------
    InputError
        If it is not a module, has no parameters or other than float32 ones on the CPU, ends with
        a softmax or sigmoid, or does not take these inputs or return these outputs.
    """
    _check_module(module)
    outputs_given = _count_outputs(module, features)
    two_logits = outputs == 1 and outputs_given == 2
    if outputs_given != outputs and not two_logits:
        raise InputError(
            f"The module gives {outputs_given} numbers, but the problem needs {outputs}: one for "
            "a value, one "
            "or two for two classes, else one for each class."
        )
    dense = None if two_logits else read_dense(module)
    if dense is not None:
        return WrappedDense(module, architecture, dense)
    whole = LogOdds(module) if two_logits else module
    return WrappedOpaque(module, architecture, ModulePlan(features, (), whole, outputs))


def _check_module(module: object) -> None:
    if not isinstance(module, nn.Module):
        raise InputError(f"A model is an nn.Module, not {type(module).__name__}.")
    kinds = {(str(each.device), str(each.dtype)) for each in module.parameters()}
    if not kinds:
        raise InputError(f"{type(module).__name__} has no parameters, so nothing can be learned.")
    if kinds != {("cpu", "torch.float32")}:
        found = ", ".join(sorted(f"{dtype} on {device}" for device, dtype in kinds))
        raise InputError(f"The module is {found}; give module.cpu().float().")
    if isinstance(module, nn.Sequential) and isinstance(module[-1], FINAL_ACTIVATIONS):
        raise InputError(
            f"The module ends with {type(module[-1]).__name__}: leave it out, as the loss adds it."
        )


def _count_outputs(module: nn.Module, features: tuple[str, ...]) -> int:
    """Return the number of outputs of the module for rows of features."""
    rows = torch.zeros(2, len(features))
    try:
        with eval_mode(module), torch.no_grad():
            result = module(rows)
    except Exception as error:  # a user's module can raise anything
        raise InputError(
            f"The module can't take rows of {len(features)} numbers ({', '.join(features)}): "
            f"{str(error).strip() or type(error).__name__}"
        ) from error
    if not isinstance(result, Tensor) or result.ndim != 2 or len(result) != len(rows):
        shape = tuple(result.shape) if isinstance(result, Tensor) else type(result).__name__
        raise InputError(f"For (2, {len(features)}) the module gives {shape}, not (2, outputs).")
    return result.shape[1]
