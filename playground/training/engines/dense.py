"""The fast engine: dense layers, several copies at once, derivatives written out.

Tiny networks spend their time in the overhead of each call, not in arithmetic. So a step is a
list of as few calls as possible, with all their arguments bound beforehand: buffers are allocated
once for each batch size, the bias is a column of the weight matrix that is multiplied by a row of
ones, and activations have the shape (copies, units, batch), so that each product is one `bmm` of
views that exist already.

Of several copies, a `bmm` of large matrices writes into a tensor of its own, from where the result
is copied: into a part of a larger one PyTorch writes the product of each copy by itself, for 64
copies of 8 neurons in 92 µs instead of 12.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial

import torch
from torch import Tensor

from playground.networks.dense.activations import ACTIVATIONS, Activation
from playground.networks.dense.parameters import Parameters, layer_views, weight_mask
from playground.torch_internals import kernels
from playground.training.core.losses import Loss
from playground.training.dense.batches import Batch
from playground.training.engines.engine import Engine, Program

Call = Callable[[], object]

LARGE_PRODUCT = 400
"""Multiplications of two matrices from which on PyTorch leaves them to a library, if the result is
contiguous; smaller ones it computes by itself, wherever the result goes."""


@dataclass(frozen=True, slots=True, eq=False)
class LayerBuffers:
    """Intermediate results of one layer for one batch size; shapes are (copies, units, batch).

    Attributes
    ----------
    activation_with_ones : Tensor of shape (copies, units + 1, batch)
        The activation with a last row of ones: the input of the next layer.
    activation : Tensor
        The units' outputs, a view of `activation_with_ones`.
    pre_activation : Tensor
        The input of the activation function. If the derivative does not need it, the outputs
        overwrite it: it is the same tensor as `activation` then, unless it has to be contiguous.
    slope : Tensor
        The derivative of the loss by `pre_activation`.
    dropout_mask : Tensor
        0 for dropped units, else 1 / (1 - dropout).
    """

    activation_with_ones: Tensor
    activation: Tensor
    pre_activation: Tensor
    slope: Tensor
    dropout_mask: Tensor


class DenseEngine(Engine):
    """Computes gradients of dense networks without autograd.

    They equal autograd's to rounding: a test compares them for each activation and loss. See
    `Engine` for attributes.

    Parameters
    ----------
    parameters : Parameters
        Steps change them in place; others may write to them between steps.
    loss : Loss
    """

    def __init__(self, parameters: Parameters, loss: Loss) -> None:
        super().__init__(parameters.values, weight_mask(parameters), loss)
        self.parameters = parameters
        self._gradients = layer_views(self.gradient, parameters.plan)
        self._contiguous_gradients = [
            torch.empty_like(each) if parameters.copies > 1 else each for each in self._gradients
        ]
        self._activations = [ACTIVATIONS[layer.activation] for layer in parameters.plan.layers]
        self._buffers: dict[int, list[LayerBuffers]] = {}

    def program(self, batch: Batch) -> Program:
        """Return the calls of the forward, then of the backward pass. See `Engine.program`."""
        buffers = self._buffers_for(batch.size)
        outputs = buffers[-1]
        return [
            *self._forward(batch, buffers),
            *self.loss.slope_calls(outputs.pre_activation, batch.targets, outputs.slope),
            *self._backward(batch, buffers),
        ]

    def _forward(self, batch: Batch, buffers: list[LayerBuffers]) -> list[Call]:
        calls: list[Call] = []
        inputs = batch.inputs.expand(self.parameters.copies, -1, -1)
        for index, layer in enumerate(buffers):
            calls.append(
                partial(torch.bmm, self.parameters.layers[index], inputs, out=layer.pre_activation)
            )
            if index < len(buffers) - 1:
                calls.extend(_activate(self._activations[index], layer))
                calls.extend(
                    apply_dropout(
                        layer,
                        self.parameters.plan.layers[index].dropout,
                        self.copy_generators or [self.generator],
                    )
                )
            inputs = layer.activation_with_ones
        return calls

    def _backward(self, batch: Batch, buffers: list[LayerBuffers]) -> list[Call]:
        calls: list[Call] = []
        copies = self.parameters.copies
        apart = self._layers_apart(batch.size)
        gradients = [
            (self._contiguous_gradients if index in apart else self._gradients)[index]
            for index in range(len(buffers))
        ]
        for index in range(len(buffers) - 1, 0, -1):
            slope, below = buffers[index].slope, buffers[index - 1]
            weight = self.parameters.weight(index).transpose(1, 2)
            transposed = below.activation_with_ones.transpose(1, 2)
            calls.append(partial(torch.bmm, slope, transposed, out=gradients[index]))
            # Of one output, several products of a column and a row, for which `mul` is faster.
            product = torch.mul if copies > 1 and slope.shape[1] == 1 else torch.bmm
            calls.append(partial(product, weight, slope, out=below.slope))
            if self.parameters.plan.layers[index - 1].dropout:
                calls.extend(undo_dropout(below))
            rule = self._activations[index - 1]
            calls.append(rule.backward_call(below.slope, below.pre_activation, below.activation))
        transposed = batch.transposed.expand(copies, -1, -1)
        calls.append(partial(torch.bmm, buffers[0].slope, transposed, out=gradients[0]))
        if apart:
            targets = [self._gradients[index] for index in apart]
            sources = [gradients[index] for index in apart]
            calls.append(partial(kernels.foreach_copy_, targets, sources))
        return calls

    def _layers_apart(self, batch: int) -> list[int]:
        """Return the layers whose products need contiguous tensors for a batch of this size."""
        if self.parameters.copies == 1:
            return []
        return [
            index
            for index, layer in enumerate(self.parameters.plan.layers)
            if layer.units * (layer.fan_in + 1) * batch >= LARGE_PRODUCT
        ]

    def _buffers_for(self, batch: int) -> list[LayerBuffers]:
        if batch not in self._buffers:
            apart = self._layers_apart(batch)
            self._buffers[batch] = [
                self._allocate(layer.units, batch, contiguous=rule.keeps_input or index in apart)
                for index, (layer, rule) in enumerate(
                    zip(self.parameters.plan.layers, self._activations, strict=True)
                )
            ]
        return self._buffers[batch]

    def _allocate(self, units: int, batch: int, *, contiguous: bool) -> LayerBuffers:
        activation_with_ones = self.gradient.new_ones(self.parameters.copies, units + 1, batch)
        activation = activation_with_ones[:, :-1]
        return LayerBuffers(
            activation_with_ones=activation_with_ones,
            activation=activation,
            pre_activation=torch.empty_like(activation) if contiguous else activation,
            slope=torch.empty_like(activation),
            dropout_mask=torch.empty_like(activation),
        )


def _activate(rule: Activation, layer: LayerBuffers) -> list[Call]:
    """Create calls that compute the outputs of a layer from its inputs."""
    if rule.keeps_input or layer.pre_activation is layer.activation:
        return [rule.forward_call(layer.pre_activation, layer.activation)]
    return [
        rule.forward_call(layer.pre_activation, layer.pre_activation),
        partial(layer.activation.copy_, layer.pre_activation),
    ]


def apply_dropout(
    layer: LayerBuffers, dropout: float, generators: Sequence[torch.Generator | None]
) -> list[Call]:
    """Create calls that drop units at random and scale up the others; none without dropout.

    Each generator draws for an equal share of the copies.
    """
    if not dropout:
        return []
    return [
        *(
            partial(mask.bernoulli_, 1 - dropout, generator=generator)
            for mask, generator in zip(
                layer.dropout_mask.chunk(len(generators)), generators, strict=True
            )
        ),
        partial(layer.dropout_mask.div_, 1 - dropout),
        partial(layer.activation.mul_, layer.dropout_mask),
    ]


def undo_dropout(layer: LayerBuffers) -> list[Call]:
    """Create calls that mask the slope and undo the scaling of activations.

    The derivative of an activation is a function of the activation before scaling. Dropped units
    have a slope of 0, so their activations need not be restored.
    """
    return [
        partial(layer.slope.mul_, layer.dropout_mask),
        lambda: layer.activation.div_(layer.dropout_mask.clamp(min=1e-12)),
    ]
