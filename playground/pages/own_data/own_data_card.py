"""The card of settings of one's own data."""

from __future__ import annotations

import math
from collections.abc import Callable

import panel as pn
import param

from playground.pages.cards.own_data_html import about_html, scaling_html
from playground.pages.controls.fields.held_inputs import HeldInput, HeldInputs
from playground.pages.controls.fields.number_field import NumberField
from playground.pages.controls.fields.parameter_fields import (
    card,
    collapsed_card,
    field,
    group,
    parameter_label,
    setting_tags,
)
from playground.pages.controls.live_html import LiveHTML
from playground.pages.controls.message import Message
from playground.pages.controls.notes import Notes
from playground.pages.controls.uploads.table_chooser import TableChooser
from playground.pages.controls.uploads.table_upload import TableUpload
from playground.pages.design import page_design
from playground.pages.part import Part
from playground.problems.input_columns import InputColumn, first_inputs
from playground.problems.tables.csv.csv_columns import read_test_columns
from playground.problems.tables.table_file import OpenTable
from playground.problems.tables.table_problem import TableProblem
from playground.problems.tables.table_sentences import missing_sentence
from playground.views.ticks import round_up

INVITATION = (
    "<p>Drop a CSV file with a table of your own: a column to learn, and up to 20 to learn it "
    "from.</p>"
)
AXES = 2
"""Inputs that are drawn."""
SLIDER_STEPS = 200
"""About so many positions has a slider; a step is 1, 2 or 5 times a power of ten."""


class OwnDataCard(Part):
    """The inputs that are drawn, the values of the others, the split of the rows, and the table.

    Parameters
    ----------
    problem : TableProblem
    open_table : callable, optional
        Given another table that a person has uploaded; if left out, none can be.
    begins_with_upload : bool
        Whether the upload of another table is what a person should see first.

    Attributes
    ----------
    chooser : TableChooser
        Where another table is uploaded.
    """

    def __init__(
        self,
        problem: TableProblem,
        open_table: Callable[[OpenTable], None] | None = None,
        *,
        begins_with_upload: bool = False,
    ) -> None:
        super().__init__()
        self._problem = problem
        self.notes = Notes("data")
        self._about = LiveHTML("", css_classes=["pg-about"], margin=0)
        self._scaling = LiveHTML("", css_classes=["pg-about"], margin=0)
        self._held_columns: tuple[InputColumn, ...] = ()
        self._held = HeldInputs([], problem.hold)
        self._held_place = pn.Column(margin=0, sizing_mode="stretch_width")
        # Not linked: Panel has a select whose value comes before its options choose the first one.
        self._showing_axes = False
        self._axis_selects = {name: self._axis_select(name) for name in ("across", "up")}
        self._axes = group(*self._axis_selects.values())
        self._others = collapsed_card("Other inputs are held at", self._held_place)
        self._split = group(
            field(problem, "train_ratio", name="Training fraction", css_classes=["pg-whole-row"]),
            NumberField(problem, "seed", "Seed"),
        )
        self._stratify, self._missing = field(problem, "stratify"), field(problem, "missing")
        table_message = Message()
        self.chooser = TableChooser(open_table or (lambda _table: None), table_message.say)
        upload = [] if open_table is None else [self.chooser, table_message]
        first = [pn.pane.HTML(INVITATION, css_classes=["pg-about"], margin=0), *upload]
        self._compare = pn.widgets.Button(
            name="Compare settings", margin=0, sizing_mode="stretch_width", visible=False
        )
        self._remove_test = pn.widgets.Button(
            name="Remove these test rows", margin=0, sizing_mode="stretch_width"
        )
        self._remove_test.on_click(lambda _event: problem.set_test_data(None))
        self._card = card(
            "Data",
            *(first if begins_with_upload else []),
            self._about,
            self._axes,
            self._others,
            self._split,
            group(self._stratify, field(problem, "standardise"), self._missing),
            collapsed_card("Scaling", self._scaling),
            self._test_rows_card(),
            *(
                [collapsed_card("Another table", *upload)]
                if upload and not begins_with_upload
                else []
            ),
            self._compare,
            self.notes,
            area="problem",
        )
        problem.param.watch(self._show_relevant, ["across", "up"])
        problem.param.watch(self._show_held, "held")
        settings = ["train_ratio", "seed", "standardise", "stratify", "missing"]
        problem.param.watch(self._describe, settings, onlychanged=False)
        self._show_relevant()
        self._describe()

    def _test_rows_card(self) -> pn.Column:
        """Return the upload of a file of test rows, and the button that removes them."""
        message, problem = Message(), self._problem
        upload = TableUpload(
            lambda table: read_test_columns(table, problem.data), problem.set_test_data, message.say
        )
        return collapsed_card("Test rows of their own", upload, self._remove_test, message)

    def __panel__(self) -> pn.Column:
        return self._card

    def offer_comparison(self, compare: Callable[[], None]) -> None:
        """Show a button that compares networks which learn this table."""
        self._compare.on_click(lambda _event: compare())
        self._compare.visible = True

    def _show_relevant(self, *_events: object) -> None:
        self._follow_columns()
        self._show_axes()
        axes = {self._problem.across, self._problem.up}
        self._held.show_only(
            [each.name for each in self._problem.columns if not axes & {*each.inputs}]
        )

    def _axis_select(self, axis: str) -> pn.widgets.Select:
        problem = self._problem
        select = pn.widgets.Select(
            name=parameter_label(problem, axis),
            margin=0,
            sizing_mode="stretch_width",
            tags=setting_tags(problem, axis),
            css_classes=["pg-whole-row"],
        )

        def choose(event: param.parameterized.Event) -> None:
            if not self._showing_axes:
                setattr(problem, axis, event.new)

        select.param.watch(choose, "value")
        return select

    def _show_axes(self) -> None:
        self._showing_axes = True
        try:
            for axis, select in self._axis_selects.items():
                chosen = getattr(self._problem, axis)
                options = [*dict.fromkeys([*self._problem.axis_choices, chosen])]
                select.param.update(options=options, value=chosen)
        finally:
            self._showing_axes = False

    def _show_held(self, *_events: object) -> None:
        if not self._follow_columns():
            self._held.show_values(held_inputs(self._problem))

    def _follow_columns(self) -> bool:
        """Make other controls if the table has other columns; return whether it had."""
        problem = self._problem
        if problem.columns == self._held_columns:
            return False
        self._held_columns = problem.columns
        with page_design():
            self._held = HeldInputs(held_inputs(problem), problem.hold)
        self._held_place.objects = [self._held]
        self._axes.visible = len(problem.inputs) > 1
        self._others.visible = len(problem.inputs) > AXES
        return True

    def _describe(self, *_events: object) -> None:
        problem, own_test = self._problem, self._problem.test_data is not None
        self._split.visible = not own_test
        self._stratify.visible = bool(problem.classes) and not own_test
        self._missing.visible = bool(missing_sentence(problem))
        self._remove_test.visible = own_test
        self._about.object = about_html(problem)
        self._scaling.object = scaling_html(problem)
        self._show_held()
        self._show_relevant()


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
        start, end = (
            places.inverse_transform_value(each, first) for each in (plane.low, plane.high)
        )
        # A constant of many digits has no neighbours within its scale.
        end = max(end, start + SLIDER_STEPS * math.ulp(start))
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
