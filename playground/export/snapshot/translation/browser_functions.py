"""The features, activations and losses of a network as JavaScript expressions."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping, Sequence

import torch
from torch import Tensor, nn

from playground.errors import InputError
from playground.export.snapshot.translation.javascript import to_javascript
from playground.problems.truth_tables import InputFeature
from playground.training.core.losses import Loss

RowFunction = Callable[[Tensor], Tensor]

_ROWS = 5
_RANGE = 6.0


def feature_function(feature: RowFunction, inputs: int, name: str) -> str:
    """Translate a feature: from the inputs of a sample to a number; null for an input as it is."""
    if isinstance(feature, InputFeature):
        return "null"
    _check_independence(feature, (inputs,), name)
    return to_javascript(feature, [(1, inputs)], name)


def activation_functions(modules: Mapping[str, nn.Module]) -> str:
    """Translate activations, by the names that layers call them by."""
    functions = {}
    for name, module in modules.items():
        title = f"The activation {name!r}"
        _check_independence(module, (), title)
        functions[name] = to_javascript(module, [(1,)], title)
    return javascript_object(functions)


def loss_functions(loss: Loss, outputs: int, classes: int, name: str) -> dict[str, str]:
    """Translate a loss: from outputs and target to a number, and from outputs to probabilities.

    Parameters
    ----------
    loss : Loss
    outputs : int
        Of the network; the target is 0 or 1, one-hot or a value, as `Loss` has it.
    classes : int
        0 in regression, which has no probabilities.
    name : str
        Of the loss, for errors.
    """
    shape, title = (1, outputs, 1), f"The loss {name!r}"
    functions = {"loss": to_javascript(loss.value, [shape, shape], title)}
    functions["probabilities"] = (
        to_javascript(loss.probabilities, [shape], title) if classes else "null"
    )
    return functions


def javascript_object(members: Mapping[str, str]) -> str:
    """Write an object of expressions by name; the names can be any text."""
    return f"{{{', '.join(f'{_quote(name)}: {text}' for name, text in members.items())}}}"


def javascript_array(members: Iterable[str]) -> str:
    """Write an array of expressions."""
    return f"[{', '.join(members)}]"


def _quote(name: str) -> str:
    """Write a text as a JavaScript string that can stand in an HTML script."""
    return json.dumps(name).replace("<", "\\u003c")


def _check_independence(function: RowFunction, shape: Sequence[int], name: str) -> None:
    """Refuse a function whose result for one sample depends on the other samples."""
    generator = torch.Generator().manual_seed(0)
    rows = _RANGE * (2 * torch.rand((_ROWS, *shape), generator=generator) - 1)
    with torch.no_grad():
        together = function(rows.clone())
        alone = torch.cat([function(row.clone()).reshape(1) for row in rows.split(1)])
    if not torch.allclose(together, alone, atol=1e-5, equal_nan=True):
        raise InputError(
            f"{name} depends on all samples together, so a snapshot can't compute it for one; "
            "use a function of each sample alone to make a snapshot."
        )
