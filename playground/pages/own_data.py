"""The page about one's own data: a table of which one column is learned from the others."""

from __future__ import annotations

from typing import Any, ClassVar

from playground.pages.cards.own_data_card import OwnDataCard
from playground.pages.gates import GatesPage
from playground.pages.lab import Lab
from playground.pages.points import PointsPage
from playground.pages.shell.setting_attributes import pop_parameters
from playground.problems.tables.table_problem import TableProblem

BATCH_SIZE_RANGE = 10, 500
"""The smallest and the largest batch size that is chosen from the number of rows."""
BATCHES_PER_EPOCH = 50
"""Batches in an epoch, about, with the batch size that is chosen from the number of rows."""


class OwnDataPage(Lab[TableProblem]):
    """Watch a network learn one column of a table from the others.

    Parameters
    ----------
    data : DataFrame, mapping of str to array, or (x, y)
        See `read_tabular_data`, as for `target` and `regression`; `test_data` of `TableProblem`.

    Examples
    --------
    >>> OwnDataPage(data=flowers, target="species", hidden=[8, 8])
    """

    title: ClassVar[str] = "Your data"
    problem_class = TableProblem
    positional_setting = "data"
    presets: ClassVar[dict[str, Any]] = {"hidden": [8], "learning_rate": 0.02, "pace": 20.0}

    def make_problem(self, choices: dict[str, Any]) -> TableProblem:
        """Read the data; by default the network gets all inputs, and a batch size for the rows."""
        names = ("data", "target", "regression", "test_data")
        data_options = {name: choices.pop(name, None) for name in names}
        problem = TableProblem(**data_options, **pop_parameters(choices, TableProblem))
        smallest, largest = BATCH_SIZE_RANGE
        choices.setdefault(
            "batch_size", min(max(len(problem.data) // BATCHES_PER_EPOCH, smallest), largest)
        )
        choices.setdefault("features", list(problem.inputs))
        return problem

    def problem_card(self) -> OwnDataCard:
        """Make the card of settings of the data."""
        return OwnDataCard(self.problem)


def gates_page(*gate: Any, **choices: Any) -> GatesPage | OwnDataPage:
    """Make the page about logic gates, or with `data=` the one about that data: `playground.Gates`.

    Parameters
    ----------
    *gate, **choices
        As of `GatesPage`; with `data` as of `OwnDataPage`.
    """
    return OwnDataPage(**choices) if "data" in choices else GatesPage(*gate, **choices)


def points_page(*shape: Any, **choices: Any) -> PointsPage | OwnDataPage:
    """Make the page about points, or with `data=` the one about that data: `playground.Points`.

    Parameters
    ----------
    *shape, **choices
        As of `PointsPage`; with `data` as of `OwnDataPage`.
    """
    return OwnDataPage(**choices) if "data" in choices else PointsPage(*shape, **choices)
