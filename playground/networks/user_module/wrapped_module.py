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
from playground.networks.module_state import ModuleState, fingerprint
from playground.networks.user_module.dense_module import DenseModule, read_dense


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
    first_buffers : list of Tensor
        The buffers that it came with, in their order.
    """

    def __init__(self, module: nn.Module, architecture: Architecture) -> None:
        self.module = module
        self._initial_settings = architecture.initialiser, architecture.seed
        self._initial = [each.detach().clone() for each in module.parameters()]
        self.first_buffers = [each.detach().clone() for each in module.buffers()]

    @abstractmethod
    def plan(self, architecture: Architecture, features: tuple[str, ...], outputs: int) -> Plan:
        """Return the plan of the network for these features and outputs."""

    @abstractmethod
    def parameter_views(self, parameters: Parameters) -> list[Tensor] | None:
        """Return views of `parameters` in the shapes of the module's; None if they do not fit."""

    def load_initial_weights(self, fresh: Parameters, architecture: Architecture) -> None:
        """Copy the module's initial weights into `fresh`, unless initialiser or seed changed."""
        if self._begins_as_given(architecture):
            parameter_views = self.parameter_views(fresh)
            if parameter_views is not None:
                self.check_parameters()
                for view, initial in zip(parameter_views, self._initial, strict=True):
                    view.copy_(initial)

    def first_weights(
        self, parameters: Parameters, architecture: Architecture
    ) -> list[Tensor] | None:
        """Return the weights that a reset gives the module, if they are those it came with.

        None if the initialiser or the seed was changed, or the network has grown.
        """
        same = self._begins_as_given(architecture) and self.parameter_views(parameters) is not None
        return self._initial if same else None

    def share_memory(self, parameters: Parameters) -> None:
        """Make the module use the memory of `parameters`, if they have its shape."""
        with torch.inference_mode(False), torch.no_grad():
            if (parameter_views := self.parameter_views(parameters)) is not None:
                self.check_parameters()
                for each, view in zip(self.module.parameters(), parameter_views, strict=True):
                    each.data = view

    def adopt_changes(self, parameters: Parameters) -> None:
        """Adopt parameters that a user has assigned to the module since.

        Raises
        ------
        InputError
            If the module has become another one, with which `parameters` have nothing to do.
        """
        self.check_parameters()
        parameter_views = self.parameter_views(parameters) or []
        with torch.inference_mode(False), torch.no_grad():
            for each, view in zip(self.module.parameters(), parameter_views, strict=True):
                if each.data_ptr() != view.data_ptr():
                    view.copy_(each)
                    each.data = view

    def check_parameters(self) -> None:
        """Raise InputError if the module has lost or got parameters, or their shapes changed."""
        kinds = [(each.shape, each.dtype) for each in self.module.parameters()]
        if kinds != [(each.shape, each.dtype) for each in self._initial]:
            raise InputError(
                "The module has other parameters than when the page was made. Make a new page "
                "with it."
            )

    def _begins_as_given(self, architecture: Architecture) -> bool:
        return (architecture.initialiser, architecture.seed) == self._initial_settings


class WrappedDense(WrappedModule):
    """A dense module, which can be shown and edited like the networks made here.

    When its layers are changed on the page, the module keeps the weights that it has until then.

    Parameters
    ----------
    module : nn.Module
    architecture : Architecture
        Set to describe the module.
    computed : nn.Module
        The module itself, or the one that it was compiled from.
    dense : DenseModule
        What is read from it.
    """

    def __init__(
        self,
        module: nn.Module,
        architecture: Architecture,
        computed: nn.Module,
        dense: DenseModule,
    ) -> None:
        super().__init__(module, architecture)
        self._computed, self._dense = computed, dense
        self._fingerprint = fingerprint(computed)
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

    def adopt_changes(self, parameters: Parameters) -> None:
        """See `WrappedModule.adopt_changes`; modes of dropout are those of the page."""
        if self.parameter_views(parameters) is None:  # the network has grown away from it
            return
        self.check_parameters()
        now = fingerprint(self._computed)
        if now != self._fingerprint:
            if read_dense(self._computed) != self._dense:
                raise InputError(
                    "The module computes something else than when the page was made, by other "
                    "layers, settings or hooks. Make a new page with it."
                )
            self._fingerprint = now
        super().adopt_changes(parameters)


class WrappedOpaque(WrappedModule):
    """A module of any other kind, which is trained, but whose layers are not shown."""

    def __init__(self, module: nn.Module, architecture: Architecture, plan: ModulePlan) -> None:
        super().__init__(module, architecture)
        self._plan = plan
        self._initial_state = ModuleState(plan.module)

    def plan(self, architecture: Architecture, features: tuple[str, ...], outputs: int) -> Plan:
        """Return the plan of the module; InputError if the problem does not fit it."""
        self.check_parameters()  # the plan counts those that the module has now
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
        return self._plan.parameter_views(parameters.values[0])

    def load_initial_weights(self, fresh: Parameters, architecture: Architecture) -> None:
        """Put the module back to how it was given, and copy its weights into `fresh`.

        With another initialiser or seed, its layers draw new weights: those that can, by their
        `reset_parameters`. The others begin as they were given.
        """
        self._initial_state.restore(modes=False)
        if not self._begins_as_given(architecture):
            _draw_weights(self._plan.module, architecture.seed)
        for view, each in zip(
            self._plan.parameter_views(fresh.values[0]), self._plan.module.parameters(), strict=True
        ):
            view.copy_(each.detach())


def _draw_weights(module: nn.Module, seed: int) -> None:
    with torch.inference_mode(False), torch.random.fork_rng(devices=[]):
        torch.default_generator.manual_seed(seed)
        for each in module.modules():
            for name in ("reset_parameters", "_reset_parameters"):  # the latter: attention
                if callable(draw := getattr(each, name, None)):
                    draw()
                    break
