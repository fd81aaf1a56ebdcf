"""The figures of the trials of a sweep, which share one selection with their table."""

from __future__ import annotations

from dataclasses import replace
from functools import partial

import panel as pn
import param

from playground.pages.compare.comparison import Comparison
from playground.pages.compare.figures.figure_cards import metric_field
from playground.pages.compare.figures.parallel_plot import ParallelPlot
from playground.pages.compare.figures.run_figures import Dots, Heatmap, RunCurvesFigure
from playground.pages.compare.trials.trial_columns import columns_of_trials
from playground.pages.compare.trials.trial_runs import AXES, TrialRuns
from playground.pages.shell.loop_steps import Step
from playground.trials.choices import TRIAL_METRICS
from playground.views.live_view import LiveView
from playground.views.theme import Theme


class TrialFigures:
    """Heatmap, curves, a dot plot for each setting, and parallel coordinates of one sweep.

    None is shown before `steps` are taken.

    Parameters
    ----------
    comparison : Comparison
        Places in `SweepProgress.trials` are selected.
    runs : TrialRuns
        At least one.
    theme : Theme

    Attributes
    ----------
    lines : ParallelPlot
    """

    def __init__(self, comparison: Comparison, runs: TrialRuns, theme: Theme) -> None:
        self._comparison, self._runs = comparison, runs
        progress = runs.progress
        comparison.offer(TRIAL_METRICS)
        comparison.metric = progress.plan.metric
        names = [each.name for each in progress.plan.space]
        self._axes = [
            pn.widgets.Select(name=label, options=names, value=name, width=150, margin=0)
            for label, name in zip(("Across", "Up"), runs.axes, strict=False)
        ]
        for each in self._axes:
            each.param.watch(self._on_axis, "value")
            each.visible = len(names) > AXES
        self._figures = (
            Heatmap(comparison, runs, theme),
            RunCurvesFigure(comparison, runs, theme),
            *(Dots(comparison, runs, theme, axes=(number,)) for number in range(len(names))),
        )
        self.lines = ParallelPlot(comparison, columns_of_trials(progress), theme)
        self._row = pn.Row(css_classes=["pg-trial-figures"], margin=0)
        self._last = pn.Column(css_classes=["pg-trial-lines"], margin=0)
        self._box = pn.Column(
            pn.Row(
                metric_field(comparison, "metric", 150),
                *self._axes,
                css_classes=["pg-trial-choices"],
                margin=0,
            ),
            self._row,
            self._last,
            css_classes=["pg-trial-axes"],
            margin=0,
        )

    def __panel__(self) -> pn.Column:
        return self._box

    def prepare(self) -> TrialFigures:
        """Make all figures, which takes longest: called in a worker thread."""
        for each in self.views:
            each.prepare()
        return self

    def steps(self) -> list[Step]:
        """Return what shows one figure after the other."""
        return [
            *(partial(self._row.append, each) for each in self._figures),
            partial(self._last.append, self.lines),
        ]

    @property
    def views(self) -> tuple[LiveView, ...]:
        """All views."""
        return (*(view for each in self._figures for view in each.views), self.lines.view)

    @property
    def plan_id(self) -> str:
        """The id of the sweep that is shown."""
        return self._runs.progress.plan.id

    @property
    def axes(self) -> tuple[str, ...]:
        """The settings of the heatmap."""
        return tuple(str(each.value) for each in self._axes)

    def show(self, runs: TrialRuns) -> None:
        """Show the trials of the same sweep as they are now."""
        self._runs = runs if runs.axes == self.axes else replace(runs, axes=self.axes)
        for each in self._figures:
            each.show(self._runs)
        self.lines.show(columns_of_trials(runs.progress))

    def _on_axis(self, event: param.parameterized.Event) -> None:
        """Show the heatmap over other settings; the same one twice changes places."""
        if event.new not in event.obj.options:  # A browser may send anything.
            event.obj.value = event.old
            return
        for other in self._axes:
            if other is not event.obj and other.value == event.new:
                other.value = event.old
        self.show(self._runs)
