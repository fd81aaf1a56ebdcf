"""The page about one's own data: a table of which one column is learned from the others."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, ClassVar

from playground.pages.compare.sweep.own_table import OwnTable
from playground.pages.gates import GatesPage
from playground.pages.lab import Lab
from playground.pages.own_data.own_data_card import OwnDataCard
from playground.pages.points import PointsPage
from playground.pages.runs.run_session import RunData
from playground.pages.shell.setting_attributes import pop_parameters
from playground.problems.tables.column_choice import ColumnChoices
from playground.problems.tables.csv.csv_dialect import CsvChoices
from playground.problems.tables.table_file import TABLE, OpenTable, TableFile
from playground.problems.tables.table_problem import TableProblem
from playground.training.dense.batches import usual_batch_size
from playground.trials.tasks import TableTask

IRIS_TARGET = "species"
SETTINGS_OF_THE_TABLE = ("across", "up", "held", "features")
"""Names of settings whose values are about the columns of a table."""


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
    begins_with_upload: ClassVar[bool] = False
    problem_class = TableProblem
    positional_setting = "data"
    presets: ClassVar[dict[str, Any]] = {**TableTask.presets, "pace": 20.0}

    def make_problem(self, choices: dict[str, Any]) -> TableProblem:
        """Read the data; by default the network gets all inputs, and a batch size for the rows."""
        names = ("data", "target", "regression", "test_data")
        data_options = {name: choices.pop(name, None) for name in names}
        self._can_open_tables = choices.get("model") is None
        self._packed: Mapping[str, Any] | None = None
        problem = TableProblem(**data_options, **pop_parameters(choices, TableProblem))
        choices.setdefault("batch_size", usual_batch_size(len(problem.data)))
        choices.setdefault("features", list(problem.inputs))
        return problem

    def problem_card(self) -> OwnDataCard:
        """Make the card of settings of the data; a module of one's own keeps its table."""
        open_table = self.open_table if self._can_open_tables else None
        self._card = OwnDataCard(
            self.problem, open_table, begins_with_upload=self.begins_with_upload
        )
        return self._card

    @property
    def task(self) -> str:
        """The name of the column that is learned."""
        return f"“{self.problem.data.target}”"

    def open_table(self, table: OpenTable) -> None:
        """Learn another table from epoch 0, with all of its inputs."""
        self.pause()
        self._persistence.restores = False
        self._restore_table(table)
        self.training.batch_size = usual_batch_size(len(self.problem.data))
        self.settings.take_as_defaults("batch_size", *SETTINGS_OF_THE_TABLE)
        self.branches.forget()
        self.trainer.reset()
        self.heartbeat.show_present()

    def use_file(self, data: bytes, choices: CsvChoices) -> None:
        """Learn the table in a CSV file, as it is probably meant, rather than what was saved."""
        self._persistence.restores = False
        self._card.chooser.request = data, choices

    def offer_comparison(self, compare: Callable[[OwnTable, dict[str, Any]], None]) -> None:
        """Offer to compare networks that learn this table, with the settings of this one.

        `compare` is given a copy of the table, and the settings by their public names.
        """
        owners = {self.architecture, self.training}

        def begin() -> None:
            settings = {
                name: setting.value
                for name, setting in self.settings.items()
                if setting.owner in owners
            }
            compare(OwnTable(self.problem.copy(), self._packed), settings)

        if not self.trainer.plan.layers:
            return
        self._card.offer_comparison(begin)

    def extra(self) -> dict[str, Any]:
        """The file of the table, if it was uploaded."""
        return {} if self._packed is None else {TABLE: self._packed}

    @property
    def run_data(self) -> RunData:
        """The table, on which the axes and the inputs depend."""
        return RunData(
            lambda: OpenTable(self.problem.data, self._packed),
            self._read_table,
            self._restore_run_table,
            SETTINGS_OF_THE_TABLE,
        )

    def _read_table(self, extra: Mapping[str, Any]) -> OpenTable | None:
        """Read the table that a run holds; None if it holds none, or it is that of the page."""
        packed = extra.get(TABLE)
        if packed is None or packed == self._packed:
            return None
        return OpenTable(TableFile.unpack(packed).read(), packed)

    def _restore_run_table(self, table: OpenTable) -> None:
        """Use the table of a run, and offer its file, so that it can still be corrected."""
        self._restore_table(table)
        if self._can_open_tables and table.packed is not None and "csv" in table.packed:
            self._card.chooser.offered = table.packed

    def _restore_table(self, table: OpenTable) -> None:
        self._packed = table.packed
        if table.data is not self.problem.data:
            self.problem.set_data(table.data)
            self.architecture.features = list(self.problem.inputs)


class UploadPage(OwnDataPage):
    """The page about one's own data in the app: an example, until a table is uploaded."""

    begins_with_upload = True

    def __init__(self, **choices: Any) -> None:
        irises = _irises()
        super().__init__(data=irises, target=IRIS_TARGET, **choices)
        self._packed = _file_of(irises, IRIS_TARGET).pack()


def _irises() -> dict[str, Any]:
    """Return the flowers that Fisher made known: four measures and three species."""
    from sklearn.datasets import load_iris

    irises = load_iris()
    columns = dict(zip(irises.feature_names, irises.data.T, strict=True))
    return {**columns, IRIS_TARGET: irises.target_names[irises.target]}


def _file_of(columns: Mapping[str, Any], target: str) -> TableFile:
    """Write columns as the file from which they could have been read."""
    rows = [columns, *zip(*(each.tolist() for each in columns.values()), strict=True)]
    content = "".join(",".join(map(str, row)) + "\n" for row in rows).encode()
    inputs = tuple(name for name in columns if name != target)
    return TableFile(content, CsvChoices(",", ".", has_header=True), ColumnChoices(target, inputs))


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
