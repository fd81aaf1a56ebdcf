"""The cards of the page Compare that show runs: wall, heatmap, dots, curves and axes."""

from __future__ import annotations

from collections.abc import Callable

import panel as pn
import param

from playground.pages.compare.comparison import Comparison
from playground.pages.compare.parallel_plot import ParallelPlot, style
from playground.pages.controls.live_html import LiveHTML
from playground.pages.controls.parameter_fields import card, field
from playground.pages.part import Part
from playground.training.sweeps import SweepFrame
from playground.views.gestures import Gestures, Place, connect_gestures
from playground.views.live_view import LiveView
from playground.views.populations import sweep_curves, sweep_dots
from playground.views.populations.places import cells_of, places_of
from playground.views.populations.run_columns import columns_of_sweep
from playground.views.populations.sweep_heatmap import sweep_heatmap
from playground.views.populations.sweep_wall import WORDS, sweep_wall
from playground.views.theme import Theme

RunAt = Callable[[float, float], int | None]


class FigureCard(Part):
    """A card of views that share the metric and the selection of the page.

    A click on a run selects it; beside all runs nothing is selected any more.

    Parameters
    ----------
    comparison : Comparison
    *views : LiveView
        Those of their choices that are named as parameters of the comparison follow it.
    """

    _card: pn.Column

    def __init__(self, comparison: Comparison, *views: LiveView) -> None:
        super().__init__()
        self.comparison, self.views = comparison, views
        comparison.param.watch(self._follow, ["metric", "moment", "selected"])
        self._follow()

    def __panel__(self) -> pn.Column:
        return self._card

    def update(self, frame: SweepFrame) -> None:
        """Show a newer frame."""
        self.adapt(frame)
        for view in self.views:
            view.push(frame)

    def adapt(self, frame: SweepFrame) -> None:
        """Adapt the card to a frame, besides its views."""
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


class WallCard(FigureCard):
    """What each run predicts."""

    def __init__(self, comparison: Comparison, frame: SweepFrame, theme: Theme) -> None:
        wall = sweep_wall(frame, theme)
        super().__init__(comparison, wall)
        self.selects(wall, lambda x, y: places_of(wall.frame.sweep).run_at(x, y))
        self._plot = pn.Column(wall.pane(), css_classes=["pg-plot", "pg-tiles"], margin=0)
        self._card = card(
            "What they predict <small>with the test loss</small>",
            _make_scrollable(self._plot),
            area="wall-card",
        )
        self.adapt(frame)

    def adapt(self, frame: SweepFrame) -> None:
        """Make the tiles as high as they are wide."""
        places = places_of(frame.sweep)
        style(
            self._plot,
            {
                "--pg-across": str(places.across),
                "--pg-ratio": f"{places.rows * (1 + WORDS) / places.across:.4f}",
            },
        )


class HeatmapCard(FigureCard):
    """A metric of each setting, by the values that vary; a click selects its runs."""

    def __init__(self, comparison: Comparison, frame: SweepFrame, theme: Theme) -> None:
        heatmap = sweep_heatmap(frame, theme)
        super().__init__(comparison, heatmap)
        connect_gestures(heatmap, Gestures(tap=self._select))
        self._plot = pn.Column(heatmap.pane(), css_classes=["pg-plot", "pg-cells"], margin=0)
        self._card = card(
            "Heatmap <small>greener is better</small>",
            _make_scrollable(self._plot),
            area="heatmap",
            tools=tuple(
                field(
                    comparison, name, sizing_mode=None, width=width,
                    css_classes=["pg-unlabelled"],
                )
                for name, width in (("metric", 150), ("moment", 76))
            ),
        )  # fmt: skip
        self.adapt(frame)

    def adapt(self, frame: SweepFrame) -> None:
        """Make the cells wide enough for a number."""
        style(self._plot, {"--pg-across": str(cells_of(frame.sweep).across)})

    def _select(self, place: Place) -> None:
        sweep = self.views[0].frame.sweep
        cells = cells_of(sweep)
        setting = cells.run_at(*place)
        every = range(0 if setting is None else setting, len(sweep), len(cells.row))
        self.comparison.selected = () if setting is None else tuple(every)


class DotsCard(FigureCard):
    """Each run as a dot, against each setting that varies."""

    def __init__(self, comparison: Comparison, frame: SweepFrame, theme: Theme) -> None:
        first, second = (sweep_dots.sweep_dots(frame, theme, number) for number in (0, 1))
        super().__init__(comparison, first, second)
        for number, view in enumerate(self.views):
            self.selects(view, self._run_at(number))
        self._plots = [
            pn.Column(each.pane(), css_classes=["pg-plot"], margin=0) for each in self.views
        ]
        self._card = card(
            "Every run <small>one dot each</small>",
            pn.Row(*self._plots, css_classes=["pg-curve-row"], margin=0),
            area="dots",
        )
        self.adapt(frame)

    def adapt(self, frame: SweepFrame) -> None:
        """Show the second plot only where two settings vary."""
        self._plots[1].visible = len(frame.sweep.axes) > 1

    def _run_at(self, axis: int) -> RunAt:
        view, comparison = self.views[axis], self.comparison
        return lambda x, y: sweep_dots.nearest_run(
            view.frame, comparison.metric, comparison.moment, axis, x, y
        )


class SweepCurvesCard(FigureCard):
    """The metric of all runs by epoch."""

    def __init__(self, comparison: Comparison, frame: SweepFrame, theme: Theme) -> None:
        curves = sweep_curves.sweep_curves(frame, theme)
        super().__init__(comparison, curves)
        self.selects(
            curves,
            lambda x, y: sweep_curves.nearest_run(curves.frame, comparison.metric, x, y),
        )
        self._bin = LiveHTML("", css_classes=["pg-about"], margin=0)
        self._card = card(
            "Learning curves <small>the selected in front</small>",
            pn.Column(curves.pane(), css_classes=["pg-plot"], margin=0),
            self._bin,
            area="curves",
        )
        self.adapt(frame)

    def adapt(self, frame: SweepFrame) -> None:
        """Say how many have diverged."""
        gone = int(frame.runs.diverged.sum())
        self._bin.param.update(
            object=f"<p>Diverged, dashed until then: {gone} of {len(frame.sweep)}.</p>",
            visible=gone > 0,
        )


class ParallelCard(Part):
    """Everything that varies and all metrics, each on an axis of its own.

    Parameters
    ----------
    comparison : Comparison
    frame : SweepFrame
    theme : Theme
    """

    def __init__(self, comparison: Comparison, frame: SweepFrame, theme: Theme) -> None:
        super().__init__()
        self._comparison, self._frame = comparison, frame
        self._plot = ParallelPlot(comparison, columns_of_sweep(frame, comparison.moment), theme)
        self.views = (self._plot.view,)
        self._card = card(
            "Everything at once <small>drag along an axis to select what lies there</small>",
            self._plot,
            area="parallel-card",
        )
        comparison.param.watch(self._show, "moment")

    def __panel__(self) -> pn.Column:
        return self._card

    def update(self, frame: SweepFrame) -> None:
        """Show a newer frame."""
        self._frame = frame
        self._show()

    def _show(self, *_events: object) -> None:
        self._plot.show(columns_of_sweep(self._frame, self._comparison.moment))


def _make_scrollable(plot: pn.Column) -> pn.Column:
    """Put a plot into a frame in which it can be moved where it is wider."""
    return pn.Column(plot, css_classes=["pg-scrolls"], margin=0)
