"""The state of any PyTorch module: all that decides what it computes next, kept and put back."""

from __future__ import annotations

import random
from collections import deque
from collections.abc import Callable, Hashable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from functools import partial
from typing import Any

import numpy as np
import torch
from torch import Tensor, nn

from playground.torch_internals.modules import has_hooks, registries

LAYER_PACKAGES = ("torch.nn.", "playground.")
"""Packages whose layers do nothing but compute, and draw random numbers for dropout only."""
_STATELESS_PACKAGES = ("torch.", "playground.")
"""Packages whose modules keep no state but their tensors."""

_NAMES_OF_ALL_MODULES = frozenset({*vars(nn.Module()), *dir(nn.Module)})
_NUMBERS = (int, float, bool)


class ModuleState:
    """A copy of parameters, buffers, modes and, for classes of the user's own, attributes.

    Attributes that are tensors, arrays, random generators or containers are copied with their
    contents; of any other object only the reference is kept.

    Parameters
    ----------
    module : nn.Module
    """

    def __init__(self, module: nn.Module) -> None:
        with torch.inference_mode(False), torch.no_grad():
            self._modes = [(each, each.training) for each in module.modules()]
            tensors = [*module.parameters(), *module.buffers()]
            self._tensors = [(each, each.detach().clone()) for each in tensors]
            self._attributes = [_attributes_of(each) for each in _own_modules(module)]
            self._registries = [
                _refill(registry, (), partial(registry.update, dict(registry)))
                for each in module.modules()
                for registry in registries(each)
            ]

    def restore(self, *, modes: bool = True) -> None:
        """Put everything back into the module, in place; its modes only if asked for."""
        with torch.inference_mode(False), torch.no_grad():
            for each, training in self._modes if modes else ():
                each.training = training
            # Other parameters, buffers or layers may have been put in the place of the first.
            for put_back in (*self._attributes, *self._registries):
                put_back()
            for tensor, value in self._tensors:
                _set_tensor(tensor, value)


@contextmanager
def preserved(module: nn.Module) -> Iterator[None]:
    """Let a module be called without a trace: its state and global random numbers stay."""
    state, torch_rng = ModuleState(module), torch.get_rng_state()
    own_code = has_hooks(module) or any(True for _ in _own_modules(module))
    other_rngs = (random.getstate(), np.random.get_state()) if own_code else None
    try:
        yield
    finally:
        state.restore()
        torch.set_rng_state(torch_rng)
        if other_rngs is not None:
            random.setstate(other_rngs[0])
            np.random.set_state(other_rngs[1])


def fingerprint(module: nn.Module) -> Hashable:
    """Return what tells whether settings, parts, parameters or hooks of a module have changed.

    Values of parameters and buffers are not in it.
    """
    parts = [
        (id(each), *(_identity(value) for value in vars(each).values()))
        for each in module.modules()
    ]
    parameters = [(id(each), each.requires_grad) for each in module.parameters()]
    return has_hooks(module), tuple(parts), tuple(parameters)


def eval_outputs(module: nn.Module, inputs: Tensor) -> Tensor:
    """Return what a module computes in evaluation mode, and leave the module as it was.

    Parameters
    ----------
    module : nn.Module
    inputs : Tensor of shape (n, features)
        Not changed, even if the module changes its input.
    """
    try:
        return _evaluate(module, inputs, gradients=False)
    except RuntimeError as error:
        if "grad" not in str(error):
            raise
        return _evaluate(module, inputs, gradients=True)  # it computes gradients by itself


def fresh_copy(inputs: Tensor) -> Tensor:
    """Copy inputs so that a module may reshape and change them, and autograd save them."""
    return inputs.clone(memory_format=torch.contiguous_format)


def held_tensors(module: nn.Module) -> list[Tensor]:
    """Return the buffers of a module, and a copy of the numbers that its own classes keep.

    The buffers are those in use. Their number and shapes are the same at all times, unless the
    module itself changes them.
    """
    numbers = [getattr(owner, name) for owner, name in _number_names(module)]
    return [*module.buffers(), torch.tensor(numbers, dtype=torch.float64)]


