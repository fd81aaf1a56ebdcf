"""The card of what the networks learn, what varies, and what they have in common."""

from __future__ import annotations

import panel as pn

from playground.pages.cards.own_data_html import about_html
from playground.pages.compare.sweep.axis_fields import AxisFields
from playground.pages.compare.sweep.hidden_field import HiddenField
from playground.pages.compare.sweep.problem_choice import ProblemChoice
from playground.pages.controls.fields.number_field import NumberField
from playground.pages.controls.fields.parameter_fields import (
    LogField,
    card,
    collapsed_card,
    field,
    group,
)
from playground.pages.controls.fields.training_fields import optimiser_fields, schedule_fields
from playground.pages.controls.live_html import LiveHTML
from playground.pages.controls.notes import Notes
from playground.pages.part import Part
from playground.training.sweeps import SweepTrainer


class SweepCard(Part):
    """All settings of the page Compare.

    Parameters
    ----------
    task : ProblemChoice
    trainer : SweepTrainer
    """

    def __init__(self, task: ProblemChoice, trainer: SweepTrainer) -> None:
        super().__init__()
        architecture, training = trainer.architecture, trainer.training
        self._task, self._trainer = task, trainer
        self.notes = Notes("training")
        self._inputs, self._count = field(task, "inputs_count"), field(task, "count")
        self._noise = field(task, "noise")
        self._about = LiveHTML("", css_classes=["pg-about"], margin=0)
        self._card = card(
            "Compare",
            field(task, "task"),
            self._about,
            AxisFields(trainer),
            group(
                NumberField(training, "stop_epoch", "Epochs"),
                NumberField(trainer, "goal", "Share right"),
            ),
            collapsed_card(
                "What all have in common …",
                group(
                    HiddenField(architecture, "hidden", "Hidden layers"),
                    field(architecture, "activation"),
                    LogField(training, "learning_rate", -5, 1),
                    LogField(training, "l2", -6, 0, zero=True),
                    field(training, "optimiser"),
                    *optimiser_fields(training),
                    NumberField(training, "batch_size", "Batch size"),
                    field(architecture, "dropout", step=0.05),
                    NumberField(architecture, "seed", "Weight seed"),
                    field(architecture, "initialiser", css_classes=["pg-whole-row"]),
                    field(training, "schedule"),
                    *schedule_fields(training),
                    self._inputs,
                    self._count,
                    self._noise,
                ),
            ),
            self.notes,
            area="problem",
        )
        task.param.watch(self._show_relevant, ["task", "table"])
        self._show_relevant()

    def __panel__(self) -> pn.Column:
        return self._card

    def _show_relevant(self, *_events: object) -> None:
        task, table = self._task, self._task.own_table
        self._inputs.visible = task.is_gate
        self._count.visible = not task.is_gate and table is None
        self._noise.visible = table is None
        about = "" if table is None else about_html(table.problem)
        self._about.param.update(object=about, visible=table is not None)
