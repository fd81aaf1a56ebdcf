"""What was understood of a CSV file, and controls to correct it."""

from __future__ import annotations

from dataclasses import replace
from html import escape

import panel as pn
import param

from playground.pages.controls.fields.parameter_fields import group
from playground.pages.controls.live_html import LiveHTML
from playground.pages.part import Part
from playground.problems.tables.csv.csv_dialect import SEPARATORS, CsvChoices
from playground.problems.tables.csv.csv_table import CsvTable

AS_FOUND = "found"
"""Stands for None, which a select shows as nothing."""
CHOICES = {
    "separator": ("Separator", {name: mark for mark, name in SEPARATORS.items()}),
    "decimal": ("Decimal mark", {"as found": AS_FOUND, "point": ".", "comma": ","}),
    "has_header": ("First row", {"names": True, "data": False}),
}


class CsvFormatFields(Part):
    """A line about a CSV file, and selects for its separator, decimal mark and header.

    Attributes
    ----------
    choices : CsvChoices
        What a person has corrected since `reset`.
    """

    choices = param.ClassSelector(class_=CsvChoices, default=CsvChoices(), instantiate=False)

    def __init__(self) -> None:
        super().__init__()
        self._showing = False
        self._line = LiveHTML("", css_classes=["pg-about"], margin=0)
        self._selects = {
            name: pn.widgets.Select(
                name=label, options=options, margin=0, sizing_mode="stretch_width"
            )
            for name, (label, options) in CHOICES.items()
        }
        for select in self._selects.values():
            select.param.watch(self._correct, "value")
        self._column = pn.Column(
            self._line, group(*self._selects.values()), margin=0, sizing_mode="stretch_width"
        )

    def __panel__(self) -> pn.Column:
        return self._column

    def reset(self, choices: CsvChoices | None = None) -> None:
        """Take these choices, else none, for another file, without an event."""
        with param.parameterized.discard_events(self):
            self.choices = choices or CsvChoices()

    def show_table(self, table: CsvTable) -> None:
        """Show how a file was read."""
        self._showing = True
        try:
            for name, select in self._selects.items():
                found = getattr(table, name)
                select.value = AS_FOUND if found is None else found
        finally:
            self._showing = False

    def say(self, *sentences: str) -> None:
        """Show sentences in the line."""
        self._line.object = f"<p>{escape(' '.join(sentences))}</p>"

    def _correct(self, event: param.parameterized.Event) -> None:
        if self._showing:
            return
        name = next(name for name, select in self._selects.items() if select is event.obj)
        self.choices = replace(self.choices, **{name: None if event.new == AS_FOUND else event.new})
