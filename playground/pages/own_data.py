"""The page about data of one's own."""

from __future__ import annotations

from typing import Any, ClassVar

from playground.pages.cards.own_data_card import OwnDataCard
from playground.pages.lab import Lab, pop_parameters
from playground.problems.tables.table_problem import TableProblem

BATCH_SIZE_RANGE = 10, 500
"""The fewest and the most, unless somebody says otherwise."""
BATCHES_PER_EPOCH = 50
"""About so many in an epoch."""


class OwnDataPage(Lab[TableProblem]):
    """Watch a network learn one column of a table from the others.

    Parameters
    ----------
    data : DataFrame, mapping of str to array, or (x, y)
        See `read_tabular_data`, as for `target` and `regression`.

    Examples
    --------
    >>> OwnDataPage(data=flowers, target="species", hidden=[8, 8])
    """

    title: ClassVar[str] = "Your data"
    problem_class = TableProblem
    positional_setting = "data"
    presets: ClassVar[dict[str, Any]] = {"hidden": [8], "learning_rate": 0.02, "pace": 20.0}

    def make_problem(self, choices: dict[str, Any]) -> TableProblem:
        """Read the data; all inputs are given to the network, and batches fit the rows."""
        data_options = {name: choices.pop(name, None) for name in ("data", "target", "regression")}
        problem = TableProblem(**data_options, **pop_parameters(choices, TableProblem))
        smallest, largest = BATCH_SIZE_RANGE
        choices.setdefault(
            "batch_size", min(max(len(problem.data) // BATCHES_PER_EPOCH, smallest), largest)
        )
        choices.setdefault("features", list(problem.inputs))
        return problem

    def problem_card(self) -> OwnDataCard:
        """The card of choices about the data."""
        return OwnDataCard(self.problem)


class AcceptsOwnData:
    """A page that is about data of one's own where `data` is given."""

    def __new__(cls, *_first: Any, **choices: Any) -> Any:  # noqa: ANN401 (or another page)
        """Make the page that is wanted."""
        return OwnDataPage(**choices) if "data" in choices else super().__new__(cls)
