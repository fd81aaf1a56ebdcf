"""What a trainer works with, kept in step with what is wished for."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import replace
from time import sleep

import torch
from torch import Tensor

from playground.errors import InputError
from playground.networks.architecture import Architecture
from playground.networks.brought import Brought
from playground.networks.growth import carry_mask, grow, initialise
from playground.networks.parameters import Parameters, weight_mask
from playground.networks.plan import Plan
from playground.problems.latest import Latest
from playground.problems.problem import Problem
from playground.training.batches import Batches
from playground.training.edits import Edit
from playground.training.engines import Engine, Program, make_engine
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
    generator : torch.Generator
        Where the order of the samples and the fast engine's dropout come from.
    frozen : Tensor of bool, shape (1, size), or None
        Parameters that are held fast.
    brought : Brought or None
        What somebody wants to have learned.
    """

    lesson: Lesson
    parameters: Parameters
    engine: Engine
    batches: Batches
    optimiser: Optimiser
    generator: torch.Generator

    def __init__(self, brought: Brought | None = None) -> None:
        self.brought = brought
        self.programs: list[Program] = []
        self._lessons: Latest[Lesson] = Latest()
        self._losses: Latest[Loss] = Latest()
        self._engines: Latest[Engine] = Latest()
        self._programs: Latest[list[Program]] = Latest()
        self._lessons_then: Latest[Lesson] = Latest()
        self.frozen: Tensor | None = None if brought is None else brought.frozen
        self._plan: Plan | None = None
        self.clear(0)

    def clear(self, seed: int) -> None:
        """Forget the weights, and begin all that is left to chance from a seed."""
        self._has_weights = False
        self.generator = torch.Generator().manual_seed(seed)
        self._batches: Latest[Batches] = Latest()
        self.forget_steps()

    def forget_steps(self) -> None:
        """Have the optimiser begin without memory."""
        self._optimisers: Latest[Optimiser] = Latest()

    def fit(self, problem: Problem, architecture: Architecture, training: Training) -> bool:
        """Make everything as it is wished; whether the network is to be examined again."""
        before = self.programs
        lesson = self.lesson = self._wished_lesson(problem, architecture)
        self._grow(self.plan(architecture, lesson.subject.names, lesson.outputs), architecture)
        self._equip(training)
        size = training.batch_size
        self.batches = self._batches.get(
            (lesson, size),
            lambda: Batches(lesson.train.inputs, lesson.train.targets, size, self.generator),
        )
        self.programs = self._programs.get(
            (self.engine, self.batches),
            lambda: [self.engine.program(window) for window in self.batches.windows],
        )
        return self.programs is not before

    def plan(self, architecture: Architecture, features: tuple[str, ...], outputs: int) -> Plan:
        """Describe the network that is asked for; InputError if what was brought can't be it."""
        if self.brought is None:
            return architecture.plan(features, outputs)
        return self.brought.plan(architecture, features, outputs)

    def lesson_for(self, plan: Plan) -> Lesson:
        """Make the problem of now as a network from the past was given it.

        Raises
        ------
        InputError
            If the problem has no such features, or asks for other outputs.
        """
        lesson, names = self.lesson, plan.features
        if not set(names) <= set(lesson.features) or plan.outputs != lesson.outputs:
            raise InputError(
                f"The network of that time learned another problem: it answers {len(names)} "
                f"features ({', '.join(names)}) with {plan.outputs} numbers."
            )
        if names == lesson.subject.names:
            return lesson
        subject = replace(lesson.subject, names=names)
        return self._lessons_then.get((lesson, names), lambda: prepare(subject, lesson.features))

    def adopt(self, then: Parameters, architecture: Architecture) -> None:
        """Take over weights from the past, as far as the network of now has a place for them."""
        now = self.parameters
        if then.plan != now.plan:
            fresh = initialise(now.plan, architecture.initialiser, architecture.seed)
            then = grow(then, fresh)
        now.values.copy_(then.values)
        self.engine.gradient.zero_()
        self.forget_steps()

    def apply(self, edit: Edit) -> None:
        """Make a change by hand, if the network still has what is to be changed."""
        if not edit.fits(self.parameters.plan):
            return
        frozen = self.frozen
        if frozen is None:
            frozen = torch.zeros(1, self.parameters.plan.size, dtype=torch.bool)
        edit.apply(self.parameters, frozen)
        self.frozen = frozen if frozen.any() else None

    def hold(self, frozen: Tensor | None) -> None:
        """Hold other parameters fast than before; see `frozen`."""
        self.frozen = frozen

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
        self.engine = self._engines.get(
            (weights, loss, kind), lambda: make_engine(kind, weights, loss)
        )
        self.engine.frozen, self.engine.generator = self.frozen, self.generator
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
        elif self.brought is not None:
            self.brought.begin(fresh, architecture)
        if self.brought is not None:
            self.brought.share(fresh)
        if self.frozen is not None and before is not None:
            self.frozen = carry_mask(self.frozen, before, plan)
        self.parameters, self._plan, self._has_weights = fresh, plan, True
