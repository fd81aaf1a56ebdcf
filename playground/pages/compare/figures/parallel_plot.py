"""Parallel coordinates whose axes can be brushed: what lies in all ranges is selected."""

from __future__ import annotations

from dataclasses import dataclass

import panel as pn
import param

from playground.pages.compare.comparison import Selection
from playground.views.gestures import Gestures, Place, connect_gestures
from playground.views.populations.parallel_coordinates import (
    HALF_WIDTH,
    Brushes,
    brushed_runs,
    column_at,
    make_brush,
    nearest_run,
    parallel_coordinates,
)
from playground.views.populations.run_columns import RunColumns
from playground.views.theme import Theme

SHORTEST = 0.02
"""Height of a drag below which it is a click."""


@dataclass(frozen=True, slots=True)
class _Drag:
    column: int
    begin: float


class ParallelPlot:
    """A line for each run, and ranges of axes that a person drags.

    A drag along an axis selects the runs within it, and within the ranges of the other axes; a
    click on a range removes it, and one on a line selects its run. What is selected elsewhere
    removes all ranges.

    Parameters
    ----------
    selection : Selection
    frame : RunColumns
    theme : Theme

    Attributes
    ----------
    view : LiveView
    """

    def __init__(self, selection: Selection, frame: RunColumns, theme: Theme) -> None:
        self._selection = selection
        self._drag: _Drag | None = None
        self._is_brushing = False
        self.view = parallel_coordinates(frame, theme)
        connect_gestures(
            self.view,
            Gestures(tap=self._tap, press=self._press, drag=self._move, release=self._release),
        )
        selection.param.watch(self._on_selected, "selected")
        self._plot = pn.Column(self.view.pane(), css_classes=["pg-plot", "pg-parallel"], margin=0)
        self._box = pn.Column(self._plot, css_classes=["pg-scrolls"], margin=0)
        self.show(frame)

    def __panel__(self) -> pn.Column:
        return self._box

    def show(self, frame: RunColumns) -> None:
        """Show newer runs, of which those are selected that lie within the brushed ranges now."""
        brushes = self._brushes
        if [each.name for each in frame.columns] != [each.name for each in self._frame.columns]:
            brushes = ()
        self.view.push(frame, brushes=brushes)
        style(self._plot, {"--pg-across": str(len(frame.columns))})
        if brushes:
            self._select(brushes)

    @property
    def _frame(self) -> RunColumns:
        frame: RunColumns = self.view.frame
        return frame

    @property
    def _brushes(self) -> Brushes:
        brushes: Brushes = self.view.choices["brushes"]
        return brushes

    def _press(self, place: Place) -> None:
        column = column_at(self._frame, place[0])
        self._drag = None if column is None else _Drag(column, place[1])

    def _move(self, place: Place) -> None:
        drag = self._drag
        if drag is None or abs(place[1] - drag.begin) < SHORTEST:
            return
        brush = make_brush(self._frame, drag.column, drag.begin, place[1])
        brushes = (*self._without(drag.column), brush)
        self.view.set(brushes=brushes)
        self._select(brushes)

    def _release(self, place: Place) -> None:
        self._move(place)
        self._drag = None

    def _tap(self, place: Place) -> None:
        column = column_at(self._frame, place[0])
        brushed = [each for each in self._brushes if each.column == column]
        if brushed and column is not None and abs(place[0] - column) < HALF_WIDTH:
            brushes = self._without(column)
            self.view.set(brushes=brushes)
            self._select(brushes)
        else:
            self._selection.select(nearest_run(self._frame, *place))

    def _without(self, column: int) -> Brushes:
        return tuple(each for each in self._brushes if each.column != column)

    def _select(self, brushes: Brushes) -> None:
        runs = brushed_runs(self._frame, brushes)
        if runs == self._selection.selected:
            return
        self._is_brushing = True
        try:
            self._selection.selected = runs
        finally:
            self._is_brushing = False

    def _on_selected(self, event: param.parameterized.Event) -> None:
        self.view.set(selected=event.new, brushes=self._brushes if self._is_brushing else ())


def style(plot: pn.Column, styles: dict[str, str]) -> None:
    """Set styles of a plot where they differ from those that it has."""
    if plot.styles != styles:
        plot.styles = styles
