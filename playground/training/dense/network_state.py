"""The state of a dense network and of its random generators, and back."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import partial
from typing import Any

import torch
from torch import Tensor

from playground.networks.dense.forward import named_views
from playground.networks.dense.module_plan import ModulePlan
from playground.networks.dense.parameters import Parameters
from playground.networks.module_state import (
    fit_numbers,
    held_tensors,
    number_names,
    preserved,
)
from playground.training.core.sessions.session_kind import Weights
from playground.training.core.state.plan_state import plan_to_json, read_plan
from playground.training.core.state.rng_state import rng_state
from playground.training.core.state.state import State
from playground.training.core.state.state_reader import RestoreStep, StateReader, short_repr
from playground.training.core.state.tensor_packing import pack, packed_size, unpack
from playground.training.dense.trainable_network import TrainableNetwork


def network_state(network: TrainableNetwork, kind: str, good_tensors: Sequence[Tensor]) -> State:
    """Copy the plan and the weights of a network, and what else a user's module has.

    Parameters
    ----------
    network : TrainableNetwork
    kind : str
        What states of this kind are called in files.
    good_tensors : sequence of Tensor
        Those to go back to after a divergence.
    """
    values, *held = network.tensors
    good_values, *good_held = good_tensors
    tensors = {
        "weights": values.clone(),
        "good": good_values.clone(),
        "gradient": network.engine.gradient.clone(),
    }
    numbers = {"kind": kind, "plan": plan_to_json(network.parameters.plan)}
    if network.frozen is not None:
        tensors["frozen"] = network.frozen.clone()
    if network.module_plan is not None:
        numbers["module"] = _description(network.module_plan)
        tensors |= {"held": pack(held), "good_held": pack(good_held)}
    return State(numbers, tensors)


def prepare_network_restore(
    saved: StateReader, network: TrainableNetwork, good_tensors: list[Tensor]
) -> Iterator[RestoreStep]:
    """Check what `network_state` made, and yield the steps that restore it.

    Raises
    ------
    InputError
        If it is not the state of such a network.
    """
    shape, dtype = (1, _checked_size(saved, network)), torch.float32
    values = saved.tensor("weights", shape, dtype, finite=True)
    good_values = saved.tensor("good", shape, dtype, finite=True)
    yield partial(network.set_tensors, [values, *_read_held_tensors(saved, "held", network)])
    yield partial(
        _replace, good_tensors, [good_values, *_read_held_tensors(saved, "good_held", network)]
    )
    # It may be infinite after the last step before a divergence, and is only shown.
    yield partial(network.engine.gradient.copy_, saved.tensor("gradient", shape, dtype))
    frozen = saved.tensor("frozen", shape, torch.bool).clone() if "frozen" in saved else None
    yield partial(network.set_frozen, frozen)


def are_valid(network: TrainableNetwork, tensors: Sequence[Tensor]) -> bool:
    """Return whether a module can have such weights and numbers: finite, and of their types."""
    assert network.module_plan is not None
    numbers = tensors[-1].tolist()
    return bool(tensors[0].isfinite().all()) and fit_numbers(network.module_plan.module, numbers)


def named_weights(network: TrainableNetwork, parameters: Parameters) -> Weights:
    """Copy weights, named as in `state_dict()`; those of a user's module with its buffers."""
    plan, wrapped = network.module_plan, network.wrapped
    if plan is None or wrapped is None or parameters.held is None:
        return {name: view.numpy().copy() for name, view in named_views(parameters).items()}
    with torch.inference_mode(False), torch.no_grad(), preserved(plan.module):
        plan.load(parameters.values[0], parameters.held)
        state = wrapped.module.state_dict()
        return {
            name: each.detach().numpy().copy()
            for name, each in state.items()
            if isinstance(each, Tensor)
        }


def _checked_size(saved: StateReader, network: TrainableNetwork) -> int:
    """Return the number of weights; InputError if the state is that of another network."""
    now, module_plan = network.parameters.plan, network.module_plan
    description = saved.value("module") if "module" in saved else None
    if module_plan is not None:
        if description != _description(module_plan):
            raise saved.invalid("module", "is another one than the module of this page")
        return module_plan.size
    if description is not None:
        raise saved.invalid("module", "is a module of one's own: give it to the page by model=")
    plan = read_plan(saved, "plan")
    if (plan.features, plan.widths) != (now.features, now.widths):
        raise saved.invalid(
            "plan",
            f"is that of a network of {plan.widths} units on {short_repr(plan.features)}, "
            f"but one of {now.widths} on {now.features} is asked for",
        )
    return plan.size


def _description(plan: ModulePlan) -> list[Any]:
    """Return features, and names, types and shapes of all tensors of a module, for JSON."""
    tensors = (*plan.module.named_parameters(), *plan.module.named_buffers())
    shapes = [[name, str(each.dtype), list(each.shape)] for name, each in tensors]
    return [list(plan.features), plan.outputs, shapes, number_names(plan.module)]


def _read_held_tensors(saved: StateReader, name: str, network: TrainableNetwork) -> list[Tensor]:
    plan = network.module_plan
    if plan is None:
        return []
    like = held_tensors(plan.module)
    found = unpack(saved.tensor(name, (packed_size(like),), torch.uint8), like)
    if not fit_numbers(plan.module, found[-1].tolist()):
        raise saved.invalid(name, "should end with numbers that the module can have")
    return found


def _replace(tensors: list[Tensor], others: Sequence[Tensor]) -> None:
    tensors[:] = [each.clone() for each in others]


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
