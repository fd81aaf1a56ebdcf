"""The engine for any module: gradients by PyTorch's autograd."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from functools import partial

import torch
from torch import Tensor, nn

from playground.errors import InputError
from playground.networks.dense.forward import module
from playground.networks.dense.parameters import Parameters, weight_mask
from playground.networks.module_state import fingerprint, fresh_copy
from playground.torch_internals import kernels
from playground.training.core.losses import Loss
from playground.training.dense.batches import Batch
from playground.training.engines.engine import Engine, Program
from playground.training.engines.tracing import (
    Gradients,
    TracedGradients,
    copy_with_layout,
    does_nothing_but_compute,
    faithful_trace,
)


class AutogradEngine(Engine):
    """Computes gradients of any module whose parameters are views of one flat tensor.

    The module itself is called, with its hooks, in the modes of its parts. One that consists of
    PyTorch's own layers is traced, if the trace is proven to compute the same.

    Parameters
    ----------
    values : Tensor of shape (1, size)
        The memory of all parameters.
    is_weight : Tensor that broadcasts to `values`
        1 where penalties apply.
    loss : Loss
    network : nn.Module
        Takes (batch, features), returns (batch, outputs). Its parameters are views of `values`.
    """

    def __init__(self, values: Tensor, is_weight: Tensor, loss: Loss, network: nn.Module) -> None:
        super().__init__(values, is_weight, loss)
        self._network = network
        self._read_network()

    @classmethod
    def dense(cls, parameters: Parameters, loss: Loss) -> AutogradEngine:
        """Create an engine for a dense network; it shares the memory of `parameters`."""
        return cls(parameters.values, weight_mask(parameters), loss, module(parameters))

    @classmethod
    def from_module(cls, network: nn.Module, loss: Loss) -> AutogradEngine:
        """Create an engine for any module, whose parameters become views of one new tensor.

        Penalties apply to parameters of two or more dimensions.
        """
        with torch.inference_mode(False):  # autograd refuses tensors made in inference mode
            own = list(network.parameters())
            values = torch.cat([each.detach().reshape(-1) for each in own])[None]
            masks = [torch.full_like(each, each.ndim > 1).reshape(-1) for each in own]
            parts = values[0].split([each.numel() for each in own])
            for parameter, part in zip(own, parts, strict=True):
                parameter.data = part.view(parameter.shape)
            return cls(values, torch.cat(masks)[None].detach(), loss, network)

    def refresh(self) -> None:
        """Respond to settings, hooks and parameters of the module that have changed since."""
        if fingerprint(self._network) != self._fingerprint:
            self._read_network()

    def program(self, batch: Batch) -> Program:
        """Return one call that computes the gradient. See `Engine.program`."""
        inputs = batch.transposed[0, :, :-1]
        return [partial(self._fill, batch.size, inputs, batch.targets)]

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
        for parameter, view, touched in zip(
            self._parameters, self._views, self._touched, strict=True
        ):
            parameter.grad = view if touched else None
        with torch.enable_grad(), module_errors(len(inputs)):
            # The loss is computed in single precision, even if the network is not.
            outputs = checked_outputs(self._network(inputs), targets).to(self.values.dtype)
            value = self.loss.value(outputs.T[None], targets).sum()
            (value * share).backward()
        if not all(self._touched):
            self._find_touched()
        return outputs.detach()

    def _read_network(self) -> None:
        self._fingerprint = fingerprint(self._network)
        named = dict(self._network.named_parameters())
        self._names, self._parameters = list(named), list(named.values())
        # A view of the gradient for each parameter, laid out as the parameter is in `values`.
        self._views = [
            self.gradient.as_strided(each.shape, each.stride(), each.storage_offset())
            for each in self._parameters
        ]
        self._memory = [each.detach() for each in self._parameters]
        self._traced: dict[int, TracedGradients | None] = {}
        self._touched = [False] * len(self._parameters)

    def _find_touched(self) -> None:
        """Take over the first gradients of parameters, and freeze those that have had none yet."""
        frozen = torch.zeros_like(self.values, dtype=torch.bool)
        for number, (parameter, view) in enumerate(zip(self._parameters, self._views, strict=True)):
            if not self._touched[number] and parameter.grad is not None:
                view.copy_(parameter.grad)
                self._touched[number] = True
            if not self._touched[number]:
                frozen.as_strided(view.shape, view.stride(), view.storage_offset()).fill_(1)
        self.frozen = frozen if frozen.any() else None

    def _fill(self, size: int, inputs: Tensor, targets: Tensor) -> None:
        traced = self._traced.get(size)
        if traced is None and size not in self._traced:
            traced = self._traced[size] = self._trace(inputs, targets)
        if traced is None:
            self._fill_from(self._run(inputs, targets))
        else:
            self.present = traced.present
            gradients = traced.replay(self._memory, inputs, targets)
            kernels.foreach_copy_(self._views, list(gradients))

    def _fill_from(self, gradients: Gradients) -> None:
        self.present = None
        if any(each is None for each in gradients):
            self.present = tuple(each is not None for each in gradients)
        for view, gradient in zip(self._views, gradients, strict=True):
            if gradient is None:
                view.zero_()
            else:
                view.copy_(gradient.to_dense() if gradient.is_sparse else gradient)

    def _run(self, inputs: Tensor, targets: Tensor) -> Gradients:
        """Call the module, and return the gradient of each parameter; None where it has none."""
        context = module_errors(len(inputs))
        with torch.inference_mode(False), torch.enable_grad(), context:
            for each in self._parameters:
                each.grad = None
            outputs = self._network(fresh_copy(inputs))
            # Autograd can't save tensors made in inference mode, but it can save copies of them.
            value = self._loss(outputs, targets.clone())
            if not value.requires_grad:
                raise InputError(
                    "What the module gives does not depend on any parameter that may learn: each "
                    "is frozen (requires_grad=False), or cut off by detach() or no_grad()."
                )
            value.backward()
        return [each.grad for each in self._parameters]

    def _loss(self, outputs: object, targets: Tensor) -> Tensor:
        answers = checked_outputs(outputs, targets).to(self.values.dtype)
        return self.loss.value(answers.T[None], targets).sum()

    def _trace(self, inputs: Tensor, targets: Tensor) -> TracedGradients | None:
        if not does_nothing_but_compute(self._network):
            return None
        with torch.inference_mode(False), torch.enable_grad():
            examples = (
                self._memory,
                copy_with_layout(inputs, inputs),
                copy_with_layout(targets, targets),
            )
            traced = faithful_trace(self._functional, self._run, examples, self._network)
        for each in self._parameters:
            each.grad = None
        return traced

    def _functional(
        self, parameters: Sequence[Tensor], inputs: Tensor, targets: Tensor
    ) -> tuple[Tensor, ...]:
        """Return the gradients of parameters that are given; zeros where there are none."""
        free = [
            each.detach().requires_grad_(own.requires_grad)
            for each, own in zip(parameters, self._parameters, strict=True)
        ]
        named = dict(zip(self._names, free, strict=True))
        value = self._loss(torch.func.functional_call(self._network, named, (inputs,)), targets)
        learning = [each for each in free if each.requires_grad]
        found = iter(
            torch.autograd.grad(value, learning, allow_unused=True, materialize_grads=True)
        )
        return tuple(next(found) if each.requires_grad else torch.zeros_like(each) for each in free)


def checked_outputs(outputs: object, targets: Tensor) -> Tensor:
    """Return what a module gives for a batch; InputError if it does not fit the targets."""
    rows, width = targets.shape[2], targets.shape[1]
    if not isinstance(outputs, Tensor) or outputs.shape != (rows, width):
        shape = tuple(outputs.shape) if isinstance(outputs, Tensor) else type(outputs).__name__
        raise InputError(f"For a batch of {rows} the module gives {shape}, not {(rows, width)}.")
    return outputs


@contextmanager
def module_errors(rows: int) -> Iterator[None]:
    """Raise whatever a module raises, while it learns from a batch of rows, as InputError."""
    try:
        yield
    except (InputError, MemoryError):
        raise
    except Exception as error:  # a user's module can raise anything
        reason = str(error).strip() or type(error).__name__
        batch, advice = f"{rows} rows", ""
        if rows == 1 and isinstance(error, ValueError):  # as layers do that normalise by the batch
            batch, advice = "a single row", ". Choose a batch size that leaves no single row over."
        raise InputError(
            f"The module can't learn from a batch of {batch}: {reason}{advice}"
        ) from error
