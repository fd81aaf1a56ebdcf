"""What a trainer works with, kept in step with what is wished for."""

from __future__ import annotations

from contextlib import suppress
from time import sleep

import torch
from torch import Tensor

from playground.networks.architecture import Architecture
from playground.networks.growth import carry_mask, grow, initialise
from playground.networks.parameters import Parameters, weight_mask
from playground.networks.plan import Plan
from playground.problems.latest import Latest
from playground.problems.problem import Problem
from playground.training.batches import Batches
from playground.training.edits import Edit
from playground.training.engines import ENGINES, Engine, Program
from playground.training.lesson import Lesson, look, prepare
from playground.training.losses import Loss, Task, losses_for, make_loss
from playground.training.optimisers import OPTIMISERS, Optimiser
from playground.training.training import Training

LOOKS = 50
"""How often a problem is looked at that seems to be in the middle of a change."""
PAUSE = 0.001
"""Seconds between two looks."""


class Workbench:
    """Builds anew what has changed since the last look, and nothing else.

    Other threads may change what is wished at any time, so each wish is read only once.

    Attributes
    ----------
    lesson : Lesson
    parameters : Parameters
        Grown, not replaced, when the architecture changes.
    engine : Engine
    batches : Batches
    optimiser : Optimiser
    programs : list of Program
        One a batch of an epoch.
    """

    lesson: Lesson
    parameters: Parameters
    engine: Engine
    batches: Batches
    optimiser: Optimiser

    def __init__(self) -> None:
        self.programs: list[Program] = []
        self._lessons: Latest[Lesson] = Latest()
        self._losses: Latest[Loss] = Latest()
        self._engines: Latest[Engine] = Latest()
        self._programs: Latest[list[Program]] = Latest()
        self._frozen: Tensor | None = None
        self._plan: Plan | None = None
        self.clear(0)

    def clear(self, seed: int) -> None:
        """Forget the weights, and begin all that is left to chance from a seed."""
        self._has_weights = False
        self._generator = torch.Generator().manual_seed(seed)
        self._batches: Latest[Batches] = Latest()
        self.forget_steps()

    def forget_steps(self) -> None:
        """Have the optimiser begin without memory."""
        self._optimisers: Latest[Optimiser] = Latest()

    def fit(self, problem: Problem, architecture: Architecture, training: Training) -> bool:
        """Make everything as it is wished; whether the network is to be examined again."""
        before = self.programs
        lesson = self.lesson = self._wished_lesson(problem, architecture)
        self._grow(architecture.plan(lesson.subject.names, lesson.outputs), architecture)
        self._equip(training)
        size = training.batch_size
        self.batches = self._batches.get(
            (lesson, size),
            lambda: Batches(lesson.train.inputs, lesson.train.targets, size, self._generator),
        )
        self.programs = self._programs.get(
            (self.engine, self.batches),
            lambda: [self.engine.program(window) for window in self.batches.windows],
        )
        return self.programs is not before

    def apply(self, edit: Edit) -> None:
        """Make a change by hand, if the network still has what is to be changed."""
        if not edit.fits(self.parameters.plan):
            return
        frozen = self._frozen
        if frozen is None:
            frozen = torch.zeros(1, self.parameters.plan.size, dtype=torch.bool)
        edit.apply(self.parameters, frozen)
        self._frozen = frozen if frozen.any() else None

    def _wished_lesson(self, problem: Problem, architecture: Architecture) -> Lesson:
        """Look again where another thread is in the middle of changing the problem."""
        for _ in range(LOOKS - 1):
            with suppress(Exception):
                return self._looked_at(problem, architecture)
            sleep(PAUSE)
        return self._looked_at(problem, architecture)

    def _looked_at(self, problem: Problem, architecture: Architecture) -> Lesson:
        features, subject = problem.features, look(problem, architecture.features)
        return self._lessons.get((problem, subject), lambda: prepare(subject, features))

    def _equip(self, training: Training) -> None:
        loss, weights, kind = self._wished_loss(training), self.parameters, training.engine
        self.engine = self._engines.get((weights, loss, kind), lambda: ENGINES[kind](weights, loss))
        self.engine.frozen, self.engine.generator = self._frozen, self._generator
        rule = training.optimiser
        self.optimiser = self._optimisers.get(
            (rule, weights), lambda: OPTIMISERS[rule](weights.values, weight_mask(weights))
        )

    def _wished_loss(self, training: Training) -> Loss:
        task: Task = "classification" if self.lesson.subject.classes else "regression"
        name, possible, outputs = training.loss, losses_for(task), self.lesson.outputs
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
        if self._frozen is not None and before is not None:
            self._frozen = carry_mask(self._frozen, before, plan)
        self.parameters, self._plan, self._has_weights = fresh, plan, True
