"""The card of the table of all runs, filtered by words and conditions."""

from __future__ import annotations

import math

import numpy as np
import numpy.typing as npt
import panel as pn
import param

from playground.pages.compare.comparison import Comparison
from playground.pages.compare.table.row_filter import filter_tools, matching_rows
from playground.pages.compare.table.runs_table import Cell, RunsTable
from playground.pages.controls.fields.parameter_fields import card
from playground.pages.part import Part
from playground.training.sweeps import METRICS, SweepFrame, metric_values, metrics_of

DIGITS = 4
"""Significant digits of the metrics."""


class TableCard(Part):
    """A row for each run, with what varies and all metrics; selecting rows selects runs.

    Parameters
    ----------
    comparison : Comparison
    frame : SweepFrame

    Attributes
    ----------
    table : RunsTable
    """

    only = param.String(
        default="",
        label="Only rows with",
        doc="Words that a row must have, and conditions: tanh learned, test loss < 0.1",
    )

    def __init__(self, comparison: Comparison, frame: SweepFrame) -> None:
        super().__init__()
        self._comparison, self._frame = comparison, frame
        self.table = RunsTable(
            headings=headings(frame),
            rows=rows(frame),
            shown=matching_runs(frame, self.only),
            selected=[*comparison.selected],
        )
        self.table.on_select = self._on_select
        self._card = card(
            "All runs <small>click a heading to sort</small>",
            self.table,
            area="runs",
            tools=filter_tools(self, "Only: learned, test loss < 0.1", self._select_shown),
        )
        comparison.param.watch(self._show_selected, "selected")

    def __panel__(self) -> pn.Column:
        return self._card

    def update(self, frame: SweepFrame) -> None:
        """Show a newer frame."""
        self._frame = frame
        self.table.param.update(
            headings=headings(frame),
            rows=rows(frame),
            shown=matching_runs(frame, self.only),
            selected=self._selected,
        )

    @property
    def _selected(self) -> list[int]:
        return [run for run in self._comparison.selected if run < len(self._frame.sweep)]

    @param.depends("only", watch=True)
    def _filter_rows(self) -> None:
        self.table.shown = matching_runs(self._frame, self.only)

    def _select_shown(self) -> None:
        self._comparison.selected = tuple(
            run for run, is_shown in enumerate(self.table.shown) if is_shown
        )

    def _on_select(self, selected: tuple[int, ...]) -> None:
        self._comparison.selected = selected

    def _show_selected(self, *_events: object) -> None:
        self.table.selected = self._selected


def headings(frame: SweepFrame) -> list[str]:
    """Return the headings of all columns."""
    varied = [axis.variable.label for axis in frame.sweep.axes]
    return [*varied, "result", *_metrics(frame)]


def rows(frame: SweepFrame) -> list[list[Cell]]:
    """Return the cells of all runs: what varies, how it went, and the metrics."""
    varied: list[list[Cell]] = [
        [*frame.sweep.column(number)] for number in range(len(frame.sweep.axes))
    ]
    metrics = [_cells(values) for values in _metrics(frame).values()]
    columns: list[list[Cell]] = [*varied, [*results(frame)], *metrics]
    return [list(row) for row in zip(*columns, strict=True)]


def _metrics(frame: SweepFrame) -> dict[str, npt.NDArray[np.float32]]:
    """Return all metrics, by heading."""
    found = {}
    for name in metrics_of(frame):
        found[name] = metric_values(frame, name)
        if METRICS[name].row is not None:
            found[f"best {name}"] = metric_values(frame, name, "best")
    return found


def _cells(values: npt.NDArray[np.float32]) -> list[Cell]:
    """Round to `DIGITS` significant digits; None for NaN."""
    return [None if math.isnan(each) else float(f"{each:.{DIGITS}g}") for each in values.tolist()]


def results(frame: SweepFrame) -> list[str]:
    """Say of each run how it went, in a word."""
    runs = frame.runs
    return [
        "diverged" if gone else "learned" if learned else "unlearned"
        for gone, learned in zip(runs.diverged, runs.learned, strict=True)
    ]


def matching_runs(frame: SweepFrame, words: str) -> list[bool]:
    """Return which runs have all words among their values and results; see `matching_rows`."""
    return matching_rows(words, headings(frame), rows(frame), len(frame.sweep.axes) + 1)
