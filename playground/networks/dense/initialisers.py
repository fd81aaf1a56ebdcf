"""The registry of functions that draw the initial weights and biases of a layer."""

from __future__ import annotations

import math
from collections.abc import Callable

from torch import Generator, Tensor
from torch.nn import init

Initialiser = Callable[[Tensor, Tensor, Generator], None]


def _pytorch(weight: Tensor, bias: Tensor, generator: Generator) -> None:
    """Draw as `nn.Linear` does: all uniform within ±1 / sqrt(inputs)."""
    init.kaiming_uniform_(weight, a=math.sqrt(5), generator=generator)
    bound = 1 / math.sqrt(weight.shape[1])
    init.uniform_(bias, -bound, bound, generator=generator)


def _xavier(weight: Tensor, bias: Tensor, generator: Generator) -> None:
    """Draw uniform weights of variance 2 / (inputs + outputs) (Glorot 2010)."""
    init.xavier_uniform_(weight, generator=generator)
    init.zeros_(bias)


def _he(weight: Tensor, bias: Tensor, generator: Generator) -> None:
    """Draw normal weights of variance 2 / inputs, for ReLU (He et al. 2015)."""
    # PyTorch draws 16 normal numbers or more into one piece of memory otherwise than
    # into several. With a gap after each row they are the same, wherever weights lie.
    rows = weight.new_empty(weight.shape[0], weight.shape[1] + 1)[:, :-1]
    init.kaiming_normal_(rows, generator=generator)
    weight.detach().copy_(rows)
    init.zeros_(bias)


def _uniform(weight: Tensor, bias: Tensor, generator: Generator) -> None:
    """Draw weights within ±0.5; biases are 0.1, as in TensorFlow Playground."""
    init.uniform_(weight, -0.5, 0.5, generator=generator)
    init.constant_(bias, 0.1)


def _zero(weight: Tensor, bias: Tensor, generator: Generator) -> None:
    """Set all to 0, for demonstration: units of a layer then stay equal."""
    init.zeros_(weight)
    init.zeros_(bias)


PYTORCH_DEFAULT = "PyTorch default"
"""The name of the one by which `nn.Linear` draws its weights."""
INITIALISERS: dict[str, Initialiser] = {
    PYTORCH_DEFAULT: _pytorch,
    "Xavier": _xavier,
    "He": _he,
    "uniform": _uniform,
    "zero": _zero,
}
"""Functions by name. Each fills in place a layer's weights of shape (outputs, inputs) and its
biases of shape (outputs,), with random numbers from the generator only."""
