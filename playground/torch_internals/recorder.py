"""Records which tensor operations a function calls.

PyTorch's `make_fx` does so too, but imports a compiler of 850 modules for it (two seconds), makes a
stand-in for each tensor (0.2 seconds for a tiny network), and changes `nn.Module` for all threads
while it lasts.

This module can only be imported where PyTorch has its private class `TorchDispatchMode`.
"""

from __future__ import annotations

import operator
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import torch
from torch import Tensor, fx, nn
from torch.utils._python_dispatch import TorchDispatchMode


class NotRecordableError(Exception):
    """A function reads a number out of a tensor (`.item()`, `if tensor`).

    Its operations may then depend on the data, and a graph holds only one sequence of them.
    """


def record(
    function: Callable[[], Sequence[Tensor]],
    inputs: Sequence[Tensor],
    decompositions: Mapping[Any, Callable[..., Any]] | None = None,
) -> fx.GraphModule:
    """Call a function, and return the operations that it called as a graph.

    Parameters
    ----------
    function : callable
        Computes tensors from `inputs`; may use autograd.
    inputs : sequence of Tensor
        What the graph takes, in this order. All other tensors, such as buffers, become attributes
        of the graph, which keeps the tensors themselves.
    decompositions : mapping, optional
        From operators to functions that compute the same by other operators, which are recorded
        in their place.

    Returns
    -------
    fx.GraphModule
        Returns the tuple of the function's results.

    Raises
    ------
    NotRecordableError
    """
    recorder = _Recorder(inputs, decompositions or {})
    with recorder:
        results = function()
    recorder.graph.output(tuple(map(recorder.node_of, results)))
    return fx.GraphModule(recorder.constants, recorder.graph)


class _Recorder(TorchDispatchMode):
    """Writes each operation below autograd into a graph, and has it computed."""

    @classmethod
    def _should_skip_dynamo(cls) -> bool:
        """Return False, since PyTorch would import its compiler to have this class left alone."""
        return False

    def __init__(
        self, inputs: Sequence[Tensor], decompositions: Mapping[Any, Callable[..., Any]]
    ) -> None:
        super().__init__()
        self._decompositions = decompositions
        self.graph = fx.Graph()
        self.constants = nn.Module()
        # By identity. The tensors are kept, since another one may be made where one was freed.
        self._nodes: dict[int, tuple[Tensor, fx.Node]] = {}
        for number, each in enumerate(inputs):
            self._nodes[id(each)] = each, self.graph.placeholder(f"input_{number}")

    def __torch_dispatch__(
        self,
        function: Any,  # noqa: ANN401 (operators have no public type)
        types: object,
        args: tuple[Any, ...] = (),
        kwargs: dict[str, Any] | None = None,
    ) -> object:
        if torch.Tag.data_dependent_output in function.tags:
            raise NotRecordableError(str(function))
        if self._decompositions:
            # Operators that PyTorch composes of others come as they are from a decomposition.
            decompose = self._decompositions.get(function, function.decompose)
            with self:
                result = decompose(*args, **(kwargs or {}))
            if result is not NotImplemented:
                return result
        node = self.graph.call_function(
            function,
            fx.node.map_aggregate(args, self.node_of),
            fx.node.map_aggregate(kwargs or {}, self.node_of),
        )
        result = function(*args, **(kwargs or {}))
        if isinstance(result, Tensor):
            node.meta["shape"], node.meta["dtype"] = result.shape, result.dtype
            self._nodes[id(result)] = result, node
        elif isinstance(result, tuple | list):
            for number, each in enumerate(result):
                if isinstance(each, Tensor):
                    part = self.graph.call_function(operator.getitem, (node, number))
                    self._nodes[id(each)] = each, part
        return result

    def node_of(self, value: Any) -> Any:  # noqa: ANN401 (an argument of an operator)
        """Return the node of a tensor, which becomes a constant if it is new; or the value."""
        if not isinstance(value, Tensor):
            return value
        if id(value) not in self._nodes:
            name = f"tensor_{len(self._nodes)}"
            self.constants.register_buffer(name, value)
            self._nodes[id(value)] = value, self.graph.get_attr(name)
        return self._nodes[id(value)][1]
