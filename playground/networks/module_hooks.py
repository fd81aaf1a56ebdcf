"""Hooks of PyTorch modules and of their parameters."""

from __future__ import annotations

from torch import nn

# Private attributes of PyTorch: their names are taken from a module, so that none is invented.
_HOOK_ATTRIBUTES = tuple(
    name for name in vars(nn.Module()) if name.endswith("_hooks") and "state_dict" not in name
)
_PARAMETER_HOOK_ATTRIBUTES = ("_backward_hooks", "_post_accumulate_grad_hooks")


def has_hooks(module: nn.Module) -> bool:
    """Return whether a part or a parameter of a module calls a hook when it computes."""
    return any(
        vars(each).get(name) for each in module.modules() for name in _HOOK_ATTRIBUTES
    ) or any(
        getattr(each, name, None)
        for each in module.parameters()
        for name in _PARAMETER_HOOK_ATTRIBUTES
    )
