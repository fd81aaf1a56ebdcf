"""The engine for any module: gradients by PyTorch's autograd."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import partial

import torch
from torch import Tensor, nn

from playground import torch_kernels
from playground.networks.dense.forward import module, named_views
from playground.networks.dense.parameters import Parameters, weight_mask
from playground.training.core.losses import Loss
from playground.training.dense.batches import Batch
from playground.training.engines.engine import Engine, Program
from playground.training.engines.tracing import GradientFunction, traced_if_faithful


class AutogradEngine(Engine):
    """Computes gradients of any module whose parameters are views of one flat tensor.

    Parameters
    ----------
    values : Tensor of shape (1, size)
        The memory of all parameters.
    is_weight : Tensor that broadcasts to `values`
        1 where penalties apply.
    loss : Loss
    network : nn.Module
        Takes (batch, features), returns (batch, outputs).
    parameters : dict of str to Tensor
        Views of `values`, by parameter name.
    """

    def __init__(
        self,
        values: Tensor,
        is_weight: Tensor,
        loss: Loss,
        network: nn.Module,
        parameters: Mapping[str, Tensor],
    ) -> None:
        super().__init__(values, is_weight, loss)
        self._network = network
        self._names = list(parameters)
        self._parameters = [parameters[name].detach() for name in self._names]
        # A view of the gradient for each parameter, laid out as the parameter is in `values`.
        self._views = [
            self.gradient.as_strided(view.shape, view.stride(), view.storage_offset())
            for view in self._parameters
        ]
        self._traced: dict[int, GradientFunction] = {}

    @classmethod
    def dense(cls, parameters: Parameters, loss: Loss) -> AutogradEngine:
        """Create an engine for a dense network; it shares the memory of `parameters`."""
        network = module(parameters)
        views = named_views(parameters)
        return cls(parameters.values, weight_mask(parameters), loss, network, views)

    @classmethod
    def from_module(cls, network: nn.Module, loss: Loss) -> AutogradEngine:
        """Create an engine for any module, whose parameters become views of one new tensor.

        Penalties apply to parameters of two or more dimensions.
        """
        with torch.inference_mode(False):  # autograd refuses tensors made in inference mode
            named = dict(network.named_parameters())
            values = torch.cat([each.detach().reshape(-1) for each in named.values()])[None]
            masks = [torch.full_like(each, each.ndim > 1).reshape(-1) for each in named.values()]
            parts = values[0].split([each.numel() for each in named.values()])
            for parameter, part in zip(named.values(), parts, strict=True):
                parameter.data = part.view(parameter.shape)
            return cls(values, torch.cat(masks)[None].detach(), loss, network, named)

    def program(self, batch: Batch) -> Program:
        """Return one call that replays the traced pass. See `Engine.program`."""
        inputs = batch.transposed[0, :, :-1]
        if batch.size not in self._traced:
            self._traced[batch.size] = self._trace(inputs, batch.targets)
        return [partial(self._fill, self._traced[batch.size], inputs, batch.targets)]

    def accumulate(self, inputs: Tensor, targets: Tensor, share: float = 1.0) -> Tensor:
        """Add the gradient of the mean loss over some inputs to `gradient`, without tracing.

        For large networks, which spend little time on overhead but would take seconds to trace,
        and for batches that are processed in parts.

        Parameters
        ----------
        inputs : Tensor of shape (n, ...)
            Inputs of the network.
        targets : Tensor of shape (1, outputs, n)
        share : float
            Factor on the gradient: the share of their batch that these inputs are.

        Returns
        -------
        Tensor of shape (n, outputs)
            The outputs of the network.
        """
        for parameter, view in zip(self._network.parameters(), self._views, strict=True):
            parameter.grad = view
        with torch.enable_grad():
            # The loss is computed in single precision, even if the network is not.
            outputs: Tensor = self._network(inputs).to(self.values.dtype)
            value = self.loss.value(outputs.T[None], targets).sum()
            (value * share).backward()
        return outputs.detach()

    def _trace(self, inputs: Tensor, targets: Tensor) -> GradientFunction:
        with torch.inference_mode(False), torch.enable_grad():
            # Tracing runs the network, which must not change the statistics of batch normalisation.
            buffers = list(self._network.buffers())
            before = [each.clone() for each in buffers]
            traced = traced_if_faithful(
                self._gradients, (self._parameters, inputs.clone(), targets.clone())
            )
            with torch.no_grad():
                for buffer, value in zip(buffers, before, strict=True):
                    buffer.copy_(value)
            return traced

    def _fill(self, gradients: GradientFunction, inputs: Tensor, targets: Tensor) -> None:
        torch_kernels.foreach_copy_(self._views, list(gradients(self._parameters, inputs, targets)))

    def _gradients(
        self, parameters: Sequence[Tensor], inputs: Tensor, targets: Tensor
    ) -> tuple[Tensor, ...]:
        free = [each.detach().requires_grad_() for each in parameters]
        named = dict(zip(self._names, free, strict=True))
        outputs = torch.func.functional_call(self._network, named, (inputs,))
        value = self.loss.value(outputs.T[None], targets).sum()
        return torch.autograd.grad(value, free, allow_unused=True, materialize_grads=True)
