"""The weights a layer starts from."""

from __future__ import annotations

import math
from collections.abc import Callable

from torch import Generator, Tensor
from torch.nn import init

Initialiser = Callable[[Tensor, Tensor, Generator], None]


def _pytorch(weight: Tensor, bias: Tensor, generator: Generator) -> None:
    """Draw what `nn.Linear` draws: both uniform within ±1 / sqrt(inputs)."""
    init.kaiming_uniform_(weight, a=math.sqrt(5), generator=generator)
    bound = 1 / math.sqrt(weight.shape[1])
    init.uniform_(bias, -bound, bound, generator=generator)


def _xavier(weight: Tensor, bias: Tensor, generator: Generator) -> None:
    """Draw uniformly so that signals keep their size (Glorot and Bengio 2010)."""
    init.xavier_uniform_(weight, generator=generator)
    init.zeros_(bias)


def _he(weight: Tensor, bias: Tensor, generator: Generator) -> None:
    """Draw normally with variance 2 / inputs, made for ReLU (He et al. 2015)."""
    init.kaiming_normal_(weight, generator=generator)
    init.zeros_(bias)


def _uniform(weight: Tensor, bias: Tensor, generator: Generator) -> None:
    """Draw weights within ±0.5, all biases 0.1, as TensorFlow Playground does."""
    init.uniform_(weight, -0.5, 0.5, generator=generator)
    init.constant_(bias, 0.1)


def _zero(weight: Tensor, bias: Tensor, generator: Generator) -> None:
    """Start from nothing: all units of a layer stay alike, so nobody does it."""
    init.zeros_(weight)
    init.zeros_(bias)


INITIALISERS: dict[str, Initialiser] = {
    "PyTorch default": _pytorch,
    "Xavier": _xavier,
    "He": _he,
    "uniform": _uniform,
    "zero": _zero,
}
"""Name to a function that fills, in place, a layer's weights of shape (outputs, inputs) and its
biases of shape (outputs,), with all chance drawn from the generator."""
