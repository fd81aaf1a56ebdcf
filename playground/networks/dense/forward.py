"""The forward pass of a dense network without gradients, and its conversion to a module."""

from __future__ import annotations

import torch
from torch import Tensor, nn

from playground.networks.dense.activations import ACTIVATIONS
from playground.networks.dense.module_plan import ModulePlan
from playground.networks.dense.parameters import Parameters


def layer_outputs(parameters: Parameters, inputs: Tensor) -> list[tuple[Tensor, Tensor]]:
    """Return each layer's values before and after its activation function, without dropout.

    Parameters
    ----------
    parameters : Parameters
    inputs : Tensor of shape (1 or copies, features, n)

    Returns
    -------
    list of (Tensor, Tensor)
        One pair for each layer, both of shape (copies, units, n). They are the same tensor, of the
        values after it, where the derivative follows from these (see `Activation.keeps_input`), and
        in the output layer, which is linear. A `ModulePlan` gives one pair, that of its outputs.
    """
    if isinstance(parameters.plan, ModulePlan):
        plan, held = parameters.plan, parameters.held
        activations = (
            plan.forward(inputs)
            if held is None
            else plan.forward_with(parameters.values[0], held, inputs)
        )
        return [(activations, activations)]
    results: list[tuple[Tensor, Tensor]] = []
    activations = inputs.expand(parameters.copies, -1, -1)
    for index, layer in enumerate(parameters.plan.layers):
        bias = parameters.bias(index).unsqueeze(2)
        before = torch.baddbmm(bias, parameters.weight(index), activations)
        if index < len(parameters.plan.hidden):
            rule = ACTIVATIONS[layer.activation]
            activations = torch.empty_like(before) if rule.keeps_input else before
            rule.forward_(before, activations)
        else:
            activations = before
        results.append((before, activations))
    return results


def outputs(parameters: Parameters, inputs: Tensor) -> Tensor:
    """Compute the outputs, shape (copies, outputs, n)."""
    return layer_outputs(parameters, inputs)[-1][1]


def outputs_of_many(parameters: Parameters, inputs: Tensor) -> Tensor:
    """Compute the outputs of many dense networks, shape (copies, outputs, n), to within 1e-5.

    Two buffers serve all layers, so that they stay in the processor's cache.
    """
    layers, copies, n = parameters.plan.layers, parameters.copies, inputs.shape[2]
    size = copies * max(layer.units for layer in layers) * n
    free, used = parameters.values.new_empty(2, size)
    activations = inputs.expand(copies, -1, -1)
    for index, layer in enumerate(layers):
        shape = copies, layer.units, n
        before = free[: copies * layer.units * n].view(shape)
        bias = parameters.bias(index).unsqueeze(2)
        activations = torch.baddbmm(bias, parameters.weight(index), activations, out=before)
        free, used = used, free
        if index < len(parameters.plan.hidden):
            activation = ACTIVATIONS[layer.activation]
            if activation.keeps_input:
                activations = free[: copies * layer.units * n].view(shape)
                free, used = used, free
            activation.approximate_(before, activations)
    return activations


def module(parameters: Parameters, copy: int = 0) -> nn.Module:
    """Return one network as a plain PyTorch module that shares its memory.

    Training the module changes the parameters, and the other way round. The module takes a
    tensor of shape (n, features) and returns one of shape (n, outputs). For a `ModulePlan` it
    is the user's own module.
    """
    if isinstance(parameters.plan, ModulePlan):
        return parameters.plan.module
    parts: list[nn.Module] = []
    for index, layer in enumerate(parameters.plan.layers):
        linear = nn.Linear(layer.fan_in, layer.units, device="meta")
        linear.weight = nn.Parameter(parameters.weight(index)[copy])
        linear.bias = nn.Parameter(parameters.bias(index)[copy])
        parts.append(linear)
        if index < len(parameters.plan.hidden):
            parts.append(ACTIVATIONS[layer.activation].module())
            if layer.dropout:
                parts.append(nn.Dropout(layer.dropout))
    return nn.Sequential(*parts)


def named_views(parameters: Parameters, copy: int = 0) -> dict[str, Tensor]:
    """Return views of the weights and biases of a dense network by their names in `module`."""
    return {name: each.data for name, each in module(parameters, copy).named_parameters()}
