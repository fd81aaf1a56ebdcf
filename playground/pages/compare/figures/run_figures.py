"""Figures of runs that share a metric and a selection: heatmap, dots and curves."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import panel as pn
import param

from playground.pages.compare.comparison import Comparison
from playground.pages.compare.figures.parallel_plot import style
from playground.pages.controls.live_html import LiveHTML
from playground.views.gestures import Gestures, Place, connect_gestures
from playground.views.live_view import LiveView
from playground.views.populations import sweep_curves, sweep_dots
from playground.views.populations.compared_runs import ComparedRuns
from playground.views.populations.sweep_heatmap import sweep_heatmap
from playground.views.theme import Theme

RunAt = Callable[[float, float], int | None]


class RunFigure:
    """Views that share the metric and the selection of a comparison.

    A click on a run selects it; beside all runs nothing is selected any more.

    Parameters
    ----------
    comparison : Comparison
    *views : LiveView
        Those of their choices that are named as parameters of the comparison follow it.

    Attributes
    ----------
    views : tuple of LiveView
    """

    _box: pn.viewable.Viewable

    def __init__(self, comparison: Comparison, *views: LiveView) -> None:
        self.comparison, self.views = comparison, views
        comparison.param.watch(self._follow, ["metric", "moment", "selected"])
        self._follow()

    def __panel__(self) -> pn.viewable.Viewable:
        return self._box

    def show(self, frame: Any) -> None:  # noqa: ANN401 (what the views show)
        """Show newer runs."""
        self.adapt(frame)
        for view in self.views:
            view.push(frame)

    def adapt(self, frame: Any) -> None:  # noqa: ANN401
        """Adapt what is around the views to newer runs."""
        raise NotImplementedError

    def selects(self, view: LiveView, run_at: RunAt) -> None:
        """Select the run at the place of a click on a view."""

        def select(place: Place) -> None:
            self.comparison.select(run_at(*place))

        connect_gestures(view, Gestures(tap=select))

    def _follow(self, *_events: param.parameterized.Event) -> None:
        for view in self.views:
            view.set(
                **{
                    name: getattr(self.comparison, name)
                    for name in ("metric", "moment", "selected")
                    if name in view.choices
                }
            )


class Heatmap(RunFigure):
    """A metric of each setting, by the values that vary; a click selects its runs."""

    def __init__(self, comparison: Comparison, runs: ComparedRuns, theme: Theme) -> None:
        heatmap = sweep_heatmap(runs, theme)
        super().__init__(comparison, heatmap)
        connect_gestures(heatmap, Gestures(tap=self._select))
        self._plot = pn.Column(heatmap.pane(), css_classes=["pg-plot", "pg-cells"], margin=0)
        self._box = make_scrollable(self._plot)
        self.adapt(runs)

    def adapt(self, frame: ComparedRuns) -> None:
        """Make the cells wide enough for a number."""
        style(self._plot, {"--pg-across": str(frame.cells.places.across)})

    def _select(self, place: Place) -> None:
        cells = self.views[0].frame.cells
        cell = cells.places.run_at(*place)
        chosen = () if cell is None else (cells.of_run == cell).nonzero()[0].tolist()
        self.comparison.selected = tuple(chosen)


class Dots(RunFigure):
    """Each run as a dot, against some of the settings that vary.

    Parameters
    ----------
    comparison : Comparison
    runs : ComparedRuns
    theme : Theme
    axes : tuple of int
        The numbers of the settings; the plots of those that there are not are hidden.
    """

    def __init__(
        self, comparison: Comparison, runs: ComparedRuns, theme: Theme, axes: tuple[int, ...]
    ) -> None:
        views = [sweep_dots.sweep_dots(runs, theme, axis) for axis in axes]
        super().__init__(comparison, *views)
        for axis, view in zip(axes, views, strict=True):
            self.selects(view, self._run_at(view, axis))
        self._axes = axes
        self._plots = [pn.Column(each.pane(), css_classes=["pg-plot"], margin=0) for each in views]
        self._box = pn.Row(*self._plots, css_classes=["pg-curve-row"], margin=0)
        self.adapt(runs)

    def adapt(self, frame: ComparedRuns) -> None:
        """Show a plot for each setting."""
        for axis, plot in zip(self._axes, self._plots, strict=True):
            plot.visible = axis < len(frame.settings)

    def _run_at(self, view: LiveView, axis: int) -> RunAt:
        comparison = self.comparison
        return lambda x, y: sweep_dots.nearest_run(
            view.frame, comparison.metric, comparison.moment, axis, x, y
        )


class RunCurvesFigure(RunFigure):
    """The metric of all runs by epoch."""

    def __init__(self, comparison: Comparison, runs: ComparedRuns, theme: Theme) -> None:
        curves = sweep_curves.sweep_curves(runs, theme)
        super().__init__(comparison, curves)
        self.selects(
            curves,
            lambda x, y: sweep_curves.nearest_run(curves.frame, comparison.metric, x, y),
        )
        self._bin = LiveHTML("", css_classes=["pg-about"], margin=0)
        plot = pn.Column(curves.pane(), css_classes=["pg-plot"], margin=0)
        self._box = pn.Column(plot, self._bin, css_classes=["pg-figure"], margin=0)
        self.adapt(runs)

    def adapt(self, frame: ComparedRuns) -> None:
        """Say below the figure how many of its runs have failed, if any."""
        gone = int(frame.failed.sum())
        self._bin.param.update(
            object=f"<p>{frame.failed_name.capitalize()}, dashed until then: {gone} of "
            f"{len(frame)}.</p>",
            visible=gone > 0,
        )


def make_scrollable(plot: pn.Column) -> pn.Column:
    """Put a plot into a frame in which it can be moved where it is wider."""
    return pn.Column(plot, css_classes=["pg-scrolls"], margin=0)
