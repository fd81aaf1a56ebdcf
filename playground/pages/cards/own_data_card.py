"""The card of settings of one's own data."""

from __future__ import annotations

import math

import panel as pn

from playground.pages.cards.own_data_html import about_html, scaling_html
from playground.pages.controls.held_inputs import HeldInput, HeldInputs
from playground.pages.controls.live_html import LiveHTML
from playground.pages.controls.message import Message
from playground.pages.controls.notes import Notes
from playground.pages.controls.number_field import NumberField
from playground.pages.controls.parameter_fields import card, collapsed_card, field, group
from playground.pages.controls.table_upload import TableUpload
from playground.pages.part import Part
from playground.problems.input_columns import first_inputs
from playground.problems.tables.table_problem import TableProblem
from playground.problems.tables.table_sentences import missing_sentence
from playground.problems.tables.tabular_data import read_test_data
from playground.views.ticks import round_up

SLIDER_STEPS = 200
"""About so many positions has a slider; a step is 1, 2 or 5 times a power of ten."""


class OwnDataCard(Part):
    """The inputs that are drawn, the values of the others, and the split of the rows."""

    def __init__(self, problem: TableProblem) -> None:
        super().__init__()
        self._problem = problem
        self.notes = Notes("data")
        self._about = LiveHTML("", css_classes=["pg-about"], margin=0)
        self._scaling = LiveHTML("", css_classes=["pg-about"], margin=0)
        self._held = HeldInputs(held_inputs(problem), problem.hold)
        slices = [
            group(field(problem, "across"), field(problem, "up")),
            collapsed_card("Other inputs are held at", self._held),
        ]
        self._split = group(
            field(problem, "train_ratio", name="Training fraction"),
            NumberField(problem, "seed", "Seed"),
        )
        self._stratify, self._missing = field(problem, "stratify"), field(problem, "missing")
        message = Message()
        test_upload = TableUpload(
            lambda columns: read_test_data(columns, problem.data),
            problem.set_test_data,
            message.say,
        )
        self._remove_test = pn.widgets.Button(
            name="Remove these test rows", margin=0, sizing_mode="stretch_width"
        )
        self._remove_test.on_click(lambda _event: problem.set_test_data(None))
        self._card = card(
            "Data",
            self._about,
            *slices[: max(0, len(problem.inputs) - 1)],
            self._split,
            group(self._stratify, field(problem, "standardise"), self._missing),
            collapsed_card("Scaling", self._scaling),
            collapsed_card("Test rows of their own", test_upload, self._remove_test, message),
            self.notes,
            area="problem",
        )
        problem.param.watch(self._show_relevant, ["across", "up"])
        problem.param.watch(self._show_held, "held")
        settings = ["train_ratio", "seed", "standardise", "stratify", "missing"]
        problem.param.watch(self._describe, settings, onlychanged=False)
        self._show_relevant()
        self._describe()

    def __panel__(self) -> pn.Column:
        return self._card

    def _show_relevant(self, *_events: object) -> None:
        axes = {self._problem.across, self._problem.up}
        self._held.show_only(
            [each.name for each in self._problem.columns if not axes & {*each.inputs}]
        )

    def _show_held(self, *_events: object) -> None:
        self._held.show_values(held_inputs(self._problem))

    def _describe(self, *_events: object) -> None:
        problem, own_test = self._problem, self._problem.test_data is not None
        self._split.visible = not own_test
        self._stratify.visible = bool(problem.classes) and not own_test
        self._missing.visible = bool(missing_sentence(problem))
        self._remove_test.visible = own_test
        self._about.object = about_html(problem)
        self._scaling.object = scaling_html(problem)
        self._show_held()


def held_inputs(problem: TableProblem) -> list[HeldInput]:
    """Describe the controls that hold each column: numbers in their units, and categories."""
    places, plane = problem.places, problem.plane
    found = []
    columns = zip(
        problem.columns, first_inputs(problem.columns), problem.held_values(), strict=True
    )
    for column, first, value in columns:
        if column.categories:
            found.append(HeldInput(column.name, value, categories=column.categories))
            continue
        start, end = (places.unscaled(each, first) for each in (plane.low, plane.high))
        step = round_up((end - start) / SLIDER_STEPS)
        found.append(
            HeldInput(
                column.name,
                min(max(float(value), start), end),
                start,
                end,
                step,
                decimals=max(0, -math.floor(math.log10(step))),
            )
        )
    return found
