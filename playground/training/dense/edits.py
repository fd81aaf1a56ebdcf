"""Edits of single weights by hand: setting and freezing them."""

from __future__ import annotations

import math
from abc import ABC, abstractmethod
from dataclasses import dataclass
from typing import ClassVar

import numpy as np
import torch
from torch import Tensor

from playground.errors import InputError
from playground.networks.dense.parameters import Parameters
from playground.networks.dense.plan import Plan
from playground.problems.problem import Floats
from playground.training.dense.weight_path import same_weights

MAX_WEIGHT = 100.0
"""Weights and biases can be set to values from -MAX_WEIGHT to MAX_WEIGHT."""


class Edit(ABC):
    """One change to the parameters or to the mask of frozen parameters.

    Attributes
    ----------
    restarts_optimiser : bool
        Whether what the optimiser remembers means nothing after the change.
    """

    restarts_optimiser: ClassVar[bool] = False

    @abstractmethod
    def applies_to(self, plan: Plan) -> bool:
        """Return whether a network of this plan has the parameters that this is about."""

    @abstractmethod
    def apply(self, parameters: Parameters, frozen: Tensor) -> None:
        """Make the change; `frozen` is a bool mask of shape (1, plan.size)."""

    def check(self, plan: Plan) -> None:
        """Raise InputError if the edit makes no sense for a network of this plan."""
        if not self.applies_to(plan):
            raise InputError(
                f"{self} does not exist in this network; its layers are {_shape(plan)}."
            )


@dataclass(frozen=True, slots=True)
class ParameterRef:
    """A reference to one weight or bias of a dense network.

    Attributes
    ----------
    layer, unit : int
        Counted from 0.
    source : int or None
        Unit of the layer before (or feature) whose output the weight multiplies; None for the bias.
    """

    layer: int
    unit: int
    source: int | None = None

    def __str__(self) -> str:
        what = "The bias" if self.source is None else f"Weight {self.source + 1}"
        return f"{what} of neuron {self.unit + 1} in layer {self.layer + 1}"

    def exists_in(self, plan: Plan) -> bool:
        """Return whether a network of this plan has such a parameter."""
        if not 0 <= self.layer < len(plan.layers):
            return False
        layer = plan.layers[self.layer]
        known = self.source is None or 0 <= self.source < layer.fan_in
        return known and 0 <= self.unit < layer.units

    def column(self, plan: Plan) -> int:
        """Return the column of the parameter in its layer's (units, fan_in + 1) matrix."""
        return plan.layers[self.layer].fan_in if self.source is None else self.source

    def index(self, plan: Plan) -> int:
        """Return the index of the parameter in the flat row of all parameters."""
        start = list(plan.spans())[self.layer].start
        width = plan.layers[self.layer].fan_in + 1
        return int(start + self.unit * width + self.column(plan))


@dataclass(frozen=True, slots=True)
class _ParameterEdit(Edit):
    """A change of a single weight or bias."""

    ref: ParameterRef

    def __str__(self) -> str:
        return str(self.ref)

    def applies_to(self, plan: Plan) -> bool:
        """See `Edit.applies_to`."""
        return self.ref.exists_in(plan)


@dataclass(frozen=True, slots=True)
class SetValue(_ParameterEdit):
    """Set a weight or a bias."""

    value: float

    def check(self, plan: Plan) -> None:
        """See `Edit.check`; the value must be finite and at most `MAX_WEIGHT` in size."""
        Edit.check(self, plan)
        if not math.isfinite(self.value) or abs(self.value) > MAX_WEIGHT:
            raise InputError(
                f"A weight can be set to -{MAX_WEIGHT:g} … {MAX_WEIGHT:g}, not to {self.value:g}."
            )

    def apply(self, parameters: Parameters, frozen: Tensor) -> None:
        """See `Edit.apply`."""
        layer = parameters.layers[self.ref.layer]
        layer[:, self.ref.unit, self.ref.column(parameters.plan)] = self.value


@dataclass(frozen=True, slots=True)
class Freeze(_ParameterEdit):
    """Freeze one weight or bias, such that no step changes it, or unfreeze it."""

    frozen: bool = True

    def apply(self, parameters: Parameters, frozen: Tensor) -> None:
        """See `Edit.apply`."""
        frozen[0, self.ref.index(parameters.plan)] = self.frozen


@dataclass(frozen=True, slots=True)
class FreezeLayer(Edit):
    """Freeze a whole layer, biases included, or unfreeze it."""

    layer: int
    frozen: bool = True

    def __str__(self) -> str:
        return f"Layer {self.layer + 1}"

    def applies_to(self, plan: Plan) -> bool:
        """See `Edit.applies_to`."""
        return 0 <= self.layer < len(plan.layers)

    def apply(self, parameters: Parameters, frozen: Tensor) -> None:
        """See `Edit.apply`."""
        frozen[:, list(parameters.plan.spans())[self.layer]] = self.frozen


@dataclass(frozen=True, slots=True, eq=False)
class SetWeights(Edit):
    """Set all weights and biases but the frozen ones; the optimiser begins anew.

    Attributes
    ----------
    plan : Plan
        Of the network that they belong to.
    weights : array of shape (plan.size,)
    """

    restarts_optimiser: ClassVar[bool] = True

    plan: Plan
    weights: Floats

    def applies_to(self, plan: Plan) -> bool:
        """See `Edit.applies_to`."""
        return same_weights(self.plan, plan)

    def check(self, plan: Plan) -> None:
        """See `Edit.check`; all weights must be finite."""
        if not self.applies_to(plan):
            raise InputError(
                "These weights belong to a network of another shape: its layers are "
                f"{_shape(self.plan)}, and those of the present one {_shape(plan)}."
            )
        if self.weights.shape != (plan.size,) or not np.isfinite(self.weights).all():
            raise InputError(f"A network of this shape has {plan.size:,} weights, all finite.")

    def apply(self, parameters: Parameters, frozen: Tensor) -> None:
        """See `Edit.apply`."""
        weights = torch.from_numpy(self.weights)[None]
        parameters.values.copy_(torch.where(frozen, parameters.values, weights))


def _shape(plan: Plan) -> str:
    return ", ".join(f"{layer.fan_in}→{layer.units}" for layer in plan.layers)
