"""From one network to the next without forgetting: weights carried over when a plan changes.

New neurons start with no influence on those after them, and a new last hidden layer passes on
what it is given as well as its activation function lets it, so that the boundary does not jump
(after Chen, Goodfellow and Shlens, "Net2Net", 2015). Training takes it from there.
"""

from __future__ import annotations

from collections.abc import Sequence

import torch
from torch import Tensor

from playground.networks.dense.initialisers import INITIALISERS
from playground.networks.dense.parameters import Parameters
from playground.networks.dense.plan import Plan


def initialise(
    plan: Plan, initialiser: str, seed: int, dtype: torch.dtype = torch.float32
) -> Parameters:
    """Fresh parameters; the same for the same plan, initialiser and seed."""
    fresh = Parameters(plan, dtype=dtype)
    generator = torch.Generator().manual_seed(seed)
    for layer in range(len(plan.layers)):
        INITIALISERS[initialiser](fresh.weight(layer)[0], fresh.bias(layer)[0], generator)
    return fresh


def grow(old: Parameters, fresh: Parameters) -> Parameters:
    """Carry what an old network knows over to fresh parameters of another plan.

    Hidden layers are matched by their number, the output layer with the output layer, and
    features by name. What has no counterpart keeps its fresh value if it leads into a new
    neuron, and is 0 if it leads from something new into a neuron that was there already.
    Returns `fresh`.

    Parameters
    ----------
    old : Parameters
        Left as it is.
    fresh : Parameters
        Initialised for the new plan; overwritten where there is something to carry over.
    """
    before, after = old.plan, fresh.plan
    for layer in range(len(after.hidden)):
        if layer < len(before.hidden):
            _copy_layer(
                old.layers[layer], fresh.layers[layer], _match_features(before, after, layer)
            )
        elif layer > 0:
            set_identity(fresh, layer)
    last_before, last_after = len(before.layers) - 1, len(after.layers) - 1
    # An output that saw features knows nothing of neurons, nor the other way round.
    same_inputs = bool(before.hidden) == bool(after.hidden)
    if same_inputs and before.outputs == after.outputs:
        columns = _match_features(before, after, last_after) if last_before == last_after else None
        _copy_layer(old.layers[last_before], fresh.layers[last_after], columns)
    return fresh


def grow_mask(old: Tensor, before: Plan, after: Plan) -> Tensor:
    """Do the same for a mask of frozen parameters, (1, size): what is new is not frozen."""
    marked, fresh = Parameters(before), Parameters(after)
    # Growth writes ones of its own into new layers, so what is frozen is marked by a two.
    marked.values.copy_(old).mul_(2)
    return grow(marked, fresh).values == 2


def set_identity(parameters: Parameters, layer: int) -> None:
    """Let each unit of a layer hand on one of its inputs, the first the first and so on.

    Units beyond the inputs keep the weights they have: with none they could never learn.
    """
    inputs = parameters.plan.layers[layer].fan_in
    identity_block = parameters.layers[layer][:, :inputs].zero_()
    torch.diagonal(identity_block, dim1=1, dim2=2).fill_(1)


def _match_features(before: Plan, after: Plan, layer: int) -> Sequence[int | None] | None:
    """For each input of a new first layer, the old input of the same name; else no mapping."""
    if layer > 0:
        return None
    return [
        before.features.index(name) if name in before.features else None for name in after.features
    ]


def _copy_layer(old: Tensor, fresh: Tensor, columns: Sequence[int | None] | None) -> None:
    units = min(old.shape[1], fresh.shape[1])
    if columns is None:
        shared = min(old.shape[2], fresh.shape[2]) - 1
        columns = [*range(shared), *[None] * (fresh.shape[2] - 1 - shared)]
    for column, source in enumerate(columns):
        fresh[:, :units, column] = 0 if source is None else old[:, :units, source]
    fresh[:, :units, -1] = old[:, :units, -1]
