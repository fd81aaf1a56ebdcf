"""Recognition of a softmax or sigmoid at the end of a module, wherever it stands."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

import torch
from torch import Tensor, nn

from playground.networks.module_state import preserved

_RESHAPING = {
    *("Alias", "Clone", "Expand", "Permute", "Reshape", "Select", "Slice", "Squeeze", "T"),
    *("ToCopy", "Transpose", "Unsqueeze", "UnsafeView", "View"),
}
_ACTIVATIONS = {"Sigmoid", "Softmax", "LogSigmoid", "Hardsigmoid"}
"""What the losses here do themselves. A log-softmax changes nothing about a softmax after it."""

_ROWS = 16
_SCALING = {"Clamp", "Div", "Exp", "Hardtanh", "Mul", "Reciprocal"}
"""What a sigmoid written out by hand ends with."""


def final_activation(module: nn.Module, shape: Sequence[int]) -> str | None:
    """Return the name of the softmax or sigmoid at the end of a module; None if there is none.

    Parameters
    ----------
    module : nn.Module
        Is called in the modes of its parts, and in evaluation mode. It is left as it was.
    shape : sequence of int
        Of one of its inputs.
    """
    rows = torch.randn(_ROWS, *shape, generator=torch.Generator().manual_seed(0))
    wide_range = torch.cat([rows, 100 * rows])
    for evaluation in (False, True):
        for inputs in (wide_range, torch.zeros(2, *shape)):
            found, worked = _activation_of(module, inputs, evaluation=evaluation)
            if found is not None:
                return found
            if worked:
                break
    return None


def _activation_of(
    module: nn.Module, inputs: Tensor, *, evaluation: bool
) -> tuple[str | None, bool]:
    """Return the activation at the end of a call, and whether the module took the inputs."""
    with torch.inference_mode(False), torch.enable_grad(), preserved(module):
        if evaluation:
            module.eval()
        try:
            outputs = module(inputs)
        except Exception:  # not every module takes every number, as one that looks words up
            return None, False
        if not isinstance(outputs, Tensor) or outputs.ndim != 2:
            return None, True
        kind = _last_operation(outputs)
        values = outputs.detach()
        if kind in _ACTIVATIONS:
            return kind, True
        # Written out by hand, a softmax of very large numbers is NaN.
        if len(values) > 2 and _are_distributions(values[:_ROWS]):
            return "softmax", True
        if kind in _SCALING and len(values) > 2 and _are_between_0_and_1(values):
            return "sigmoid", True
        return None, True


def _last_operation(outputs: Tensor) -> str:
    """Return the name of the last operation that did more than reshape; "" if none is known."""
    node: Any = outputs.grad_fn
    while node is not None:
        name = re.sub(r"Backward\d*$", "", type(node).__name__)
        if name not in _RESHAPING:
            return name
        node = node.next_functions[0][0]
    return ""


def _are_distributions(values: Tensor) -> bool:
    if values.shape[1] < 2 or not _are_between_0_and_1(values):
        return False
    ones = torch.ones(len(values), dtype=values.dtype)
    return torch.allclose(values.sum(1), ones, atol=1e-4) and bool((values != values[0]).any())


def _are_between_0_and_1(values: Tensor) -> bool:
    return bool(((values >= 0) & (values <= 1)).all()) and bool((values != values[0]).any())
