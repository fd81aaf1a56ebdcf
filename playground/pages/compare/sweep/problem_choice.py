"""What the networks of the page Compare learn: a gate, points, or a table of one's own."""

from __future__ import annotations

from typing import Any

import param

from playground.errors import InputError
from playground.pages.compare.sweep.own_table import OwnTable
from playground.problems.gates import Gates
from playground.problems.latest_result import LatestResult
from playground.problems.points.clouds import CLOUDS
from playground.problems.points.points import Points
from playground.problems.problem import Problem
from playground.problems.truth_tables import GATES
from playground.seeds import MAX_SEED
from playground.settings import ParameterSetting
from playground.settings.value_types import ChoiceType

OWN_TABLE = "your data"
"""The task of a table of one's own, which can be chosen once there is one."""
NO_TABLE = (
    "A link doesn't hold a table of your own: open the table on the page Your data, and press "
    "“Compare settings” there."
)


class ProblemChoice(param.Parameterized):
    """The settings of the problem; `problem` makes it."""

    task: param.Selector[str] = param.Selector(
        default="XOR",
        objects=[*GATES, *CLOUDS],
        label="Task",
        doc="The gate, or the shape of points, that the networks learn; or your own table, once "
        "you have pressed “Compare settings” on the page Your data.",
    )
    table = param.ClassSelector(
        class_=OwnTable, default=None, precedence=-1, doc="A table of one's own, if there is one."
    )
    inputs_count = param.Integer(2, bounds=(2, 4), label="Inputs", doc="Inputs of a gate.")
    count = param.Integer(
        400, bounds=(10, 2000), label="Points", doc="Training and test points together."
    )
    noise = param.Number(
        0.0, bounds=(0, 0.5), step=0.05, label="Noise", doc="Strength of the noise of the samples."
    )
    data_seed = param.Integer(
        0, bounds=(0, MAX_SEED), label="Seed of the data", doc="Equal seeds give equal samples."
    )

    def __init__(self, **params: object) -> None:
        self._problem: LatestResult[Problem] = LatestResult()
        super().__init__(**params)

    @property
    def is_gate(self) -> bool:
        """Whether a truth table is learned: neither points nor a table of one's own."""
        return self.task in GATES

    @property
    def own_table(self) -> OwnTable | None:
        """The table that is learned; None while something else is."""
        table: OwnTable | None = self.table
        return table if self.task == OWN_TABLE else None

    def use_table(self, table: OwnTable) -> None:
        """Learn a table, which can be chosen again after other tasks."""
        self.param["task"].objects = [*GATES, *CLOUDS, OWN_TABLE]
        self.param.update(table=table, task=OWN_TABLE)

    @property
    def problem(self) -> Problem:
        """What is learned; the same object while nothing changes."""
        if (table := self.own_table) is not None:
            return table.problem
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
        """The points that are learned; None for a gate, and for a table of one's own."""
        problem = self.problem
        return problem if isinstance(problem, Points) else None


class ProblemChoiceSetting(ParameterSetting):
    """The task, which a link can name also where it is a table that the link doesn't hold.

    Parameters
    ----------
    task : ProblemChoice
    """

    def __init__(self, task: ProblemChoice) -> None:
        super().__init__(task, "task", "task")
        self._task = task

    @property
    def value_type(self) -> ChoiceType:
        """Return all tasks, and the table, which `assign` refuses with a reason."""
        return ChoiceType((*GATES, *CLOUDS, OWN_TABLE))

    def assign(self, value: Any) -> None:  # noqa: ANN401
        """Choose a task; InputError if it is a table, and there is none."""
        if value == OWN_TABLE and self._task.table is None:
            raise InputError(NO_TABLE)
        super().assign(value)
