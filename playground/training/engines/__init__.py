"""Two ways to a gradient: PyTorch's autograd, and derivatives written out for dense layers."""

from collections.abc import Callable

from playground.networks.parameters import Parameters
from playground.training.engines.autograd import AutogradEngine
from playground.training.engines.dense import DenseEngine
from playground.training.engines.engine import Engine, Penalties, Program
from playground.training.losses import Loss

ENGINES: dict[str, Callable[[Parameters, Loss], Engine]] = {
    "fast": DenseEngine,
    "autograd": AutogradEngine.dense,
}

__all__ = ["ENGINES", "AutogradEngine", "DenseEngine", "Engine", "Penalties", "Program"]
