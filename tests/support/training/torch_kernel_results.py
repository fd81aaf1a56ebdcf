"""Parameters after a few steps of each optimiser, activation and loss, by name.

Run as a program it prints them as JSON, computed without any private kernel of PyTorch.
"""

from __future__ import annotations

import importlib
import json
import sys
from types import ModuleType

import torch

STEPS = 5


class PublicTorch(ModuleType):
    """PyTorch without private names and without `torch.ops`."""

    def __getattr__(self, name: str) -> object:
        if name == "ops" or (name.startswith("_") and not name.startswith("__")):
            raise AttributeError(name)
        return getattr(torch, name)


def results() -> dict[str, list[float]]:
    """Train small networks; one of them with the autograd engine."""
    from playground.networks.dense.activations import ACTIVATIONS
    from playground.training.core.losses import LOSSES
    from playground.training.core.optimisers import OPTIMISERS

    by_activation = {name: train(activation=name) for name in ACTIVATIONS}
    by_optimiser = {name: train(optimiser=name) for name in OPTIMISERS}
    by_loss = {
        f"{name}, {form}": train(loss=name, form=form)
        for name, forms in LOSSES.items()
        for form in forms
    }
    return by_activation | by_optimiser | by_loss | {"autograd": train("autograd")}


def train(
    engine: str = "fast",
    activation: str = "tanh",
    optimiser: str = "SGD",
    loss: str = "cross-entropy",
    form: str = "binary",
) -> list[float]:
    from playground.training.core.losses import make_loss
    from playground.training.core.optimisers import OPTIMISERS
    from playground.training.engines import Penalties, make_engine
    from tests.support.training.dense_training import make_batches, make_parameters, make_plan

    outputs = 3 if form == "many" else 1
    task = "regression" if form == "regression" else "classification"
    plan = make_plan(outputs=outputs, activation=activation)
    parameters = make_parameters(plan, dtype=torch.float64)
    made = make_engine(engine, parameters, make_loss(loss, task, outputs))
    rule = OPTIMISERS[optimiser](made.values, made.is_weight)
    (batch,) = make_batches(plan, task=task, dtype=torch.float64).windows
    with torch.inference_mode():
        program = made.program(batch)
        for _ in range(STEPS):
            made.step(program, rule, 0.01, Penalties(l2=0.001))
    return parameters.values.flatten().tolist()


def import_without_private_kernels() -> list[str]:
    """Import the kernels as if PyTorch had no private names; name those that are public."""
    sys.modules["torch"] = PublicTorch("torch")
    kernels = importlib.import_module("playground.torch_internals.kernels")
    sys.modules["torch"] = torch
    return [
        name for name in kernel_names(kernels) if vars(kernels)[name] is vars(kernels)[f"_{name}"]
    ]


def kernel_names(kernels: ModuleType) -> list[str]:
    """Each private kernel `name` has its public equivalent `_name`."""
    return sorted(name for name in vars(kernels) if f"_{name}" in vars(kernels))


if __name__ == "__main__":
    print(json.dumps({"public": import_without_private_kernels(), **results()}))
