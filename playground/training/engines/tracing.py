"""Traces a function that computes gradients into a list of tensor operations.

For tiny networks nearly all the time of an autograd step is overhead: modules call modules, a
graph is recorded, the backward pass is scheduled. Operations of one forward and backward pass that
are recorded once and then replayed have no such overhead.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import torch
from torch import Tensor, fx

from playground.torch_kernels import aten_operator, unwrapped

GradientFunction = Callable[[Sequence[Tensor], Tensor, Tensor], Sequence[Tensor]]

_NO_OPS = (aten_operator("detach.default"), aten_operator("alias.default"))
_POWER = aten_operator("pow.Tensor_Scalar")
_TRANSPOSE = aten_operator("t.default")
_ONES_LIKE = aten_operator("ones_like.default")


def traced_if_faithful(
    function: GradientFunction, examples: tuple[Sequence[Tensor], Tensor, Tensor]
) -> GradientFunction:
    """Trace a function that computes gradients, if the trace computes the same.

    Parameters
    ----------
    function : callable
        From (parameters, inputs, targets) to gradients; may use autograd.
    examples : tuple
        Arguments to trace with. The result only fits arguments of these shapes.

    Returns
    -------
    callable
        The trace, which needs no autograd; `function` itself where tracing fails or gives other
        numbers, as for a network whose control flow depends on the data.
    """
    try:
        # Not a public module of PyTorch: where it is gone, nothing is traced.
        from torch.fx.experimental.proxy_tensor import make_fx

        # A plain function, since the tracer would count a method's `self` as an argument.
        graph = make_fx(lambda *arguments: function(*arguments))(*examples)
    except Exception:  # a network may do anything; what can't be traced runs untraced
        return with_autograd(function)
    flat: Callable[..., Sequence[Tensor]] = _simplified(graph).forward

    def traced(parameters: Sequence[Tensor], inputs: Tensor, targets: Tensor) -> Sequence[Tensor]:
        return flat(*parameters, inputs, targets)

    return traced if _results_agree(traced, function, examples) else with_autograd(function)


def with_autograd(function: GradientFunction) -> GradientFunction:
    """Wrap a function that uses autograd so that it can be called in inference mode."""

    def wrapper(parameters: Sequence[Tensor], inputs: Tensor, targets: Tensor) -> Sequence[Tensor]:
        with torch.inference_mode(False), torch.enable_grad():
            # Autograd can't save tensors made in inference mode, but it can save copies of them.
            return function(parameters, inputs.clone(), targets.clone())

    return wrapper


def _simplified(graph: fx.GraphModule) -> fx.GraphModule:
    _remove_no_ops(graph.graph)
    _fold_constants(graph)
    graph.graph.eliminate_dead_code()
    for node in graph.graph.nodes:
        if node.op == "call_function":
            node.target = unwrapped(node.target)
    # Plain code generation: the tracer's packs and unpacks nested arguments at each call.
    graph.graph.set_codegen(fx.graph.CodeGen())
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
        if node.op != "call_function":
            continue
        if node.target is _ONES_LIKE:
            meta = node.meta["tensor_meta"]
            constants[node] = torch.ones(meta.shape, dtype=meta.dtype)
        elif node.all_input_nodes and all(each in constants for each in node.all_input_nodes):
            arguments = fx.node.map_arg(node.args, constants.__getitem__)
            constants[node] = node.target(*arguments, **node.kwargs)
    for number, (node, value) in enumerate(constants.items()):
        graph.register_buffer(f"constant_{number}", value.contiguous())
        with graph.graph.inserting_before(node):
            node.replace_all_uses_with(graph.graph.get_attr(f"constant_{number}"))


def _is_transpose(node: Any) -> bool:  # noqa: ANN401 (an argument of a graph node may be anything)
    return isinstance(node, fx.Node) and node.target is _TRANSPOSE


def _results_agree(
    traced: GradientFunction,
    function: GradientFunction,
    examples: tuple[Sequence[Tensor], Tensor, Tensor],
) -> bool:
    parameters, inputs, targets = examples
    # Other inputs too: the tracer may not notice a branch that depends on the data.
    for tried in (inputs, -inputs.flip(0), 3 * inputs):
        results = []
        for gradients in (traced, function):
            with torch.random.fork_rng(devices=[]):  # so that dropout drops the same in both
                torch.manual_seed(0)
                results.append(gradients(parameters, tried, targets))
        for replayed, expected in zip(*results, strict=True):
            if not torch.allclose(replayed, expected, rtol=1e-4, atol=1e-6, equal_nan=True):
                return False
    return True
