"""ATen operators as JavaScript expressions, on numpy arrays whose elements are expressions."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np
import numpy.typing as npt

Expressions = npt.NDArray[np.object_]
"""Expressions of JavaScript, in the shape of the tensor that they compute."""
Bind = Callable[[str], str]
"""Keeps an expression in a constant and returns the constant's name."""

_MATH_FUNCTIONS = (
    *("abs", "ceil", "floor", "sign", "trunc", "sqrt"),
    *("exp", "expm1", "log", "log10", "log1p", "log2"),
    *("acos", "acosh", "asin", "asinh", "atan", "atanh"),
    *("cos", "cosh", "sin", "sinh", "tan", "tanh"),
)

_COMPARISONS = {"eq": "===", "ne": "!==", "lt": "<", "le": "<=", "gt": ">", "ge": ">="}


def _add(x: str, y: str, alpha: float = 1) -> str:
    return f"{x} + {y}" if alpha == 1 else f"{x} + {alpha} * {y}"


def _sub(x: str, y: str, alpha: float = 1) -> str:
    return f"{x} - {y}" if alpha == 1 else f"{x} - {alpha} * {y}"


def _div(x: str, y: str, rounding_mode: str | None = None) -> str:
    return f"Math.{rounding_mode}({x} / {y})" if rounding_mode else f"{x} / {y}"


def _clamp(x: str, low: str | None = None, high: str | None = None, **limits: float) -> str:
    low, high = low or _text(limits.get("min")), high or _text(limits.get("max"))
    raised = f"Math.max({low}, {x})" if low else x
    return f"Math.min({high}, {raised})" if high else raised


def _text(limit: float | None) -> str | None:
    return None if limit is None else f"({limit!r})"


def _elu(x: str, alpha: str = "1", scale: str = "1", input_scale: str = "1") -> str:
    negative = f"{alpha} * Math.expm1({input_scale} * {x})"
    return f"{scale} * ({x} > 0 ? {x} : {negative})"


def _gelu(x: str, approximate: str = "none") -> str:
    if approximate == "tanh":
        inner = f"Math.sqrt(2 / Math.PI) * ({x} + 0.044715 * {x} ** 3)"
        return f"0.5 * {x} * (1 + Math.tanh({inner}))"
    return f"0.5 * {x} * (1 + erf({x} * Math.SQRT1_2))"


ELEMENTWISE: dict[str, Callable[..., str]] = {
    **{name: f"Math.{name}({{0}})".format for name in _MATH_FUNCTIONS},
    **{name: f"{{0}} {sign} {{1}}".format for name, sign in _COMPARISONS.items()},
    "add": _add,
    "sub": _sub,
    "mul": "{0} * {1}".format,
    "div": _div,
    "neg": "-{0}".format,
    "pow": "Math.pow({0}, {1})".format,
    "rsqrt": "1 / Math.sqrt({0})".format,
    "reciprocal": "1 / {0}".format,
    "erf": "erf({0})".format,
    "remainder": "{0} - {1} * Math.floor({0} / {1})".format,
    "fmod": "{0} % {1}".format,
    "atan2": "Math.atan2({0}, {1})".format,
    "maximum": "Math.max({0}, {1})".format,
    "minimum": "Math.min({0}, {1})".format,
    "clamp": _clamp,
    "where": "{0} ? {1} : {2}".format,
    **dict.fromkeys(("logical_and", "bitwise_and"), "{0} && {1}".format),
    **dict.fromkeys(("logical_or", "bitwise_or"), "{0} || {1}".format),
    **dict.fromkeys(("logical_not", "bitwise_not"), "!{0}".format),
    "isnan": "Number.isNaN({0})".format,
    "sigmoid": "1 / (1 + Math.exp(-{0}))".format,
    "relu": "Math.max(0, {0})".format,
    "leaky_relu": lambda x, slope="0.01": f"{x} > 0 ? {x} : {slope} * {x}",
    "hardtanh": lambda x, low="(-1)", high="1": f"Math.min({high}, Math.max({low}, {x}))",
    "elu": _elu,
    "gelu": _gelu,
    "full_like": lambda _x, value: value,
    "zeros_like": lambda _x: "0",
    "ones_like": lambda _x: "1",
}
"""Expressions by operator; they are called with the expressions of one element of each argument."""


