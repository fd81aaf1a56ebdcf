"""The immutable copy of a sweep's settings, and the populations that they are grouped into."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any, TypeVar

import param

from playground.errors import InputError
from playground.networks.architecture import Architecture
from playground.problems import Points
from playground.problems.problem import Problem
from playground.training.core.settings import TrainerSettings
from playground.training.dense.settings import DenseSettings
from playground.training.dense.training_data import check_features, outputs_for, problem_spec
from playground.training.populations.members import Members, make_members
from playground.training.populations.memory import check_total_memory, sizes_of
from playground.training.populations.network import picture_side
from playground.training.populations.settings import PopulationSettings
from playground.training.sweeps.sweep import Sweep
from playground.training.sweeps.variables import (
    DEPTH,
    FEATURE_SIGN,
    FEATURES_NAME,
    IN_ONE_BATCH,
    NOISE,
    SEED,
    WIDTH,
    Value,
)
from playground.training.training import OPTION_NAMES, Training

USUAL_WIDTH = 4
"""Neurons of each hidden layer where the network has none to go by."""
STOPS: dict[str, None] = dict.fromkeys(
    ("stop_epoch", "stop_loss", "stop_accuracy", "early_stopping")
)
"""Settings of training that say when it ends, which is for the whole sweep to say."""

ParameterizedT = TypeVar("ParameterizedT", bound=param.Parameterized)


@dataclass(frozen=True, eq=False)
class Group:
    """The runs of a sweep that are trained in one batch.

    Attributes
    ----------
    base : DenseSettings
    members : Members
    runs : tuple of int
        The number of each member in the sweep.
    """

    base: DenseSettings
    members: Members
    runs: tuple[int, ...]


@dataclass(frozen=True, kw_only=True)
class SweepSettings(TrainerSettings):
    """Everything requested of a `SweepTrainer` at one moment; see `TrainerSettings`.

    Attributes
    ----------
    sweep : Sweep
    groups : tuple of Group
        The same objects for as long as nothing changes that decides what is trained.
    goal : float
        The quality from which on a run counts as having learned; see `MemberScores`.
    """

    sweep: Sweep
    groups: tuple[Group, ...]
    goal: float

    def populations(self) -> tuple[PopulationSettings, ...]:
        """Return the settings of each population."""
        side = picture_side(len(self.sweep))
        return tuple(
            PopulationSettings(
                base=group.base,
                members=group.members,
                goal=self.goal,
                side=side,
                training=group.base.training,
                request_count=self.request_count,
            )
            for group in self.groups
        )


@dataclass(frozen=True, slots=True)
class Origin:
    """The problem, the network and the training that a sweep varies.

    Attributes
    ----------
    problem : Problem
    architecture : Architecture
    training : Training
    """

    problem: Problem
    architecture: Architecture
    training: Training
    _problems: dict[float, Problem] = field(default_factory=dict)

    def groups(self, sweep: Sweep) -> tuple[Group, ...]:
        """Return the groups of runs of a sweep.

        Raises
        ------
        InputError
            If a setting that varies has no effect, or so many networks would take too much
            memory.
        """
        self._check_effect(sweep)
        runs_of: dict[tuple[Value, ...], list[int]] = {}
        apart = [axis.name for axis in sweep.axes if axis.name not in IN_ONE_BATCH]
        for run in range(len(sweep)):
            values = sweep.values(run)
            runs_of.setdefault(tuple(values[name] for name in apart), []).append(run)
        without_stops = replace(self, training=_copy_with(self.training, STOPS))
        groups = tuple(
            without_stops._group(sweep, dict(zip(apart, values, strict=True)), runs)
            for values, runs in runs_of.items()
        )
        check_total_memory([_memory_of(group, picture_side(len(sweep))) for group in groups])
        return groups

    def settings_with(self, changes: Mapping[str, Value]) -> tuple[Problem, Architecture, Training]:
        """Return problem, network and training with the values of a run."""
        problem, architecture, training = self.problem, self.architecture, self.training
        network: dict[str, Any] = {}
        if WIDTH in changes or DEPTH in changes:
            hidden = architecture.hidden
            depth = int(changes.get(DEPTH, len(hidden) or 1))
            network["hidden"] = (
                [int(changes[WIDTH])] * depth
                if WIDTH in changes
                else (hidden + [hidden[-1] if hidden else USUAL_WIDTH] * depth)[:depth]
            )
        if FEATURES_NAME in changes:
            network["features"] = str(changes[FEATURES_NAME]).split(FEATURE_SIGN)
            check_features(problem, network["features"])
        if "activation" in changes:
            network |= {"activation": changes["activation"], "layer_activations": []}
        network |= {name: changes[name] for name in ("dropout", "initialiser") if name in changes}
        if SEED in changes:
            network["seed"] = changes[SEED]
        if NOISE in changes:
            problem = self._with_noise(float(changes[NOISE]))
        learning = {name: value for name, value in changes.items() if name in Training.param}
        return problem, _copy_with(architecture, network), _copy_with(training, learning)

    def _group(self, sweep: Sweep, changes: Mapping[str, Value], runs: list[int]) -> Group:
        problem, architecture, training = self.settings_with(changes)
        base = DenseSettings(
            spec=problem_spec(problem, architecture.features),
            architecture=architecture,
            training=training,
            features=problem.features,
            probe_inputs={},
            request_count=0,
        )
        values = [sweep.values(run) for run in runs]
        seeds = [int(each.get(SEED, architecture.seed)) for each in values]
        varied = {
            axis.name: [float(each[axis.name]) for each in values]
            for axis in sweep.axes
            if axis.name in IN_ONE_BATCH - {SEED}
        }
        return Group(base, make_members(seeds, varied), tuple(runs))

    def _with_noise(self, noise: float) -> Problem:
        if noise not in self._problems:
            problem = self.problem
            own = {"own": problem.own} if isinstance(problem, Points) else {}
            self._problems[noise] = type(problem)(**{**_values(problem), NOISE: noise}, **own)
        return self._problems[noise]

    def _check_effect(self, sweep: Sweep) -> None:
        names = {axis.name for axis in sweep.axes}
        if NOISE in names and NOISE not in self.problem.param:
            raise InputError("These samples have no noise that could be varied.")
        for name in names & {*OPTION_NAMES} & self.training.without_effect:
            if "optimiser" not in names:
                raise InputError(
                    f"{name} has no effect with the optimiser {self.training.optimiser}: choose "
                    "another optimiser, or another setting to vary."
                )
        if (
            names & {"dropout", "activation"}
            and not self.architecture.hidden
            and not (names & {WIDTH, DEPTH})
        ):
            varied = ", ".join(sorted(names & {"dropout", "activation"}))
            raise InputError(f"Without hidden layers {varied} has no effect: add a hidden layer.")


def learning_values(training: Training) -> tuple[object, ...]:
    """Return the values that decide what is trained, and not when it ends."""
    return tuple(value for name, value in _values(training).items() if name not in STOPS)


def _memory_of(group: Group, side: int) -> tuple[Any, int, dict[str, int]]:
    base = group.base
    plan = base.architecture.plan(base.spec.feature_names, outputs_for(base.spec.classes))
    split = base.spec.split
    samples, evaluated = len(split.train.x), len(split.train.x) + len(split.test.x)
    sizes = sizes_of(samples, evaluated, base.training.batch_size, side)
    return plan, len(group.members), sizes


def _values(owner: param.Parameterized) -> dict[str, Any]:
    return {name: getattr(owner, name) for name in owner.param if name != "name"}


def _copy_with(owner: ParameterizedT, changes: Mapping[str, Any]) -> ParameterizedT:
    """Return a copy with other values, or the owner itself where there are none."""
    return type(owner)(**{**_values(owner), **changes}) if changes else owner
