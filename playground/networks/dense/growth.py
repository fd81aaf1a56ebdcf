"""Initial parameters, and transfer of parameters to a network of another plan.

The outgoing weights of new neurons are 0, and new hidden layers start as the identity before
their activation function, so that the outputs change little (after Chen, Goodfellow and
Shlens, "Net2Net", 2015).
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
    """Return new parameters; the same for the same plan, initialiser and seed."""
    fresh = Parameters(plan, dtype=dtype)
    generator = torch.Generator().manual_seed(seed)
    for layer in range(len(plan.layers)):
        INITIALISERS[initialiser](fresh.weight(layer)[0], fresh.bias(layer)[0], generator)
    return fresh


def grow(old: Parameters, fresh: Parameters) -> Parameters:
    """Copy the parameters of an old network into new parameters of another plan.

    Hidden layers are matched by their number, the output layer with the output layer, and
    features by name. A weight without a counterpart keeps its initial value if it leads into a
    new neuron, and is 0 if it leads from a new neuron or feature into an old neuron.
    Returns `fresh`.

    Parameters
    ----------
    old : Parameters
        Left unchanged.
    fresh : Parameters
        Initialised for the new plan; overwritten where the old network has a counterpart.
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
    # Output weights on features and output weights on neurons do not correspond.
    same_inputs = bool(before.hidden) == bool(after.hidden)
    if same_inputs and before.outputs == after.outputs:
        columns = _match_features(before, after, last_after) if last_before == last_after else None
        _copy_layer(old.layers[last_before], fresh.layers[last_after], columns)
    return fresh


def grow_mask(old: Tensor, before: Plan, after: Plan) -> Tensor:
    """Transfer a mask of frozen parameters, (1, size), as `grow` does; new ones are not frozen."""
    marked, fresh = Parameters(before), Parameters(after)
    # `grow` writes ones into new layers, so frozen parameters are marked by 2 instead.
    marked.values.copy_(old).mul_(2)
    return grow(marked, fresh).values == 2


def set_identity(parameters: Parameters, layer: int) -> None:
    """Set the weights of a layer to the identity: unit i sums up input i only.

    Units beyond the number of inputs keep their weights: from all zeros they could not learn.
    """
    inputs = parameters.plan.layers[layer].fan_in
    identity_block = parameters.layers[layer][:, :inputs].zero_()
    torch.diagonal(identity_block, dim1=1, dim2=2).fill_(1)


def _match_features(before: Plan, after: Plan, layer: int) -> Sequence[int | None] | None:
    """Return the old index of each input of the first layer, None if new; None for other layers."""
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
