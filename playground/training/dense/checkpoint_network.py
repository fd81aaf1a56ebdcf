"""The network of a checkpoint: its weights, its full gradient, and its architecture."""

from __future__ import annotations

from dataclasses import replace

import torch

from playground.errors import InputError
from playground.networks.architecture import Architecture
from playground.networks.dense.parameters import Parameters
from playground.networks.dense.plan import Plan
from playground.problems.problem import Problem
from playground.training.core.sessions.checkpoints import Checkpoint
from playground.training.core.state.tensor_packing import packed_size, unpack
from playground.training.dense.batches import Batches
from playground.training.dense.trainable_network import TrainableNetwork
from playground.training.dense.training_data import TrainingData, available_features
from playground.training.engines import Engine, make_engine


def checkpoint_parameters(network: TrainableNetwork, checkpoint: Checkpoint) -> Parameters:
    """Copy the weights of a checkpoint into a network of their own.

    Raises
    ------
    InputError
        If it is a checkpoint of a module whose buffers have other shapes by now.
    """
    if checkpoint.plan is not None:
        parameters = Parameters(checkpoint.plan)
        parameters.values.copy_(checkpoint.row)
        return parameters
    parameters, like = Parameters(network.parameters.plan), network.tensors
    if len(checkpoint.row) != packed_size(like):
        raise InputError(
            "The buffers or attributes of the module have other shapes or names than at that "
            "time, so it can't be made what it was."
        )
    values, *parameters.held = unpack(checkpoint.row, like)
    parameters.values.copy_(values)
    return parameters


def full_batch_engine(
    network: TrainableNetwork, data: TrainingData, parameters: Parameters
) -> Engine:
    """Return an engine with the gradient of all training samples, computed without dropout.

    That of a module whose layers are not known is left at 0, as nothing shows it.

    Parameters
    ----------
    network : TrainableNetwork
        Has the loss, and the mask of frozen parameters where the plan is the same.
    data : TrainingData
    parameters : Parameters
        Those that the gradient is for.

    Returns
    -------
    Engine
        With the gradient in `gradient`.
    """
    plan = parameters.plan
    layers = tuple(replace(layer, dropout=0.0) for layer in plan.layers)
    whole = Parameters(replace(plan, layers=layers))
    whole.values.copy_(parameters.values)
    engine = make_engine("fast", whole, network.engine.loss)
    engine.frozen = network.frozen if plan == network.parameters.plan else None
    if not plan.layers:
        return engine
    train, unused = data.train, torch.Generator()
    for window in Batches(train.inputs, train.targets, max(1, len(train)), unused).windows:
        for call in engine.program(window):
            call()
    return engine


def request_architecture(plan: Plan, problem: Problem, architecture: Architecture) -> None:
    """Set the parameters of an architecture so that its plan is the given one."""
    if available_features(problem, architecture.features) != plan.features:
        architecture.features = list(plan.features)
    if architecture.plan(plan.features, plan.outputs) == plan:
        return
    hidden, names = plan.hidden, [layer.activation for layer in plan.hidden]
    uniform = len(set(names)) == 1
    architecture.param.update(
        hidden=[layer.units for layer in hidden],
        activation=names[0] if uniform else architecture.activation,
        layer_activations=[] if uniform else names,
        dropout=max((layer.dropout for layer in hidden), default=architecture.dropout),
    )
