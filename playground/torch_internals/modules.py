"""Private attributes of PyTorch's modules, and layers whose common base class is private."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from torch import nn

# The names are read from a module, so that none is invented.
_HOOK_ATTRIBUTES = tuple(
    name for name in vars(nn.Module()) if name.endswith("_hooks") and "state_dict" not in name
)
_PARAMETER_HOOK_ATTRIBUTES = ("_backward_hooks", "_post_accumulate_grad_hooks")
_REGISTRIES = ("_parameters", "_buffers", "_modules")

DROPOUT_LAYERS = (
    nn.Dropout,
    nn.Dropout1d,
    nn.Dropout2d,
    nn.Dropout3d,
    nn.AlphaDropout,
    nn.FeatureAlphaDropout,
)
"""PyTorch's layers that draw random numbers. Their common base class is private."""
BATCH_NORM_LAYERS = (nn.BatchNorm1d, nn.BatchNorm2d, nn.BatchNorm3d, nn.SyncBatchNorm)
"""PyTorch's layers that normalise by the batch. Their common base class is private."""
INSTANCE_NORM_LAYERS = (nn.InstanceNorm1d, nn.InstanceNorm2d, nn.InstanceNorm3d)
"""PyTorch's layers that normalise each sample. Their common base class is private."""


def has_hooks(module: nn.Module) -> bool:
    """Return whether a part or a parameter of a module calls a hook when it computes."""
    return any(
        vars(each).get(name) for each in module.modules() for name in _HOOK_ATTRIBUTES
    ) or any(_parameter_hooks(module))


def changes_gradients(module: nn.Module) -> bool:
    """Return whether a part or a parameter of a module calls a hook in the backward pass."""
    return any(
        vars(each).get(name)
        for each in module.modules()
        for name in _HOOK_ATTRIBUTES
        if "backward" in name
    ) or any(_parameter_hooks(module))


def registries(module: nn.Module) -> Iterator[dict[str, Any]]:
    """Yield the dictionaries in which one module keeps its parameters, buffers and parts by name.

    They can be changed, also while a part is set to None. Nothing is yielded where they are gone.
    """
    for name in _REGISTRIES:
        if isinstance(registry := vars(module).get(name), dict):
            yield registry


def parts(module: nn.Module) -> list[nn.Module]:
    """Return the parts of a module in order; one that occurs again is listed again."""
    return [each for _name, each in named_parts(module)]


def named_parts(module: nn.Module) -> list[tuple[str, nn.Module]]:
    """Return the parts of a module with their names, as `parts` does."""
    # `named_children()` skips repetitions.
    listed = vars(module).get("_modules")
    found = listed.items() if isinstance(listed, dict) else module.named_children()
    return [(name, each) for name, each in found if each is not None]


def _parameter_hooks(module: nn.Module) -> Iterator[object]:
    for each in module.parameters():
        for name in _PARAMETER_HOOK_ATTRIBUTES:
            yield getattr(each, name, None)
