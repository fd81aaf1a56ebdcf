"""Translates PyTorch functions into JavaScript, so that a snapshot needs no second implementation.

A function is traced into a graph of ATen operators, and the graph is run on arrays whose elements
are JavaScript expressions instead of numbers. The result computes one row of samples.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from functools import cache
from operator import getitem
from typing import Any

import numpy as np
import numpy.typing as npt
import torch
from torch import Tensor
from torch.func import functionalize
from torch.fx import GraphModule, Interpreter, Node

from playground.errors import InputError
from playground.export.snapshot.translation.javascript_operators import (
    ELEMENTWISE,
    REDUCTIONS,
    RESHAPING,
    Expressions,
    matrix_product,
    reduce_axes,
    softmax,
)

TensorFunction = Callable[..., Tensor]

_CHECKS = 3
_NOT_ARITHMETIC = frozenset({"device", "dtype", "layout", "memory_format", "pin_memory"})
"""Keyword arguments of operators that make no difference to numbers in JavaScript."""


def to_javascript(function: TensorFunction, shapes: Sequence[tuple[int, ...]], name: str) -> str:
    """Translate a function of tensors into a JavaScript arrow function of numbers.

    Parameters
    ----------
    function : callable
        Takes tensors of the given shapes, whose number of samples is 1, and returns one.
    shapes : sequence of tuple of int
    name : str
        What the function is called in an error, such as "The feature 'xy'".

    Returns
    -------
    str
        Takes all elements of the tensors, row by row, as arguments of their own, and returns the
        elements of the result: one number, or an array of several. Needs `erf` of js/erf.js.

    Raises
    ------
    InputError
        If the function can't be traced, or uses an operator that has no translation.
    """
    graph = _trace(function, shapes, name)
    interpreter = _JavaScriptInterpreter(graph, name)
    parameters = _parameters(shapes)
    (computed,) = interpreter.run(*parameters)
    result = [str(each) for each in np.ravel(_to_expressions(computed))]
    returned = result[0] if len(result) == 1 else f"[{', '.join(result)}]"
    listed = ", ".join(name for array in parameters for name in array.ravel())
    if not interpreter.statements:
        return f"({listed}) => {returned}"
    return f"({listed}) => {{ {' '.join(interpreter.statements)} return {returned} }}"


def _parameters(shapes: Sequence[tuple[int, ...]]) -> list[Expressions]:
    """Name the elements of the arguments: x0, x1, ... of the first, then y0, y1, ..."""
    return [
        np.array([f"{letter}{n}" for n in range(math.prod(shape))], object).reshape(shape)
        for letter, shape in zip("xyz", shapes, strict=False)
    ]


def _trace(function: TensorFunction, shapes: Sequence[tuple[int, ...]], name: str) -> GraphModule:
    """Trace a function, and compare the graph with it on other numbers.

    The graph returns a tuple of one tensor.
    """
    generator = torch.Generator().manual_seed(0)
    examples = [
        [torch.rand(shape, generator=generator) for shape in shapes] for _ in range(1 + _CHECKS)
    ]
    try:
        with torch.no_grad():
            graph = _record(function, examples[0])
            checks = [(graph(*each)[0], function(*each)) for each in examples[1:]]
    except Exception as error:  # A user's function may do anything.
        raise InputError(_refusal(name, "it can't be traced by PyTorch")) from error
    if not all(torch.allclose(traced, true, equal_nan=True) for traced, true in checks):
        raise InputError(_refusal(name, "it does more than PyTorch's operators"))
    return graph


def _record(function: TensorFunction, example: Sequence[Tensor]) -> GraphModule:
    """Record the operators of a function, without any that change a tensor in place."""

    # Only functions with named parameters could be traced as they are.
    def positional(*tensors: Tensor) -> tuple[Tensor]:
        return (function(*tensors),)

    try:
        from playground.torch_internals.recorder import record
    except ImportError:  # the class of PyTorch that it needs is private
        from torch.fx.experimental.proxy_tensor import make_fx

        return make_fx(functionalize(positional), decomposition_table=_decompositions())(*example)
    graph = record(lambda: positional(*example), example, _decompositions())
    # `functionalize` has PyTorch import its compiler (two seconds) for what some losses do.
    if any(_is_in_place(node) for node in graph.graph.nodes):
        pure = functionalize(positional)
        graph = record(lambda: pure(*example), example, _decompositions())
    return graph


def _is_in_place(node: Node) -> bool:
    """Whether a step of a graph changes a tensor that is there already."""
    if node.op != "call_function" or node.target is getitem:
        return False
    return _name(node.target).endswith("_") or "out" in node.kwargs


@cache
def _decompositions() -> dict[Any, Callable[..., Any]]:
    """How PyTorch reduces composite operators to the core ones, such as SiLU to a sigmoid."""
    return dict(torch.export.default_decompositions())


def _name(operator: Any) -> str:  # noqa: ANN401 (operators have no public type)
    """Return the name of an operator, without its namespace and its overload."""
    return str(operator.name().partition("::")[2].partition(".")[0])


def _refusal(name: str, reason: str) -> str:
    return (
        f"{name} can't be computed in the browser, so there is no snapshot of this network: "
        f"{reason}. Arithmetic, comparisons, sums, powers, exponentials, logarithms and "
        "trigonometric functions of tensors are possible."
    )


class _JavaScriptInterpreter(Interpreter):
    """Runs a graph on arrays of JavaScript expressions, and collects a statement for each step."""

    def __init__(self, graph: GraphModule, name: str) -> None:
        super().__init__(graph)
        self.extra_traceback = False  # it would become a part of the sentence that users read
        self.statements: list[str] = []
        self._name = name

    def call_function(
        self,
        target: Any,  # noqa: ANN401 (an operator)
        args: tuple[Any, ...],
        kwargs: dict[str, Any],
    ) -> Any:  # noqa: ANN401 (an array, or whatever a constant is made from)
        """Translate one operator; what depends on no argument is computed by PyTorch."""
        if not any(isinstance(each, np.ndarray) for each in _flatten((*args, *kwargs.values()))):
            return super().call_function(target, args, kwargs)
        operator = _name(target)
        arguments = tuple(map(_to_expressions, args))
        options = {
            key: _to_expressions(value)
            for key, value in kwargs.items()
            if key not in _NOT_ARITHMETIC
        }
        if operator == "_to_copy":
            return self._convert(arguments[0], kwargs.get("dtype"))
        if operator in ELEMENTWISE:
            return self._each(ELEMENTWISE[operator], *arguments, **options)
        if operator in RESHAPING:
            return RESHAPING[operator](*arguments, **options)
        if operator in ("_softmax", "_log_softmax"):
            return softmax(arguments[0], arguments[1], self._bind, log=operator == "_log_softmax")
        if operator == "mm":
            return matrix_product(arguments[0], arguments[1], self._bind)
        if operator in REDUCTIONS:
            return reduce_axes(operator, self._bind, *arguments, **options)
        raise InputError(_refusal(self._name, f"it uses the operator {operator}"))

    def _convert(self, values: Expressions, dtype: torch.dtype | None) -> Expressions:
        if dtype is None:
            return values
        call = "Number({0})" if dtype.is_floating_point else "Math.trunc({0})"
        return self._each(call.format, values)

    def _each(self, expression: Callable[..., str], *arguments: Any, **options: Any) -> Expressions:
        """Apply an operator element by element."""
        columns = np.broadcast_arrays(*(np.asarray(each, object) for each in arguments))
        result = np.empty(columns[0].shape, object)
        for index in np.ndindex(result.shape):
            result[index] = self._bind(
                expression(*(_number(column[index]) for column in columns), **options)
            )
        return result

    def _bind(self, expression: str) -> str:
        """Keep an expression in a constant, so that it is computed once."""
        constant = f"t{len(self.statements)}"
        self.statements.append(f"const {constant} = {expression};")
        return constant


def _flatten(values: Sequence[Any]) -> list[Any]:
    return [
        each for value in values for each in (value if isinstance(value, list | tuple) else [value])
    ]


def _to_expressions(value: Any) -> Any:  # noqa: ANN401 (arguments of operators)
    """Turn constant tensors into arrays of numbers."""
    if isinstance(value, Tensor):
        array: npt.NDArray[np.object_] = value.detach().numpy().astype(object)
        return np.array(np.vectorize(_number, otypes=[object])(array), object)
    return [_to_expressions(each) for each in value] if isinstance(value, list) else value


def _number(value: object) -> object:
    """Write a number as JavaScript does; an expression stays as it is."""
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, int | float):
        text = "NaN" if math.isnan(value) else repr(value).replace("inf", "Infinity")
        return f"({text})" if text.startswith("-") else text
    return value
