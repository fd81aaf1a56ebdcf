"""What the networks of the page Compare learn: a gate, or a shape of points."""

from __future__ import annotations

from typing import Any

import param

from playground.problems.gates import Gates
from playground.problems.latest_result import LatestResult
from playground.problems.points.clouds import CLOUDS
from playground.problems.points.points import Points
from playground.problems.problem import Problem
from playground.problems.truth_tables import GATES


class Task(param.Parameterized):
    """The settings of the problem; `problem` makes it."""

    task: param.Selector[str] = param.Selector(
        default="XOR",
        objects=[*GATES, *CLOUDS],
        label="Task",
        doc="The gate, or the shape of points, that the networks learn.",
    )
    inputs_count = param.Integer(2, bounds=(2, 4), label="Inputs", doc="Inputs of a gate.")
    count = param.Integer(
        400, bounds=(10, 2000), label="Points", doc="Training and test points together."
    )
    noise = param.Number(
        0.0, bounds=(0, 0.5), step=0.05, label="Noise", doc="Strength of the noise of the samples."
    )
    data_seed = param.Integer(
        0, bounds=(0, 2**31 - 1), label="Seed of the data", doc="Equal seeds give equal samples."
    )

    def __init__(self, **params: object) -> None:
        self._problem: LatestResult[Problem] = LatestResult()
        super().__init__(**params)

    @property
    def is_gate(self) -> bool:
        """Whether a truth table is learned, and not points."""
        return self.task in GATES

    @property
    def problem(self) -> Problem:
        """What is learned; the same object while nothing changes."""
        usual: dict[str, Any] = {"noise": self.noise, "seed": self.data_seed}
        if self.is_gate:
            key = ("gate", self.task, self.inputs_count, *usual.values())
            return self._problem.get(
                key, lambda: Gates(gate=self.task, inputs_count=self.inputs_count, **usual)
            )
        key = ("shape", self.task, self.count, *usual.values())
        return self._problem.get(key, lambda: Points(shape=self.task, count=self.count, **usual))

    @property
    def points(self) -> Points | None:
        """The points that are learned; None for a gate."""
        problem = self.problem
        return problem if isinstance(problem, Points) else None
