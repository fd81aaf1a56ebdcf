"""Engines compute gradients: with autograd for any module, by written-out derivatives for dense."""

from collections.abc import Callable

from playground.networks.dense.parameters import Parameters
from playground.training.core.losses import Loss
from playground.training.engines.autograd import AutogradEngine
from playground.training.engines.dense import DenseEngine
from playground.training.engines.engine import Engine, Penalties, Program

ENGINES: dict[str, Callable[[Parameters, Loss], Engine]] = {
    "fast": DenseEngine,
    "autograd": AutogradEngine.dense,
}


def make_engine(kind: str, parameters: Parameters, loss: Loss) -> Engine:
    """Create an engine, "fast" or "autograd"; without dense layers it is always "autograd"."""
    return ENGINES[kind if parameters.plan.layers else "autograd"](parameters, loss)


__all__ = [
    "ENGINES",
    "AutogradEngine",
    "DenseEngine",
    "Engine",
    "Penalties",
    "Program",
    "make_engine",
]
