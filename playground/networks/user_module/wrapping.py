"""Checks of a module of the user, and the choice of the class that wraps it."""

from __future__ import annotations

import torch
from torch import Tensor, nn

from playground.errors import InputError
from playground.networks.architecture import Architecture
from playground.networks.dense.module_plan import LogOdds, ModulePlan
from playground.networks.module_state import eval_outputs, preserved
from playground.networks.user_module.dense_module import read_dense
from playground.networks.user_module.final_activation import final_activation
from playground.networks.user_module.wrapped_module import (
    WrappedDense,
    WrappedModule,
    WrappedOpaque,
)


def wrap(
    module: nn.Module,
    architecture: Architecture,
    features: tuple[str, ...],
    outputs: int,
    *,
    classes: bool,
) -> WrappedModule:
    """Wrap a module as the network to be trained.

    Parameters
    ----------
    module : nn.Module
        Maps (n, features) to (n, outputs). For two classes it returns one number, the log-odds of
        the second, or two logits; for more, one logit each, without a softmax or sigmoid at its
        end. A module of `torch.compile` is trained as the module that it was made of.
    architecture : Architecture
        Updated to describe the module, if it is a dense network.
    features : tuple of str
        Names of the inputs.
    outputs : int
        Number of outputs that the problem needs; 1 for two classes.
    classes : bool
        Whether the outputs are about classes, not values.

    Raises
    ------
    InputError
        If it is not a module, has no parameters or other than finite float32 ones on the CPU,
        ends with a softmax or sigmoid where there are classes, or does not take these inputs or
        return these outputs.
    """
    if not isinstance(module, nn.Module):
        raise InputError(f"A model is an nn.Module, not {type(module).__name__}.")
    computed = unwrap_compiled(module)
    try:
        initialise_lazy_parts(computed, torch.zeros(2, len(features)))
    except Exception as error:  # a user's module can raise anything
        raise _refusal(features, error) from error
    _check_parameters(computed)
    outputs_given = _count_outputs(computed, features)
    two_logits = classes and outputs == 1 and outputs_given == 2
    if outputs_given != outputs and not two_logits:
        raise InputError(
            f"The module gives {outputs_given} numbers, but the problem needs {outputs}: one for "
            "a value, one "
            "or two for two classes, else one for each class."
        )
    if classes and (last := final_activation(computed, (len(features),))) is not None:
        raise InputError(f"The module ends with {last}: leave it out, as the loss adds it.")
    dense = None if two_logits else read_dense(computed)
    # A dense network shown here always drops out while it learns.
    switched_off = (
        dense is not None
        and dense.dropout
        and not all(each.training for each in computed.modules())
    )
    if dense is not None and not switched_off:
        return WrappedDense(module, architecture, computed, dense)
    whole = LogOdds(computed) if two_logits else computed
    return WrappedOpaque(module, architecture, ModulePlan(features, (), whole, outputs))


def unwrap_compiled(module: nn.Module) -> nn.Module:
    """Return the module that a module of `torch.compile` was made of; else the module itself."""
    inner = getattr(module, "_orig_mod", None)
    return inner if isinstance(inner, nn.Module) else module


def initialise_lazy_parts(module: nn.Module, inputs: Tensor) -> None:
    """Call a module once if it has lazy layers, which draw their parameters in the first call.

    It is called in evaluation mode, so that normalising layers do not count the inputs.
    """
    tensors = (*module.parameters(), *module.buffers())
    if not any(nn.parameter.is_lazy(each) for each in tensors):
        return
    modes = [(each, each.training) for each in module.modules()]
    try:
        with torch.inference_mode(False), torch.no_grad():
            module.eval()(inputs)
    finally:
        for each, training in modes:
            each.training = training


def _check_parameters(module: nn.Module) -> None:
    named = dict(module.named_parameters())
    kinds = {(str(each.device), str(each.dtype)) for each in named.values()}
    if not kinds:
        raise InputError(f"{type(module).__name__} has no parameters, so nothing can be learned.")
    if any(device == "meta" for device, _dtype in kinds):
        raise InputError(
            "The module is on the device meta, where parameters have no values: make it on the CPU."
        )
    if any(each.is_complex() for each in named.values()):
        raise InputError(
            "The module has complex parameters, but only real ones can be learned here: give the "
            "real and the imaginary part as parameters, and join them with torch.complex."
        )
    if kinds != {("cpu", "torch.float32")}:
        found = ", ".join(sorted(f"{dtype} on {device}" for device, dtype in kinds))
        raise InputError(f"The module is {found}; give module.cpu().float().")
    for name, each in named.items():
        if not each.isfinite().all():
            raise InputError(
                f"The parameter {name} of the module holds infinite numbers or NaN; it must begin "
                "with finite ones."
            )


def _count_outputs(module: nn.Module, features: tuple[str, ...]) -> int:
    """Return the number of outputs of the module for rows of features, in both modes."""
    rows = torch.zeros(2, len(features))
    learning = _call(module, features)
    try:
        showing = eval_outputs(module, rows)
    except Exception as error:  # a user's module can raise anything
        raise _refusal(features, error) from error
    counts = [_count_columns(result, rows) for result in (showing, learning)]
    if counts[0] != counts[1]:
        raise InputError(
            f"The module gives {counts[1]} numbers while it learns and {counts[0]} in evaluation "
            "mode; it must give the same in both."
        )
    return counts[0]


def _count_columns(result: object, rows: Tensor) -> int:
    """Return the number of outputs of a result for some rows; InputError if it has no columns."""
    if not isinstance(result, Tensor) or result.ndim != 2 or len(result) != len(rows):
        shape = tuple(result.shape) if isinstance(result, Tensor) else type(result).__name__
        raise InputError(f"For {tuple(rows.shape)} the module gives {shape}, not (2, outputs).")
    if not result.is_floating_point():
        raise InputError(f"The module gives numbers of {result.dtype}; give logits or values.")
    return result.shape[1]


def _call(module: nn.Module, features: tuple[str, ...]) -> object:
    """Return what a module gives for rows of features, in the modes of its parts."""
    try:
        with torch.inference_mode(False), preserved(module):
            return module(torch.zeros(2, len(features)))
    except Exception as error:  # a user's module can raise anything
        raise _refusal(features, error) from error


def _refusal(features: tuple[str, ...], error: Exception) -> InputError:
    return InputError(
        f"The module can't take rows of {len(features)} numbers ({', '.join(features)}): "
        f"{str(error).strip() or type(error).__name__}"
    )
