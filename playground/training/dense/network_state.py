"""The state of a dense network and of its random generators, and back."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

import torch
from torch import Tensor

from playground.training.core.state.plan_state import plan_to_json, read_plan
from playground.training.core.state.rng_state import rng_state
from playground.training.core.state.state import State
from playground.training.core.state.state_reader import RestoreStep, StateReader, short_repr
from playground.training.dense.trainable_network import TrainableNetwork


def network_state(network: TrainableNetwork, kind: str, good_weights: Tensor) -> State:
    """Copy the plan and the weights of a network.

    Parameters
    ----------
    network : TrainableNetwork
    kind : str
        What states of this kind are called in files.
    good_weights : Tensor of shape (1, size)
        Those to go back to after a divergence.
    """
    tensors = {
        "weights": network.parameters.values.clone(),
        "good": good_weights.clone(),
        "gradient": network.engine.gradient.clone(),
    }
    if network.frozen is not None:
        tensors["frozen"] = network.frozen.clone()
    return State({"kind": kind, "plan": plan_to_json(network.parameters.plan)}, tensors)


def prepare_network_restore(
    saved: StateReader, network: TrainableNetwork, good_weights: Tensor
) -> Iterator[RestoreStep]:
    """Check what `network_state` made, and yield the steps that restore it.

    Raises
    ------
    InputError
        If it is not the state of such a network.
    """
    plan, now = read_plan(saved, "plan"), network.parameters.plan
    if (plan.features, plan.widths) != (now.features, now.widths):
        raise saved.invalid(
            "plan",
            f"is that of a network of {plan.widths} units on {short_repr(plan.features)}, "
            f"but one of {now.widths} on {now.features} is asked for",
        )
    shape, dtype = (1, plan.size), torch.float32
    yield partial(
        network.parameters.values.copy_, saved.tensor("weights", shape, dtype, finite=True)
    )
    yield partial(good_weights.copy_, saved.tensor("good", shape, dtype, finite=True))
    # It may be infinite after the last step before a divergence, and is only shown.
    yield partial(network.engine.gradient.copy_, saved.tensor("gradient", shape, dtype))
    frozen = saved.tensor("frozen", shape, torch.bool).clone() if "frozen" in saved else None
    yield partial(network.set_frozen, frozen)


def network_rng_state(network: TrainableNetwork) -> State:
    """Copy the states of the random generators that a network draws from."""
    tensors = {"here": network.generator.get_state()}
    if network.uses_global_rng:
        tensors["elsewhere"] = torch.get_rng_state()
    return State({}, tensors)


def prepare_rng_restore(saved: StateReader, network: TrainableNetwork) -> Iterator[RestoreStep]:
    """Check what `network_rng_state` made, and yield the steps that restore it."""
    yield partial(network.generator.set_state, rng_state(saved, "here"))
    if network.uses_global_rng and "elsewhere" in saved:
        yield partial(torch.set_rng_state, rng_state(saved, "elsewhere"))
