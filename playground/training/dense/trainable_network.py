"""A dense network, and everything it takes to train it on a problem."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import torch
from torch import Tensor

from playground.errors import InputError
from playground.networks.architecture import Architecture
from playground.networks.dense.growth import grow, grow_mask, initialise
from playground.networks.dense.module_plan import ModulePlan
from playground.networks.dense.parameters import Parameters, weight_mask
from playground.networks.dense.plan import Plan
from playground.networks.module_state import held_tensors, load_held_tensors
from playground.networks.user_module.wrapped_module import WrappedModule
from playground.problems.latest_result import LatestResult
from playground.torch_internals.modules import BATCH_NORM_LAYERS
from playground.training.core.losses import Loss, make_loss
from playground.training.core.optimisers import OPTIMISERS, Optimiser
from playground.training.dense.batches import Batches
from playground.training.dense.edits import Edit
from playground.training.dense.settings import DenseSettings
from playground.training.dense.training_data import (
    TrainingData,
    class_weights,
    fitting_loss,
    training_data,
)
from playground.training.engines import AutogradEngine, Engine, Penalties, Program, make_engine
from playground.training.training import Training


class TrainableNetwork:
    """Parameters, and the data, batches, engine and optimiser that train them.

    `sync` makes anew only what the settings have changed, and carries the weights over.

    Parameters
    ----------
    wrapped : WrappedModule, optional
        The user's own module, whose memory is trained.

    Attributes
    ----------
    data : TrainingData
    parameters : Parameters
        Grown, not replaced, when the architecture changes.
    engine : Engine
    batches : Batches
    optimiser : Optimiser
    programs : list of Program
        One for each batch of an epoch; none where there are no samples.
    generator : torch.Generator
        Draws the order of the samples, and the fast engine's dropout.
    frozen : Tensor of bool, shape (1, size), or None
        Parameters that no step changes.
    """

    data: TrainingData
    parameters: Parameters
    engine: Engine
    batches: Batches
    optimiser: Optimiser
    generator: torch.Generator

    def __init__(self, wrapped: WrappedModule | None = None) -> None:
        self.wrapped = wrapped
        self.programs: list[Program] = []
        self.frozen: Tensor | None = None
        self._data: LatestResult[TrainingData] = LatestResult()
        self._losses: LatestResult[Loss] = LatestResult()
        self._engines: LatestResult[Engine] = LatestResult()
        self._programs: LatestResult[list[Program]] = LatestResult()
        self._checkpoint_data: LatestResult[TrainingData] = LatestResult()
        self._plan: Plan | None = None
        self.reset(0)

    def reset(self, seed: int) -> None:
        """Drop the weights; the next `sync` draws new ones. Restart all random numbers."""
        self._has_weights = False
        self.generator = torch.Generator().manual_seed(seed)
        self._batches: LatestResult[Batches] = LatestResult()
        self.reset_optimiser()

    def reset_optimiser(self) -> None:
        """Make the optimiser begin without memory, from the next `sync` on."""
        self._optimisers: LatestResult[Optimiser] = LatestResult()

    def sync(self, settings: DenseSettings) -> bool:
        """Update the data, network and optimiser to new settings.

        Returns
        -------
        bool
            Whether the network must be evaluated again, and its epoch begin anew.

        Raises
        ------
        InputError
            If the user's own module does not fit the problem.
        ValueError
            If the problem contradicts itself.
        """
        before, architecture = self.programs, settings.architecture
        data = self.data = self._data.get(
            settings.spec, lambda: training_data(settings.spec, settings.features)
        )
        self._grow(self.plan(architecture, data.spec.feature_names, data.outputs), architecture)
        if self.wrapped is not None:
            self.wrapped.adopt_changes(self.parameters)
        self._configure(settings.training)
        size, least = settings.training.batch_size, self._least_batch
        self.batches = self._batches.get(
            (data, size, least),
            lambda: Batches(data.train.inputs, data.train.targets, size, self.generator, least),
        )
        self.programs = self._programs.get(
            (self.engine, self.batches),
            lambda: [self.engine.program(window) for window in self.batches.windows],
        )
        return self.programs is not before

    def plan(self, architecture: Architecture, features: tuple[str, ...], outputs: int) -> Plan:
        """Return the plan for an architecture; InputError if the user's module does not fit."""
        if self.wrapped is None:
            return architecture.plan(features, outputs)
        return self.wrapped.plan(architecture, features, outputs)

    def step(
        self, batch: int, rate: float, penalties: Penalties, max_norm: float | None = None
    ) -> None:
        """Take one optimiser step on a batch, by number; see `Engine.step`.

        Raises
        ------
        InputError
            If a layer normalises by the batch, and the batch is a single row.
        """
        rows = self.batches.windows[batch].size
        if rows < self._least_batch:
            raise InputError(
                f"The module normalises by the batch, so a batch needs {self._least_batch} rows, "
                f"but it has {rows}. Choose a larger batch size, or give more rows to learn from."
            )
        self.engine.step(self.programs[batch], self.optimiser, rate, penalties, max_norm)

    def data_for(self, plan: Plan) -> TrainingData:
        """Return the present problem with the features of another plan.

        Raises
        ------
        InputError
            If the problem has no such features, or asks for other outputs.
        """
        data, feature_names = self.data, plan.features
        if not set(feature_names) <= set(data.features) or plan.outputs != data.outputs:
            raise InputError(
                "The network of that time learned another problem: it answers "
                f"{len(feature_names)} "
                f"features ({', '.join(feature_names)}) with {plan.outputs} numbers."
            )
        if feature_names == data.spec.feature_names:
            return data
        spec = replace(data.spec, feature_names=feature_names)
        return self._checkpoint_data.get(
            (data, feature_names), lambda: training_data(spec, data.features)
        )

    def load_weights(self, saved: Parameters, architecture: Architecture) -> None:
        """Load the weights of another network, as far as this one has a place for them."""
        now = self.parameters
        if saved.plan != now.plan:
            fresh = initialise(now.plan, architecture.initialiser, architecture.seed)
            saved = grow(saved, fresh)
        self.load_tensors([saved.values, *(saved.held or ())])

    @property
    def module_plan(self) -> ModulePlan | None:
        """The plan if it is that of a user's module whose layers are not known; else None."""
        plan = self.parameters.plan
        return plan if isinstance(plan, ModulePlan) else None

    @property
    def tensors(self) -> list[Tensor]:
        """All weights, (1, size), then what else a module has, such as buffers: those in use."""
        plan = self.module_plan
        return [self.parameters.values, *([] if plan is None else held_tensors(plan.module))]

    def load_tensors(self, tensors: Sequence[Tensor]) -> None:
        """Load copies of what `tensors` gave; gradient and optimiser begin anew."""
        self.set_tensors(tensors)
        self.engine.gradient.zero_()
        self.reset_optimiser()

    def set_tensors(self, tensors: Sequence[Tensor]) -> None:
        """Load copies of what `tensors` gave, and nothing else."""
        self.parameters.values.copy_(tensors[0])
        if (plan := self.module_plan) is not None:
            load_held_tensors(plan.module, tensors[1:])

    def apply(self, edit: Edit) -> None:
        """Apply an edit, if the network still has the parameters that it is about."""
        if not edit.applies_to(self.parameters.plan):
            return
        frozen = self.frozen
        if frozen is None:
            frozen = torch.zeros(1, self.parameters.plan.size, dtype=torch.bool)
        edit.apply(self.parameters, frozen)
        self.frozen = frozen if frozen.any() else None
        if edit.restarts_optimiser:
            self.engine.gradient.zero_()
            self.reset_optimiser()

    def set_frozen(self, frozen: Tensor | None) -> None:
        """Replace the mask of frozen parameters."""
        self.frozen = frozen

    @property
    def uses_global_rng(self) -> bool:
        """Whether a step may draw from the generator that the whole process shares.

        Modules of the user may, and so does dropout with autograd.
        """
        if self.module_plan is not None:
            return True
        dropout = any(layer.dropout for layer in self.parameters.plan.layers)
        return dropout and isinstance(self.engine, AutogradEngine)

    def _configure(self, training: Training) -> None:
        loss, weights, kind = self._requested_loss(training), self.parameters, training.engine
        self.engine = self._engines.get(
            (weights, loss, kind), lambda: make_engine(kind, weights, loss)
        )
        self.engine.frozen, self.engine.generator = self.frozen, self.generator
        if isinstance(self.engine, AutogradEngine):
            self.engine.refresh()
        rule, plan = training.optimiser, self.module_plan
        sizes = () if plan is None else plan.sizes
        self.optimiser = self._optimisers.get(
            (rule, weights), lambda: OPTIMISERS[rule](weights.values, weight_mask(weights), sizes)
        )
        self.optimiser.options = training.optimiser_options

    @property
    def _least_batch(self) -> int:
        """Rows that a batch needs: two where a module learns statistics of each batch."""
        plan = self.module_plan
        if plan is None:
            return 1
        layers = (each for each in plan.module.modules() if each.training)
        return 2 if any(isinstance(each, BATCH_NORM_LAYERS) for each in layers) else 1

    def _requested_loss(self, training: Training) -> Loss:
        key = fitting_loss(self.data, training.loss)
        weights = class_weights(self.data, training)
        if weights is None:
            return self._losses.get(key, lambda: make_loss(*key))
        return self._losses.get((*key, self.data), lambda: make_loss(*key, weights))

    def _grow(self, plan: Plan, architecture: Architecture) -> None:
        before = self._plan
        if self._has_weights and before == plan:
            return
        fresh = initialise(plan, architecture.initialiser, architecture.seed)
        if self._has_weights:
            grow(self.parameters, fresh)
        elif self.wrapped is not None:
            self.wrapped.load_initial_weights(fresh, architecture)
        if self.wrapped is not None:
            self.wrapped.share_memory(fresh)
        if self.frozen is not None and before is not None:
            self.frozen = grow_mask(self.frozen, before, plan)
        self.parameters, self._plan, self._has_weights = fresh, plan, True
