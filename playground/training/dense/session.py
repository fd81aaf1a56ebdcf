"""What a trainer works with, kept in step with what is wished for."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import replace
from time import sleep

import torch
from torch import Tensor

from playground.errors import InputError
from playground.networks.architecture import Architecture
from playground.networks.dense.growth import grow, grow_mask, initialise
from playground.networks.dense.parameters import Parameters, weight_mask
from playground.networks.dense.plan import Plan
from playground.networks.user_module.wrapped_module import WrappedModule
from playground.problems.latest_result import LatestResult
from playground.problems.problem import Problem
from playground.training.core.losses import Loss, Task, losses_for, make_loss
from playground.training.core.optimisers import OPTIMISERS, Optimiser
from playground.training.dense.batches import Batches
from playground.training.dense.edits import Edit
from playground.training.dense.training_data import TrainingData, problem_spec, training_data
from playground.training.engines import Engine, Program, make_engine
from playground.training.training import Training

MAX_READS = 50
"""How often a problem is looked at that seems to be in the middle of a change."""
RETRY_SECONDS = 0.001
"""Seconds between two looks."""


class TrainingSession:
    """Builds anew what has changed since the last look, and nothing else.

    Other threads may change what is wished at any time, so each wish is read only once.

    Attributes
    ----------
    data : TrainingData
    parameters : Parameters
        Grown, not replaced, when the architecture changes.
    engine : Engine
    batches : Batches
    optimiser : Optimiser
    programs : list of Program
        One a batch of an epoch.
    generator : torch.Generator
        Where the order of the samples and the fast engine's dropout come from.
    frozen : Tensor of bool, shape (1, size), or None
        Parameters that are held fast.
    wrapped : WrappedModule or None
        What somebody wants to have learned.
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
        self._data: LatestResult[TrainingData] = LatestResult()
        self._losses: LatestResult[Loss] = LatestResult()
        self._engines: LatestResult[Engine] = LatestResult()
        self._programs: LatestResult[list[Program]] = LatestResult()
        self._checkpoint_data: LatestResult[TrainingData] = LatestResult()
        self.frozen: Tensor | None = None if wrapped is None else wrapped.frozen
        self._plan: Plan | None = None
        self.clear(0)

    def clear(self, seed: int) -> None:
        """Forget the weights, and begin all that is left to chance from a seed."""
        self._has_weights = False
        self.generator = torch.Generator().manual_seed(seed)
        self._batches: LatestResult[Batches] = LatestResult()
        self.reset_optimiser()

    def reset_optimiser(self) -> None:
        """Have the optimiser begin without memory."""
        self._optimisers: LatestResult[Optimiser] = LatestResult()

    def sync(self, problem: Problem, architecture: Architecture, training: Training) -> bool:
        """Make everything as it is wished; whether the network is to be examined again."""
        before = self.programs
        data = self.data = self._current_data(problem, architecture)
        self._grow(self.plan(architecture, data.spec.feature_names, data.outputs), architecture)
        self._configure(training)
        size = training.batch_size
        self.batches = self._batches.get(
            (data, size),
            lambda: Batches(data.train.inputs, data.train.targets, size, self.generator),
        )
        self.programs = self._programs.get(
            (self.engine, self.batches),
            lambda: [self.engine.program(window) for window in self.batches.windows],
        )
        return self.programs is not before

    def plan(self, architecture: Architecture, features: tuple[str, ...], outputs: int) -> Plan:
        """Describe the network that is asked for; InputError if what was brought can't be it."""
        if self.wrapped is None:
            return architecture.plan(features, outputs)
        return self.wrapped.plan(architecture, features, outputs)

    def data_for(self, plan: Plan) -> TrainingData:
        """Make the problem of now as a network from the past was given it.

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
        """Take over weights from the past, as far as the network of now has a place for them."""
        now = self.parameters
        if saved.plan != now.plan:
            fresh = initialise(now.plan, architecture.initialiser, architecture.seed)
            saved = grow(saved, fresh)
        now.values.copy_(saved.values)
        self.engine.gradient.zero_()
        self.reset_optimiser()

    def apply(self, edit: Edit) -> None:
        """Make a change by hand, if the network still has what is to be changed."""
        if not edit.applies_to(self.parameters.plan):
            return
        frozen = self.frozen
        if frozen is None:
            frozen = torch.zeros(1, self.parameters.plan.size, dtype=torch.bool)
        edit.apply(self.parameters, frozen)
        self.frozen = frozen if frozen.any() else None

    def set_frozen(self, frozen: Tensor | None) -> None:
        """Hold other parameters fast than before; see `frozen`."""
        self.frozen = frozen

    def _current_data(self, problem: Problem, architecture: Architecture) -> TrainingData:
        """Look again where another thread is in the middle of changing the problem."""
        for _ in range(MAX_READS - 1):
            with suppress(Exception):
                return self._read_problem(problem, architecture)
            sleep(RETRY_SECONDS)
        return self._read_problem(problem, architecture)

    def _read_problem(self, problem: Problem, architecture: Architecture) -> TrainingData:
        features, spec = problem.features, problem_spec(problem, architecture.features)
        return self._data.get((problem, spec), lambda: training_data(spec, features))

    def _configure(self, training: Training) -> None:
        loss, weights, kind = self._requested_loss(training), self.parameters, training.engine
        self.engine = self._engines.get(
            (weights, loss, kind), lambda: make_engine(kind, weights, loss)
        )
        self.engine.frozen, self.engine.generator = self.frozen, self.generator
        rule = training.optimiser
        self.optimiser = self._optimisers.get(
            (rule, weights), lambda: OPTIMISERS[rule](weights.values, weight_mask(weights))
        )

    def _requested_loss(self, training: Training) -> Loss:
        task: Task = "classification" if self.data.spec.classes else "regression"
        name, possible, outputs = training.loss, losses_for(task), self.data.outputs
        if name not in possible:
            name = possible[0]
        return self._losses.get((name, task, outputs), lambda: make_loss(name, task, outputs))

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
