"""The weights of a network as safetensors and JSON."""

from __future__ import annotations

import json

import numpy as np
import torch
from safetensors.torch import save
from torch import Tensor, nn

from playground.errors import InputError

MAX_JSON_NUMBERS = 1_000_000
"""More numbers would make tens of megabytes of text."""


def to_safetensors(module: nn.Module) -> bytes:
    """Pack the `state_dict` of a module.

    The result can be read by `safetensors.torch.load`, and passed to `load_state_dict`.
    """
    return save(_tensors_by_name(module), metadata={"format": "pt"})


def weights_to_json(module: nn.Module) -> str:
    """Write out all weights as JSON: by name, each with its shape and its values.

    Values are nested lists in PyTorch's order, as short as their precision allows: read as
    float32 they are the very same numbers.

    Raises
    ------
    InputError
        If one is not finite, which JSON can't express, or they are more than a million.
    """
    tensors = _tensors_by_name(module)
    if (count := sum(tensor.numel() for tensor in tensors.values())) > MAX_JSON_NUMBERS:
        raise InputError(
            f"{count:,} numbers are too many for JSON; {MAX_JSON_NUMBERS:,} is the most. "
            "Take them as safetensors."
        )
    for name, tensor in tensors.items():
        if not tensor.isfinite().all():
            raise InputError(f"{name} holds what is not a number, so it can't be written as JSON.")
    weights = {
        name: {"shape": list(tensor.shape), "values": _nested_list(tensor)}
        for name, tensor in tensors.items()
    }
    return json.dumps({"weights": weights})


def _tensors_by_name(module: nn.Module) -> dict[str, Tensor]:
    """Copies that share no memory, wherever the originals lie."""
    return {
        name: tensor.detach().cpu().contiguous().clone()
        for name, tensor in module.state_dict().items()
    }


def _nested_list(tensor: Tensor) -> object:
    if tensor.dtype != torch.float32:
        return tensor.tolist()
    # A float32 that is said as a double has a tail of digits that mean nothing.
    short = [float(text) for text in tensor.numpy().ravel().astype(str)]
    return np.array(short, np.float64).reshape(tensor.shape).tolist()
