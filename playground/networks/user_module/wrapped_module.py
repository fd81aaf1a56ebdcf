"""A network that somebody has brought along, which learns on the memory of its own module."""

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
    """A network made of somebody's module.

    It begins with the weights of the module and shares its memory with it: what is learned here,
    the module has learned.

    Parameters
    ----------
    module : nn.Module
        With at least one parameter, all of float32 on the CPU.
    architecture : Architecture
        Of the moment; while it asks for the same initial weights, they are the module's.

    Attributes
    ----------
    module : nn.Module
    frozen : Tensor of bool, shape (1, size), or None
        Parameters that are not to be trained.
    """

    frozen: Tensor | None = None

    def __init__(self, module: nn.Module, architecture: Architecture) -> None:
        self.module = module
        self._initial_settings = architecture.initialiser, architecture.seed
        self._initial = [each.detach().clone() for each in module.parameters()]

    @abstractmethod
    def plan(self, architecture: Architecture, features: tuple[str, ...], outputs: int) -> Plan:
        """Describe the network that is asked for."""

    @abstractmethod
    def parameter_views(self, parameters: Parameters) -> list[Tensor] | None:
        """View a network's numbers as those of the module; None if it has another shape."""

    def load_initial_weights(self, fresh: Parameters, architecture: Architecture) -> None:
        """Begin with the module's weights, unless others are asked for."""
        same = (architecture.initialiser, architecture.seed) == self._initial_settings
        if same and (parameter_views := self.parameter_views(fresh)) is not None:
            for view, initial in zip(parameter_views, self._initial, strict=True):
                view.copy_(initial)

    def share_memory(self, parameters: Parameters) -> None:
        """Have the module use the memory of a network of its shape."""
        with torch.inference_mode(False), torch.no_grad():
            if (parameter_views := self.parameter_views(parameters)) is not None:
                for each, view in zip(self.module.parameters(), parameter_views, strict=True):
                    each.data = view


class WrappedDense(WrappedModule):
    """A dense network: it may be seen, steered and changed like any other here.

    When it is given other layers, the module keeps what it has learned until then.
    """

    def __init__(self, module: nn.Module, architecture: Architecture, dense: DenseModule) -> None:
        super().__init__(module, architecture)
        self._shape = (dense.linears[0].in_features, *dense.widths)
        architecture.param.update(**dense.as_parameters)

    def plan(self, architecture: Architecture, features: tuple[str, ...], outputs: int) -> Plan:
        """The architecture's, which began as the module's."""
        return architecture.plan(features, outputs)

    def parameter_views(self, parameters: Parameters) -> list[Tensor] | None:
        """Weights and biases of each layer."""
        plan = parameters.plan
        if (len(plan.features), *plan.widths) != self._shape:
            return None
        layers = range(len(plan.layers))
        pairs = ((parameters.weight(layer)[0], parameters.bias(layer)[0]) for layer in layers)
        return [each for pair in pairs for each in pair]


class WrappedOpaque(WrappedModule):
    """Any other module: it learns, but nobody looks inside."""

    def __init__(self, module: nn.Module, architecture: Architecture, plan: ModulePlan) -> None:
        super().__init__(module, architecture)
        self._plan = plan
        fixed_masks = [
            torch.full((each.numel(),), not each.requires_grad) for each in module.parameters()
        ]
        frozen = torch.cat(fixed_masks)[None]
        self.frozen = frozen if frozen.any() else None

    def plan(self, architecture: Architecture, features: tuple[str, ...], outputs: int) -> Plan:
        """The module's, as long as the problem is one for it."""
        plan = self._plan
        if (features, outputs) != (plan.features, plan.outputs):
            raise InputError(
                f"The module takes {len(plan.features)} numbers ({', '.join(plan.features)}) and "
                f"gives {plan.outputs}; it can't learn from {', '.join(features)} to give "
                f"{outputs}."
            )
        return plan

    def parameter_views(self, parameters: Parameters) -> list[Tensor] | None:
        """Each of the module's parameters."""
        return [*self._plan.parameter_views(parameters.values[0]).values()]