def _slice(
    x: Expressions, dim: int = 0, start: int | None = None, end: int | None = None, step: int = 1
) -> Expressions:
    return x[(*[slice(None)] * (dim % x.ndim), slice(start, end, step))]


def _expand(x: Expressions, sizes: Sequence[int]) -> Expressions:
    padded = (1,) * (len(sizes) - x.ndim) + x.shape
    shape = [own if size == -1 else size for size, own in zip(sizes, padded, strict=True)]
    return np.broadcast_to(x, shape)


def _cat(parts: Sequence[Expressions], dim: int = 0) -> Expressions:
    return np.concatenate([each for each in parts if each.size], dim)


def _squeeze(x: Expressions, dims: int | Sequence[int] | None = None) -> Expressions:
    axes = range(x.ndim) if dims is None else np.atleast_1d(np.array(dims, int)).tolist()
    return x.squeeze(tuple(axis for axis in axes if x.shape[axis] == 1))


RESHAPING: dict[str, Callable[..., Expressions]] = {
    **dict.fromkeys(("alias", "clone", "detach", "lift_fresh_copy"), lambda x: x),
    **dict.fromkeys(("view", "reshape", "_unsafe_view"), lambda x, shape: x.reshape(shape)),
    "select": lambda x, dim, index: np.take(x, index, dim),
    "slice": _slice,
    "unsqueeze": np.expand_dims,
    "squeeze": _squeeze,
    "expand": _expand,
    "permute": np.transpose,
    "transpose": np.swapaxes,
    "t": np.transpose,
    "flip": np.flip,
    "cat": _cat,
    "stack": lambda parts, dim=0: np.stack(parts, dim),
}
"""Operators that move elements without computing anything."""


def softmax(x: Expressions, dim: int, bind: Bind, *, log: bool) -> Expressions:
    """Softmax along an axis, or its logarithm, without overflow."""
    result = np.empty_like(x)
    rows, out = np.moveaxis(x, dim, -1), np.moveaxis(result, dim, -1)
    for index in np.ndindex(rows.shape[:-1]):
        largest = bind(f"Math.max({', '.join(rows[index])})")
        shifted = [bind(f"{each} - {largest}") for each in rows[index]]
        powers = [bind(f"Math.exp({each})") for each in shifted]
        total = bind(" + ".join(powers))
        out[index] = (
            [bind(f"{each} - Math.log({total})") for each in shifted]
            if log
            else [bind(f"{each} / {total}") for each in powers]
        )
    return result


def matrix_product(x: Expressions, y: Expressions, bind: Bind) -> Expressions:
    """Multiply matrices of shapes (n, k) and (k, m)."""
    result = np.empty((x.shape[0], y.shape[1]), object)
    for row, column in np.ndindex(result.shape):
        terms = zip(x[row], y[:, column], strict=True)
        result[row, column] = bind(" + ".join(f"{one} * {other}" for one, other in terms))
    return result


REDUCTIONS: dict[str, Callable[[list[str]], str]] = {
    "sum": " + ".join,
    "prod": " * ".join,
    "mean": lambda elements: f"({' + '.join(elements)}) / {len(elements)}",
    "amax": lambda elements: f"Math.max({', '.join(elements)})",
    "amin": lambda elements: f"Math.min({', '.join(elements)})",
}
"""Operators that make one element of several, by name: from all their expressions to one."""


def reduce_axes(
    operator: str,
    bind: Bind,
    x: Expressions,
    dims: int | Sequence[int] | None = None,
    keepdim: bool = False,
    **_options: object,
) -> Expressions:
    """Reduce the elements along axes by one of `REDUCTIONS`."""
    listed = range(x.ndim) if dims is None or dims == [] else np.atleast_1d(dims).tolist()
    axes = [axis % x.ndim for axis in listed]
    kept = [axis for axis in range(x.ndim) if axis not in axes]
    rows = np.transpose(x, [*kept, *axes]).reshape([x.shape[axis] for axis in kept] + [-1])
    result = np.empty(rows.shape[:-1], object)
    for index in np.ndindex(result.shape):
        result[index] = bind(REDUCTIONS[operator]([str(each) for each in rows[index]]))
    return np.expand_dims(result, axes) if keepdim else result
