"""From a function of tensors to the bare list of operations behind it.

For tiny networks nearly all the time of an autograd step goes into bookkeeping: modules calling
modules, the graph being recorded, the backward pass being scheduled. Recording the operations of
one forward and backward pass once and replaying them leaves the bookkeeping out.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from typing import Any

import torch
from torch import Tensor, fx
from torch.fx.experimental.proxy_tensor import make_fx

GradientFunction = Callable[[Sequence[Tensor], Tensor, Tensor], Sequence[Tensor]]

_aten = torch.ops.aten
_NO_OPS = {_aten.detach.default, _aten.alias.default}


def traced_if_faithful(
    function: GradientFunction, examples: tuple[Sequence[Tensor], Tensor, Tensor]
) -> GradientFunction:
    """Trace a function that computes gradients, if that can be done faithfully.

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
        numbers, as for a network whose way through its layers depends on the data.
    """
    try:
        # A plain function, since the tracer would count a method's `self` as an argument.
        graph = make_fx(lambda *arguments: function(*arguments))(*examples)
    except Exception:  # A network may do anything; whatever can't be traced runs untraced.
        return with_autograd(function)
    flat: Callable[..., Sequence[Tensor]] = _simplified(graph).forward

    def traced(parameters: Sequence[Tensor], inputs: Tensor, targets: Tensor) -> Sequence[Tensor]:
        return flat(*parameters, inputs, targets)

    return traced if _results_agree(traced, function, examples) else with_autograd(function)


def with_autograd(function: GradientFunction) -> GradientFunction:
    """Return the function itself, fit to be called where autograd is switched off."""

    def wrapper(parameters: Sequence[Tensor], inputs: Tensor, targets: Tensor) -> Sequence[Tensor]:
        with torch.inference_mode(False), torch.enable_grad():
            # Autograd can't keep tensors that were made while it was off, but copies of them.
            return function(parameters, inputs.clone(), targets.clone())

    return wrapper


def _simplified(graph: fx.GraphModule) -> fx.GraphModule:
    _remove_no_ops(graph.graph)
    _fold_constants(graph)
    graph.graph.eliminate_dead_code()
    for node in graph.graph.nodes:
        if node.op == "call_function":
            node.target = _without_wrapper(node.target)
    # Plain code generation: the tracer's own packs and unpacks nested arguments at each call.
    graph.graph.set_codegen(fx.graph.CodeGen())
    graph.recompile()
    return graph


def _remove_no_ops(graph: fx.Graph) -> None:
    for node in graph.nodes:
        if node.target in _NO_OPS or (node.target is _aten.pow.Tensor_Scalar and node.args[1] == 1):
            node.replace_all_uses_with(node.args[0])
        elif node.target is _aten.t.default and _is_transpose(node.args[0]):
            node.replace_all_uses_with(node.args[0].args[0])


def _fold_constants(graph: fx.GraphModule) -> None:
    """Work out once what is the same for every batch: all that comes of the loss's own slope, 1."""
    constants: dict[fx.Node, Tensor] = {}
    for node in graph.graph.nodes:
        if node.op != "call_function":
            continue
        if node.target is _aten.ones_like.default:
            meta = node.meta["tensor_meta"]
            constants[node] = torch.ones(meta.shape, dtype=meta.dtype)
        elif node.all_input_nodes and all(each in constants for each in node.all_input_nodes):
            arguments = fx.node.map_arg(node.args, constants.__getitem__)
            constants[node] = node.target(*arguments, **node.kwargs)
    for number, (node, value) in enumerate(constants.items()):
        graph.register_buffer(f"constant_{number}", value.contiguous())
        with graph.graph.inserting_before(node):
            node.replace_all_uses_with(graph.graph.get_attr(f"constant_{number}"))


def _without_wrapper(operator: Any) -> Any:  # noqa: ANN401 (untyped in PyTorch)
    """Return the operator's compiled function: its Python wrapper doubles the cost of a call."""
    if not isinstance(operator, torch._ops.OpOverload):
        return operator
    call: Any = partial(operator._op)
    # Generated code refers to functions by name, and compiled ones have none.
    call.__name__ = call.__qualname__ = operator.name().replace("::", "_").replace(".", "_")
    call.__module__ = __name__
    return call


def _is_transpose(node: Any) -> bool:  # noqa: ANN401 (an argument of a graph node may be anything)
    return isinstance(node, fx.Node) and node.target is _aten.t.default


def _results_agree(
    traced: GradientFunction,
    function: GradientFunction,
    examples: tuple[Sequence[Tensor], Tensor, Tensor],
) -> bool:
    parameters, inputs, targets = examples
    # Other inputs too: a way that depends on the data may be taken without the tracer noticing.
    for seen in (inputs, -inputs.flip(0), 3 * inputs):
        results = []
        for gradients in (traced, function):
            with torch.random.fork_rng(devices=[]):  # so that dropout drops the same in both
                torch.manual_seed(0)
                results.append(gradients(parameters, seen, targets))
        for mine, theirs in zip(*results, strict=True):
            if not torch.allclose(mine, theirs, rtol=1e-4, atol=1e-6, equal_nan=True):
                return False
    return True
