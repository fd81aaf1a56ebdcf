"""One member of a population as the state of a network by itself, to go on with on a page."""

from __future__ import annotations

import numpy as np
import torch
from torch import Tensor

from playground.training.core.state.plan_state import plan_to_json
from playground.training.core.state.state import State
from playground.training.core.state.state_reader import join_states
from playground.training.dense.session import DenseSession
from playground.training.populations.session import PopulationSession


def state_of_member(session: PopulationSession, member: int) -> State:
    """Return the state that `Trainer.state` would have, had it trained the member alone.

    There are no checkpoints in it. Training that goes on from it, with the settings of the member,
    takes the same steps as the member in its population.
    """
    return join_states(
        progress=_progress(session, member),
        network=_network(session, member),
        chance=State({}, {"here": session.network.generators[member].get_state()}),
        history=_history(session, member),
        optimiser=_optimiser(session, member),
    )


def _progress(session: PopulationSession, member: int) -> State:
    progress, batches = session.progress, session.network.batches
    cause = progress.cause(member)
    sure, first_sure = (
        None if epochs[member] < 0 else int(epochs[member])
        for epochs in (progress.sure_epoch, progress.first_sure_epoch)
    )
    numbers = {
        **session.progress_numbers(),
        "learned": sure,
        "first_learned": first_sure,
        "diverged": cause is not None,
        "diverged_by": cause,
        "position": 0 if cause is not None else session.position,
        "since": 0,
        "batch_size": batches.size,
    }
    rows = session.member_scores.rows()[:, member].double()
    tensors = {"scores": rows.view(2, 2).T.contiguous(), "order": batches.orders[member].clone()}
    return State(numbers, tensors)


def _network(session: PopulationSession, member: int) -> State:
    network = session.network
    own = slice(member, member + 1)
    return State(
        {"kind": DenseSession.state_kind, "plan": plan_to_json(network.parameters.plan)},
        {
            "weights": network.parameters.values[own].clone(),
            "good": session.progress.good_weights[own].clone(),
            "gradient": network.engine.gradient[own].clone(),
        },
    )


def _history(session: PopulationSession, member: int) -> State:
    rows, members = session.member_rows.rows(), len(session.settings.members)
    own = [0, *range(1 + member, rows.shape[1], members)]
    return session.member_rows.state_of(np.ascontiguousarray(rows[:, own]))


def _optimiser(session: PopulationSession, member: int) -> State:
    optimiser, fresh = session.optimiser, session.progress.cause(member) is not None

    def of_member(tensor: Tensor) -> Tensor:
        # What all members share has no axis for them: the number of steps.
        own = tensor[member] if tensor.ndim else tensor
        return torch.zeros_like(own).view(-1) if fresh else own.clone().view(-1)

    memory = {name: of_member(tensor) for name, tensor in optimiser.state().items()}
    return State({"name": optimiser.name}, memory)
