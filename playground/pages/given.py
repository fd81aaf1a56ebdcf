"""The page about data of one's own."""

from __future__ import annotations

from typing import Any, ClassVar

from playground.pages.given_card import GivenCard
from playground.pages.lab import Lab, taken
from playground.problems.given import Given

SAMPLES_A_BATCH = 10, 500
"""The fewest and the most, unless somebody says otherwise."""
BATCHES = 50
"""About so many in an epoch."""


class GivenPage(Lab[Given]):
    """Watch a network learn one column of a table from the others.

    Parameters
    ----------
    data : DataFrame, mapping of str to array, or (x, y)
        See `playground.problems.given_data.read_given`, as for `target` and `regression`.

    Examples
    --------
    >>> GivenPage(data=flowers, target="species", hidden=[8, 8])
    """

    title: ClassVar[str] = "Your data"
    kind = Given
    first = "data"
    presets: ClassVar[dict[str, Any]] = {"hidden": [8], "learning_rate": 0.02, "pace": 20.0}

    def make_problem(self, choices: dict[str, Any]) -> Given:
        """Read the data; all inputs are given to the network, and batches fit the rows."""
        reading = {name: choices.pop(name, None) for name in ("data", "target", "regression")}
        problem = Given(**reading, **taken(choices, Given))
        few, many = SAMPLES_A_BATCH
        choices.setdefault("batch_size", min(max(len(problem.given) // BATCHES, few), many))
        choices.setdefault("features", list(problem.inputs))
        return problem

    def problem_card(self) -> GivenCard:
        """The card of choices about the data."""
        return GivenCard(self.problem)


class TakesData:
    """A page that is about data of one's own where `data` is given."""

    def __new__(cls, *_first: Any, **choices: Any) -> Any:  # noqa: ANN401 (or another page)
        """Make the page that is wanted."""
        return GivenPage(**choices) if "data" in choices else super().__new__(cls)
