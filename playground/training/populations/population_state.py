"""The state of the networks of a population, and back."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from typing import Any

import torch
from torch import Tensor

from playground.training.core.state.plan_state import plan_to_json
from playground.training.core.state.rng_state import check_rng_state
from playground.training.core.state.state import State
from playground.training.core.state.state_reader import RestoreStep, StateReader
from playground.training.populations.network import PopulationNetwork


def network_state(network: PopulationNetwork, kind: str) -> State:
    """Copy who the members are, their weights, orders of samples and random generators."""
    return State(
        {"kind": kind, **_description(network)},
        {
            "weights": network.parameters.values.clone(),
            "gradient": network.engine.gradient.clone(),
            "orders": network.batches.orders.clone(),
            "generators": torch.stack([each.get_state() for each in network.generators]),
        },
    )


def prepare_network_restore(
    saved: StateReader, network: PopulationNetwork
) -> Iterator[RestoreStep]:
    """Check what `network_state` made, and yield the steps that restore it.

    Raises
    ------
    InputError
        If it is damaged, or the state of another population.
    """
    for name, own in _description(network).items():
        if saved.value(name) != own:
            raise saved.invalid(name, "is that of another population")
    values, batches = network.parameters.values, network.batches
    shape = tuple(values.shape)
    yield partial(values.copy_, saved.tensor("weights", shape, values.dtype, finite=True))
    # It may be infinite after the last step before a divergence, and is only shown.
    yield partial(network.engine.gradient.copy_, saved.tensor("gradient", shape, values.dtype))
    orders = saved.tensor("orders", tuple(batches.orders.shape), torch.int64)
    if not torch.equal(orders.sort(1).values, torch.arange(batches.count).expand_as(orders)):
        raise saved.invalid("orders", "should hold each sample once for each network")
    yield partial(batches.arrange, orders.clone())
    length = len(network.generators[0].get_state())
    # PyTorch crashes on a state that is a view of a larger tensor.
    states = [each.clone() for each in saved.tensor("generators", (shape[0], length), torch.uint8)]
    for state in states:
        check_rng_state(saved, "generators", state)
    yield partial(_set_states, network, states)


def _set_states(network: PopulationNetwork, states: list[Tensor]) -> None:
    for generator, state in zip(network.generators, states, strict=True):
        generator.set_state(state)


def _description(network: PopulationNetwork) -> dict[str, Any]:
    """Return what distinguishes a population from others, as JSON gives it back."""
    members = network.members
    return {
        "plan": plan_to_json(network.parameters.plan),
        "seeds": list(members.seeds),
        "varied": {name: list(values) for name, values in members.varied.items()},
    }
