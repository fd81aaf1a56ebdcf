"""The page about logic gates."""

from __future__ import annotations

from typing import Any, ClassVar

from playground.pages.gates.gates_card import GatesCard
from playground.pages.gates.truth_table_tab import TruthTableTab
from playground.pages.lab import Lab
from playground.pages.links.truth_table_setting import TruthTableSetting
from playground.pages.part import DenseHeartbeat, Part
from playground.pages.shell.welcome import Experiment
from playground.pages.suggestions import USUAL, Suggestion
from playground.problems.gates import CUSTOM, Gates
from playground.settings import Owner
from playground.training.core.notes import Remedy
from playground.training.dense.frame import Frame
from playground.trials.tasks import GatesTask

PARITY = Suggestion(
    "Parity of four inputs", {"hidden": [8], "batch_size": 16, "learning_rate": 0.03}
)


class GatesPage(Lab[Gates]):
    """Watch a network learn a truth table.

    Examples
    --------
    >>> GatesPage(gate="XOR", hidden=[4])
    """

    title: ClassVar[str] = "Gates"
    problem_class = Gates
    positional_setting = "gate"
    presets: ClassVar[dict[str, Any]] = {**GatesTask.presets, "pace": 60.0}

    sentence = "Press Play and watch a <b>neural network</b> learn logic."
    watching = "Watch the <b>corners</b> take the table’s colours."
    experiments = (
        Experiment("one neuron", {"hidden": [1]}),
        Experiment("no hidden layer", {"hidden": []}),
        Experiment("an easier gate", {"gate": "AND"}),
    )

    things_to_try = (
        Experiment(
            "XOR without hidden layers",
            {"gate": "XOR", "hidden": []},
            "Why does it never work?",
        ),
        Experiment(
            "Parity of four inputs",
            {
                "gate": "parity",
                "inputs_count": 4,
                "hidden": [8],
                "batch_size": 16,
                "learning_rate": 0.03,
            },
            "One bit that changes, and the answer changes.",
        ),
        Experiment(
            "All weights zero",
            {"gate": "XOR", "initialiser": "zero"},
            "Why do all neurons look alike?",
        ),
    )

    def __init__(self, positional_value: Any = None, /, **choices: Any) -> None:  # noqa: ANN401
        super().__init__(positional_value, **choices)
        self.problem.param.watch(self._follow_suggestion, ["gate", "inputs_count"])

    def suggestion(self) -> Suggestion:
        """Parity of four inputs is not learned with the settings that learn all other gates."""
        is_parity = self.problem.gate == "parity" and self.problem.inputs_count == 4
        deep = super().suggestion()
        return PARITY if is_parity and deep is USUAL else deep

    @property
    def task(self) -> str:
        """The gate, or that it is a custom table."""
        return "this table" if self.problem.gate == CUSTOM else str(self.problem.gate)

    def problem_card(self) -> GatesCard:
        """Make the card of settings of the gate."""
        return GatesCard(self.problem)

    def problem_owners(self) -> tuple[Owner, ...]:
        """The gate's parameters; the truth table as a setting only while the gate is custom."""
        return (self.problem, {"table": None}), TruthTableSetting(self.problem)

    def data_remedy(self, frame: Frame) -> Remedy:
        """Learn a gate whose answers differ."""
        return Remedy("Learn XOR", (("gate", "XOR"),))

    def tabs(self, heartbeat: DenseHeartbeat) -> tuple[tuple[str, Part], ...]:
        """Put the truth table first."""
        return (("Table", TruthTableTab(heartbeat, self.problem)),)
