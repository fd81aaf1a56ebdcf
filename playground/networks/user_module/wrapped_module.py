"""Networks made of a module of the user, which share memory with the module."""

from __future__ import annotations

from abc import ABC, abstractmethod

import torch
from torch import Tensor, nn

from playground.errors import InputError
from playground.networks.architecture import Architecture
from playground.networks.dense.module_plan import ModulePlan
from playground.networks.dense.parameters import Parameters
from playground.networks.dense.plan import Plan
from playground.networks.user_module.dense_module import DenseModule


class WrappedModule(ABC):
    """A network made of a module of the user.

    It begins with the weights of the module and shares its memory, so that training changes the
    module itself.

    Parameters
    ----------
    module : nn.Module
        With at least one parameter; all are float32 on the CPU.
    architecture : Architecture
        The current one. While its `initialiser` and `seed` stay the same, the initial weights
        are those of the module.

    Attributes
    ----------
    module : nn.Module
    frozen : Tensor of bool, shape (1, size), or None
        True for parameters that are not trained.
    """

    frozen: Tensor | None = None

    def __init__(self, module: nn.Module, architecture: Architecture) -> None:
        self.module = module
        self._initial_settings = architecture.initialiser, architecture.seed
        self._initial = [each.detach().clone() for each in module.parameters()]

    @abstractmethod
    def plan(self, architecture: Architecture, features: tuple[str, ...], outputs: int) -> Plan:
        """Return the plan of the network for these features and outputs."""

    @abstractmethod
    def parameter_views(self, parameters: Parameters) -> list[Tensor] | None:
        """Return views of `parameters` in the shapes of the module's; None if they do not fit."""

    def load_initial_weights(self, fresh: Parameters, architecture: Architecture) -> None:
        """Copy the module's initial weights into `fresh`, unless initialiser or seed changed."""
        same = (architecture.initialiser, architecture.seed) == self._initial_settings
        if same and (parameter_views := self.parameter_views(fresh)) is not None:
            for view, initial in zip(parameter_views, self._initial, strict=True):
                view.copy_(initial)

    def first_weights(
        self, parameters: Parameters, architecture: Architecture
    ) -> list[Tensor] | None:
        """Return the weights that a reset gives the module, if they are those it came with.

        None if the initialiser or the seed was changed, or the network has grown.
        """
        same = (architecture.initialiser, architecture.seed) == self._initial_settings
        return self._initial if same and self.parameter_views(parameters) is not None else None

    def share_memory(self, parameters: Parameters) -> None:
        """Make the module use the memory of `parameters`, if they have its shape."""
        with torch.inference_mode(False), torch.no_grad():
            if (parameter_views := self.parameter_views(parameters)) is not None:
                for each, view in zip(self.module.parameters(), parameter_views, strict=True):
                    each.data = view


class WrappedDense(WrappedModule):
    """A dense module, which can be shown and edited like the networks made here.

    When its layers are changed, the module keeps the weights that it has until then.
    """

    def __init__(self, module: nn.Module, architecture: Architecture, dense: DenseModule) -> None:
        super().__init__(module, architecture)
        self._shape = (dense.linears[0].in_features, *dense.widths)
        architecture.param.update(**dense.as_parameters)

    def plan(self, architecture: Architecture, features: tuple[str, ...], outputs: int) -> Plan:
        """Return the plan of the architecture, which was set to that of the module at first."""
        return architecture.plan(features, outputs)

    def parameter_views(self, parameters: Parameters) -> list[Tensor] | None:
        """Return views of the weights and biases of each layer; None for another shape."""
        plan = parameters.plan
        if (len(plan.features), *plan.widths) != self._shape:
            return None
        layers = range(len(plan.layers))
        pairs = ((parameters.weight(layer)[0], parameters.bias(layer)[0]) for layer in layers)
        return [each for pair in pairs for each in pair]


class WrappedOpaque(WrappedModule):
    """A module of any other kind, which is trained, but whose layers are not shown."""

    def __init__(self, module: nn.Module, architecture: Architecture, plan: ModulePlan) -> None:
        super().__init__(module, architecture)
        self._plan = plan
        fixed_masks = [
            torch.full((each.numel(),), not each.requires_grad) for each in module.parameters()
        ]
        frozen = torch.cat(fixed_masks)[None]
        self.frozen = frozen if frozen.any() else None

    def plan(self, architecture: Architecture, features: tuple[str, ...], outputs: int) -> Plan:
        """Return the plan of the module; InputError if the problem does not fit it."""
        plan = self._plan
        if (features, outputs) != (plan.features, plan.outputs):
            raise InputError(
                f"The module takes {len(plan.features)} numbers ({', '.join(plan.features)}) and "
                f"gives {plan.outputs}; it can't learn from {', '.join(features)} to give "
                f"{outputs}."
            )
        return plan

    def parameter_views(self, parameters: Parameters) -> list[Tensor] | None:
        """Return a view for each of the module's parameters."""
        return [*self._plan.parameter_views(parameters.values[0]).values()]
