"""The weights of a network as safetensors and JSON, with the scaling of its inputs and values."""

from __future__ import annotations

import json
from typing import Any

import numpy as np
import torch
from safetensors.torch import save
from torch import Tensor, nn

from playground.errors import InputError
from playground.training.dense.trainer import Trainer
from playground.training.images import ImageTrainer

MAX_JSON_NUMBERS = 1_000_000
"""More numbers would make tens of megabytes of text."""

Weighted = Trainer | ImageTrainer | nn.Module


def to_safetensors(trainer_or_module: Weighted) -> bytes:
    """Pack the `state_dict` of a module, or that of a trainer's model.

    The result can be read by `safetensors.torch.load`, and passed to `load_state_dict`. Its
    metadata hold, as JSON, the names of the inputs and of the classes, and the scaling of inputs
    and values: the network takes (inputs - offset) / scale, and its values are to be multiplied
    by their scale and added to their offset.

    Raises
    ------
    InputError
        If the module keeps anything but plain tensors.
    """
    about = {name: json.dumps(each) for name, each in _about(trainer_or_module).items()}
    tensors = _tensors_by_name(_module(trainer_or_module))
    return save(tensors, metadata={"format": "pt", **about})


def weights_to_json(trainer_or_module: Weighted) -> str:
    """Write out all weights as JSON: by name, each with its shape and its values.

    Values are nested lists in PyTorch's order, as short as their precision allows: read as
    float32 they are the very same numbers. The names of inputs and classes, and the scaling, are
    there as in `to_safetensors`.

    Raises
    ------
    InputError
        If one is not finite, which JSON can't express, they are more than a million, or the module
        keeps anything but plain tensors.
    """
    tensors = _tensors_by_name(_module(trainer_or_module))
    if (count := sum(tensor.numel() for tensor in tensors.values())) > MAX_JSON_NUMBERS:
        raise InputError(
            f"{count:,} numbers are too many for JSON; {MAX_JSON_NUMBERS:,} is the most. "
            "Take them as safetensors."
        )
    for name, tensor in tensors.items():
        if tensor.is_complex():
            raise InputError(
                f"{name} holds complex numbers, so it can't be written as JSON. Take the weights "
                "as safetensors."
            )
        if not tensor.isfinite().all():
            raise InputError(f"{name} holds what is not a number, so it can't be written as JSON.")
    weights = {
        name: {"shape": list(tensor.shape), "values": _nested_list(tensor)}
        for name, tensor in tensors.items()
    }
    return json.dumps({"weights": weights, **_about(trainer_or_module)})


def _module(trainer_or_module: Weighted) -> nn.Module:
    if isinstance(trainer_or_module, nn.Module):
        return trainer_or_module
    return trainer_or_module.model


def _about(trainer_or_module: Weighted) -> dict[str, Any]:
    """What must be known of a dense network beside its weights."""
    if not isinstance(trainer_or_module, Trainer):
        return {}
    problem = trainer_or_module.problem
    return {
        "inputs": list(problem.inputs),
        "features": list(trainer_or_module.plan.features),
        "classes": list(problem.classes),
        "scaling": problem.preprocessing.as_json(problem.inputs),
    }


def _tensors_by_name(module: nn.Module) -> dict[str, Tensor]:
    """Copies that share no memory, wherever the originals lie."""
    state = module.state_dict()
    for name, each in state.items():
        if not isinstance(each, Tensor) or each.layout is not torch.strided or each.is_quantized:
            raise InputError(
                f"The state of the module holds {name}, a {type(each).__name__}, which is no plain "
                "tensor; its weights can't be written to a file of tensors."
            )
    return {name: each.detach().cpu().contiguous().clone() for name, each in state.items()}


def _nested_list(tensor: Tensor) -> object:
    if tensor.dtype != torch.float32:
        return tensor.tolist()
    # A float32 that is said as a double has a tail of digits that mean nothing.
    short = [float(text) for text in tensor.numpy().ravel().astype(str)]
    return np.array(short, np.float64).reshape(tensor.shape).tolist()
