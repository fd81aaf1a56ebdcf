"""Proof, from its source, that the `forward` of a person's own class does nothing but compute."""

from __future__ import annotations

import ast
import inspect
import textwrap
from functools import lru_cache
from types import FunctionType, ModuleType

import torch
from torch import Tensor, nn
from torch.nn import functional

_FUNCTIONS = {
    "abs", "cat", "celu", "clamp", "cos", "elu", "exp", "flatten", "gelu", "hardswish",
    "hardtanh", "leaky_relu", "log_softmax", "logsigmoid", "matmul", "maximum", "mean",
    "minimum", "mish", "mul", "normalize", "prelu", "relu", "relu6", "reshape", "selu",
    "sigmoid", "silu", "sin", "softmax", "softplus", "softsign", "sqrt", "square", "stack",
    "sum", "tanh", "tanhshrink",
}  # fmt: skip
"""Functions of `torch` and of `torch.nn.functional` whose results depend on arguments alone."""

_METHODS = {
    "abs", "clamp", "cos", "exp", "flatten", "log_softmax", "matmul", "mean", "mul", "permute",
    "pow", "relu", "reshape", "sigmoid", "sin", "softmax", "sqrt", "square", "squeeze", "sum",
    "tanh", "transpose", "unsqueeze", "view",
}  # fmt: skip
_OPERATORS = (ast.Add, ast.Sub, ast.Mult, ast.Div, ast.Pow, ast.MatMult, ast.USub)
_METHODS_THAT_CALL = ("__call__", "__getattr__", "__setattr__")


def only_computes(module: nn.Module) -> bool:
    """Return whether calling a module of a person's own class can have no effect but its result.

    True only for a `forward` without conditions, methods of its own, names from elsewhere or
    changes in place: of layers, arithmetic, and functions and methods known to depend on nothing
    but their arguments. Everything else counts as unknown.
    """
    kind = type(module)
    if any(getattr(kind, name) is not getattr(nn.Module, name) for name in _METHODS_THAT_CALL):
        return False
    forward = kind.forward
    if not isinstance(forward, FunctionType) or "forward" in vars(module):
        return False
    definition = _definition(forward)
    return definition is not None and _Reader(module, forward, definition).is_plain()


@lru_cache(maxsize=256)
def _definition(function: FunctionType) -> ast.FunctionDef | None:
    """Return the definition of a function; None if it is not known, or not as it is run."""
    try:
        (definition,) = ast.parse(textwrap.dedent(inspect.getsource(function))).body
    except (OSError, TypeError, SyntaxError, ValueError):
        return None
    if not isinstance(definition, ast.FunctionDef) or definition.decorator_list:
        return None
    # The file may have been changed since.
    loaded = {each.attr for each in ast.walk(definition) if isinstance(each, ast.Attribute)}
    names = {each.id for each in ast.walk(definition) if isinstance(each, ast.Name)}
    return definition if set(function.__code__.co_names) <= loaded | names else None


class _Reader:
    """Reads the definition of a `forward`, knowing the module that it belongs to."""

    def __init__(
        self, module: nn.Module, forward: FunctionType, definition: ast.FunctionDef
    ) -> None:
        arguments = definition.args
        names = [each.arg for each in arguments.args]
        self._has_plain_arguments = len(names) == 2 and not (
            arguments.vararg or arguments.kwarg or arguments.kwonlyargs or arguments.defaults
        )
        self._self, self._values = names[0] if names else "", set(names[1:])
        self._layers: set[str] = set()
        self._module, self._globals = module, forward.__globals__
        self._body = definition.body

    def is_plain(self) -> bool:
        return self._has_plain_arguments and all(map(self._is_plain_statement, self._body))

    def _is_plain_statement(self, node: ast.stmt) -> bool:
        match node:
            case ast.Expr(ast.Constant(str())) | ast.Return(None):
                return True
            case ast.Return(ast.expr() as value):
                return self._is_value(value)
            case ast.Assign([ast.Name(name)], value) if name != self._self:
                plain = self._is_value(value)
                self._values.add(name)
                self._layers.discard(name)
                return plain
            case ast.For(ast.Name(name), layers, body, []) if name != self._self:
                if type(self._own(layers)) not in (nn.ModuleList, nn.Sequential):
                    return False
                self._layers.add(name)
                self._values.discard(name)
                return all(map(self._is_plain_statement, body))
        return False

    def _is_value(self, node: ast.expr) -> bool:
        """Return whether an expression is a tensor or number that follows from the arguments."""
        match node:
            case ast.Constant():
                return True
            case ast.Name(name):
                return name in self._values
            case ast.Attribute():
                return isinstance(self._own(node), Tensor | int | float)
            case ast.BinOp(left, operator, right):
                return isinstance(operator, _OPERATORS) and all(map(self._is_value, (left, right)))
            case ast.UnaryOp(ast.USub(), operand):
                return self._is_value(operand)
            case ast.List(elements) | ast.Tuple(elements):
                return all(map(self._is_value, elements))
            case ast.Subscript(value, place):
                return self._is_value(value) and self._is_place(place)
            case ast.Call(called, arguments, keywords):
                return (
                    self._is_pure(called)
                    and all(map(self._is_value, arguments))
                    and all(
                        each.arg not in (None, "out", "inplace") and self._is_value(each.value)
                        for each in keywords
                    )
                )
        return False

    def _is_place(self, node: ast.expr) -> bool:
        match node:
            case ast.Tuple(elements):
                return all(map(self._is_place, elements))
            case ast.Slice(lower, upper, step):
                return all(each is None or self._is_place(each) for each in (lower, upper, step))
            case ast.UnaryOp(ast.USub(), ast.Constant()) | ast.Constant():
                return True
        return False

    def _is_pure(self, node: ast.expr) -> bool:
        """Return whether what is called is a layer, or a function known to be pure."""
        match node:
            case ast.Name(name):
                return name in self._layers
            case ast.Attribute(value, name):
                if isinstance(self._own(node), nn.Module):
                    return True
                if self._is_value(value):
                    return name in _METHODS
                return name in _FUNCTIONS and self._package(value) in (torch, functional)
        return False

    def _own(self, node: ast.expr) -> object:
        """Return what an expression such as `self.block.layer` is; None if it is anything else."""
        match node:
            case ast.Attribute(ast.Name(name), attribute) if name == self._self:
                return _stored_attribute(self._module, attribute)
            case ast.Attribute(ast.Attribute() as value, attribute):
                owner = self._own(value)
                return _stored_attribute(owner, attribute) if isinstance(owner, nn.Module) else None
        return None

    def _package(self, node: ast.expr) -> object:
        """Return the package that an expression such as `torch.nn.functional` names."""
        match node:
            case ast.Name(name) if name not in self._values:
                found = self._globals.get(name)
            case ast.Attribute(value, name):
                found = getattr(self._package(value), name, None)
            case _:
                return None
        return found if isinstance(found, ModuleType) else None


def _stored_attribute(module: nn.Module, name: str) -> object:
    """Return an attribute that is kept, not computed as that of a property is; None if not."""
    kept: dict[str, object] = {
        **vars(module),
        **dict(module.named_parameters(recurse=False)),
        **dict(module.named_buffers(recurse=False)),
        **dict(module.named_children()),
    }
    return None if name in vars(nn.Module()) and name != "training" else kept.get(name)
