"""A figure that compares the curves of several runs, each in its own colour."""

from __future__ import annotations

from collections.abc import Iterable

import panel as pn
import param

from playground.errors import InputError
from playground.pages.accessibility.bokeh_widgets import group_name
from playground.pages.controls.help_tags import help_tags
from playground.pages.part import Part
from playground.runs import RunRecord, StoreEntry
from playground.views.curves.comparison_curves import (
    MAX_RUNS,
    QUANTITIES,
    LabelledCurves,
    run_curves,
)
from playground.views.live_view import LiveView
from playground.views.theme import Theme


class RunComparison(Part):
    """A figure of curves, with switches for the quantity and a log scale; hidden while empty.

    Parameters
    ----------
    theme : Theme

    Attributes
    ----------
    view : LiveView
    """

    colours = param.Dict(default={}, doc="Number of each compared run's colour, by its id.")

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._records: dict[str, RunRecord] = {}
        self.view: LiveView = run_curves({}, theme)
        quantity = pn.widgets.RadioButtonGroup(
            name="Quantity",
            options=list(QUANTITIES),
            margin=0,
            css_classes=["pg-modes"],
            tags=[*group_name("Quantity"), *help_tags("What the curves of the runs show.")],
        )
        quantity.param.watch(lambda event: self.view.set(quantity=event.new), "value")
        log = pn.widgets.Checkbox(name="Log scale", margin=0, align="center")
        log.param.watch(lambda event: self.view.set(log=event.new), "value")
        self._column = pn.Column(
            pn.Row(quantity, log, css_classes=["pg-switches"], margin=0),
            self.view.pane(sizing_mode="stretch_width", height=220),
            margin=0,
            sizing_mode="stretch_width",
            visible=False,
        )

    def __panel__(self) -> pn.Column:
        return self._column

    def add(self, record: RunRecord) -> None:
        """Show the curves of one more run.

        Raises
        ------
        InputError
            If there is no colour left for it.
        """
        if record.id not in self.colours:
            self.colours = {**self.colours, record.id: self._free_colour()}
        self._records[record.id] = record
        self._show()

    def remove(self, id: str) -> None:
        """Remove the curves of a run."""
        self._records.pop(id, None)
        self.colours = {each: colour for each, colour in self.colours.items() if each != id}
        self._show()

    def update_runs(self, runs: Iterable[StoreEntry]) -> None:
        """Remove runs that no longer exist, and update the others, whose names may have changed."""
        records = {each.id: each for each in runs if isinstance(each, RunRecord)}
        self._records = {id: records[id] for id in self._records if id in records}
        self.colours = {id: self.colours[id] for id in self._records}
        self._show()

    def _free_colour(self) -> int:
        used_colours = self.colours.values()
        for number in range(MAX_RUNS):
            if number not in used_colours:
                return number
        raise InputError(f"{MAX_RUNS} runs can be compared; clear another box first.")

    def _show(self) -> None:
        compared = {
            self.colours[id]: LabelledCurves(record.name, record.curves)
            for id, record in self._records.items()
        }
        self._column.visible = bool(compared)
        self.view.push(compared)