def load_held_tensors(module: nn.Module, tensors: Sequence[Tensor]) -> None:
    """Load copies of what `held_tensors` returned, in place."""
    *buffers, numbers = tensors
    for buffer, value in zip(module.buffers(), buffers, strict=True):
        buffer.copy_(value)
    for (owner, name), number in zip(_number_names(module), numbers.tolist(), strict=True):
        setattr(owner, name, type(getattr(owner, name))(number))


def number_names(module: nn.Module) -> list[str]:
    """Return the names of the numbers that `held_tensors` ends with."""
    names = {id(each): name for name, each in module.named_modules()}
    return [f"{names[id(owner)]}.{name}".lstrip(".") for owner, name in _number_names(module)]


def fit_numbers(module: nn.Module, numbers: Sequence[float]) -> bool:
    """Return whether numbers can be those of the module: whole where it has whole ones."""
    owners = _number_names(module)
    return len(numbers) == len(owners) and all(
        type(getattr(owner, name)) is float or number.is_integer()
        for (owner, name), number in zip(owners, numbers, strict=True)
    )


def _identity(value: object) -> Hashable:
    return value if isinstance(value, bool | int | float | str) else id(value)


def _evaluate(module: nn.Module, inputs: Tensor, *, gradients: bool) -> Tensor:
    with torch.inference_mode(False), torch.set_grad_enabled(gradients), preserved(module):
        module.eval()
        result = module(fresh_copy(inputs))
        # It may be memory of the module, which is put back.
        return result.detach().clone() if isinstance(result, Tensor) else result


def _own_modules(module: nn.Module) -> Iterator[nn.Module]:
    """Yield the parts of a module that are of a class of the user's own."""
    for each in module.modules():
        if not type(each).__module__.startswith(_STATELESS_PACKAGES):
            yield each


def _number_names(module: nn.Module) -> list[tuple[nn.Module, str]]:
    return [
        (each, name)
        for each in _own_modules(module)
        for name in _own_names(each)
        if type(getattr(each, name)) in _NUMBERS
    ]


def _own_names(module: nn.Module) -> list[str]:
    """Return the names of attributes of a module that not all modules have, its class's too."""
    classes = (each for each in type(module).__mro__ if not issubclass(nn.Module, each))
    defaults = [
        name for each in classes for name, value in vars(each).items() if type(value) in _NUMBERS
    ]
    return sorted({*vars(module), *defaults} - _NAMES_OF_ALL_MODULES)


def _attributes_of(module: nn.Module) -> Callable[[], None]:
    """Copy the attributes of a module; return a function that puts them back."""
    attributes = dict(vars(module))
    contents = [
        _contents(value) for name, value in attributes.items() if name not in _NAMES_OF_ALL_MODULES
    ]

    def put_back() -> None:
        current = vars(module)
        for name in current.keys() - attributes.keys():
            del current[name]
        current.update(attributes)
        for each in contents:
            each()

    return put_back


def _contents(value: object) -> Callable[[], object]:
    """Copy what is inside an object; return a function that puts it back."""
    match value:
        case Tensor():
            copied = value.detach().clone()
            return lambda: _set_tensor(value, copied)
        case np.ndarray():
            array = value.copy()
            return lambda: np.copyto(value, array)
        case torch.Generator():
            generator_state = value.get_state()
            return lambda: value.set_state(generator_state)
        case random.Random():
            python_state = value.getstate()
            return lambda: value.setstate(python_state)
        case np.random.Generator():
            numpy_state = value.bit_generator.state
            return lambda: setattr(value.bit_generator, "state", numpy_state)
        case dict():
            return _refill(value, value.values(), partial(value.update, dict(value)))
        case list() | deque():
            return _refill(value, value, partial(value.extend, list(value)))
        case set():
            return _refill(value, (), partial(value.update, set(value)))
    return _do_nothing


def _refill(
    container: dict[Any, Any] | list[Any] | deque[Any] | set[Any],
    members: Iterable[object],
    fill: Callable[[], None],
) -> Callable[[], None]:
    # One level deep: containers of containers could be circular, or a whole data set.
    inner = [_contents(each) for each in members if isinstance(each, Tensor)]

    def put_back() -> None:
        container.clear()
        fill()
        for each in inner:
            each()

    return put_back


def _do_nothing() -> None:
    """Put nothing back."""


def _set_tensor(tensor: Tensor, value: Tensor) -> None:
    if tensor.shape == value.shape:
        tensor.detach().copy_(value)
    else:
        tensor.data = value.clone()
