"""Traces a function that computes gradients into a list of tensor operations.

For tiny networks nearly all the time of an autograd step is overhead: modules call modules, a
graph is recorded, the backward pass is scheduled. Operations of one forward and backward pass that
are recorded once and then replayed have no such overhead.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from typing import Any

import torch
from torch import Tensor, fx, nn

from playground.networks.module_state import LAYER_PACKAGES, ModuleState, fingerprint, held_tensors
from playground.torch_internals.kernels import aten_operator, unwrap_operator
from playground.torch_internals.modules import has_hooks
from playground.training.engines.pure_forward import only_computes

GradientFunction = Callable[[Sequence[Tensor], Tensor, Tensor], Sequence[Tensor]]
"""From parameters, inputs and targets to the gradient of each parameter."""

Gradients = Sequence[Tensor | None]
"""The gradient of each parameter; None where the loss does not depend on it."""

_NO_OPS = (aten_operator("detach.default"), aten_operator("alias.default"))
_POWER = aten_operator("pow.Tensor_Scalar")
_TRANSPOSE = aten_operator("t.default")
_ONES_LIKE = aten_operator("ones_like.default")


@dataclass(frozen=True, slots=True)
class TracedGradients:
    """A trace, which needs no autograd.

    Attributes
    ----------
    replay : callable
        Gives zeros for parameters without a gradient.
    present : tuple of bool, or None
        Which parameters have a gradient; None if all have one.
    """

    replay: GradientFunction
    present: tuple[bool, ...] | None


def does_nothing_but_compute(network: nn.Module) -> bool:
    """Return whether a network consists of PyTorch's layers and of classes that only compute.

    Other code of a person's own might do anything, and not at each call.
    """
    return not has_hooks(network) and all(
        "forward" not in vars(each)
        # Recurrent layers keep a second list of their parameters, which tracing would mix up.
        and not isinstance(each, nn.RNNBase)
        if type(each).__module__.startswith(LAYER_PACKAGES)
        else only_computes(each)
        for each in network.modules()
    )


def faithful_trace(
    function: GradientFunction,
    reference: Callable[[Tensor, Tensor], Gradients],
    examples: tuple[Sequence[Tensor], Tensor, Tensor],
    network: nn.Module,
) -> TracedGradients | None:
    """Trace a function that computes gradients of a network, if the trace computes the same.

    Parameters
    ----------
    function : callable
        From (parameters, inputs, targets) to gradients; may use autograd.
    reference : callable
        From (inputs, targets) to gradients, by the network itself.
    examples : tuple
        Arguments to trace with. The result only fits arguments of these shapes.
    network : nn.Module
        Is left as it was.

    Returns
    -------
    TracedGradients or None
        None where tracing fails; where the trace gives other numbers for other inputs or for
        several calls in a row, or leaves other buffers or random numbers behind; and where a
        call changes the network's attributes or its inputs.
    """
    parameters, inputs, targets = examples
    try:
        # Needs a class of PyTorch that is not public: where it is gone, nothing is traced.
        from playground.torch_internals.recorder import record

        with _restored(network):
            graph = record(partial(function, *examples), (*parameters, inputs, targets))
        flat: Callable[..., Sequence[Tensor]] = _simplify(graph).forward
        tries = [
            copy_with_layout(each, inputs)
            for each in (inputs, -inputs.flip(0), 3 * inputs, inputs, inputs / 3)
        ]
        before = fingerprint(network)
        with _restored(network):
            expected = [_outcome(reference(each.clone(), targets), network) for each in tries]
            if fingerprint(network) != before:
                return None
    except Exception:  # a network may do anything; what can't be traced runs untraced
        return None

    def replay(parameters: Sequence[Tensor], inputs: Tensor, targets: Tensor) -> Sequence[Tensor]:
        return flat(*parameters, inputs, targets)

    with _restored(network):
        for tried, (gradients, others) in zip(tries, expected, strict=True):
            given = copy_with_layout(tried, inputs)
            try:
                replayed, others_replayed = _outcome(replay(parameters, given, targets), network)
            except RuntimeError:  # as where a layout differs from the recorded one
                return None
            if not (
                torch.equal(given, tried)
                and _agree(replayed, gradients)
                and _agree(others_replayed, others)
            ):
                return None
    masks = {tuple(each is not None for each in gradients) for gradients, _ in expected}
    if len(masks) > 1:
        return None
    mask = masks.pop()
    return TracedGradients(replay, None if all(mask) else mask)


def copy_with_layout(values: Tensor, like: Tensor) -> Tensor:
    """Copy values into memory with the strides of another tensor, as operators depend on them."""
    return torch.empty_strided(like.shape, like.stride(), dtype=like.dtype).copy_(values)


@contextmanager
def _restored(network: nn.Module) -> Iterator[None]:
    """Let a network be called without a trace, always with the same random numbers."""
    state = ModuleState(network)
    with torch.random.fork_rng(devices=[]):
        torch.default_generator.manual_seed(0)
        try:
            yield
        finally:
            state.restore()


def _outcome(gradients: Gradients, network: nn.Module) -> tuple[Gradients, list[Tensor]]:
    """Copy gradients, buffers and the state of the random generator after a call."""
    copies = [None if each is None else each.clone() for each in gradients]
    return copies, [*(each.clone() for each in held_tensors(network)), torch.get_rng_state()]


def _agree(replayed: Gradients, expected: Gradients) -> bool:
    """Return whether tensors are equal to rounding; zeros stand for None."""
    return all(
        each is not None
        and (
            not each.any()
            if like is None
            else torch.allclose(each, like, rtol=1e-4, atol=1e-6, equal_nan=True)
        )
        for each, like in zip(replayed, expected, strict=True)
    )


def _simplify(graph: fx.GraphModule) -> fx.GraphModule:
    _remove_no_ops(graph.graph)
    _fold_constants(graph)
    graph.graph.eliminate_dead_code()
    for node in graph.graph.nodes:
        if node.op == "call_function":
            node.target = unwrap_operator(node.target)
    graph.recompile()
    return graph


def _remove_no_ops(graph: fx.Graph) -> None:
    for node in graph.nodes:
        if node.target in _NO_OPS or (node.target is _POWER and node.args[1] == 1):
            node.replace_all_uses_with(node.args[0])
        elif _is_transpose(node) and _is_transpose(node.args[0]):
            node.replace_all_uses_with(node.args[0].args[0])


def _fold_constants(graph: fx.GraphModule) -> None:
    """Compute once what is the same for each batch: all that follows from the loss's slope, 1."""
    constants: dict[fx.Node, Tensor] = {}
    for node in graph.graph.nodes:
        if node.op != "call_function" or not _always_gives_the_same(node.target):
            continue
        if node.target is _ONES_LIKE:
            constants[node] = torch.ones(node.meta["shape"], dtype=node.meta["dtype"])
        elif node.all_input_nodes and all(each in constants for each in node.all_input_nodes):
            arguments = fx.node.map_arg(node.args, constants.__getitem__)
            constants[node] = node.target(*arguments, **node.kwargs)
    for number, (node, value) in enumerate(constants.items()):
        graph.register_buffer(f"constant_{number}", value.contiguous())
        with graph.graph.inserting_before(node):
            node.replace_all_uses_with(graph.graph.get_attr(f"constant_{number}"))


def _always_gives_the_same(operator: Any) -> bool:  # noqa: ANN401 (a node's target may be anything)
    """Return whether an operator draws no random numbers and changes nothing in place."""
    name = str(operator).removeprefix("aten.").split(".")[0]
    return torch.Tag.nondeterministic_seeded not in getattr(
        operator, "tags", ()
    ) and not name.endswith("_")


def _is_transpose(node: Any) -> bool:  # noqa: ANN401 (an argument of a graph node may be anything)
    return isinstance(node, fx.Node) and node.target is _TRANSPOSE
