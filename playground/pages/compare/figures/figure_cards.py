"""The cards of the page Compare that show its networks: wall, heatmap, dots, curves and axes."""

from __future__ import annotations

import panel as pn

from playground.pages.compare.comparison import Comparison
from playground.pages.compare.figures.parallel_plot import ParallelPlot, style
from playground.pages.compare.figures.run_figures import (
    Dots,
    Heatmap,
    RunCurvesFigure,
    RunFigure,
    make_scrollable,
)
from playground.pages.controls.fields.parameter_fields import card, field
from playground.pages.part import Part
from playground.training.sweeps import SweepFrame
from playground.views.populations.places import places_of
from playground.views.populations.run_columns import columns_of_sweep
from playground.views.populations.sweep_runs import SweepRuns
from playground.views.populations.sweep_wall import WORDS, sweep_wall
from playground.views.theme import Theme


class Wall(RunFigure):
    """What each network predicts."""

    def __init__(self, comparison: Comparison, frame: SweepFrame, theme: Theme) -> None:
        wall = sweep_wall(frame, theme)
        super().__init__(comparison, wall)
        self.selects(wall, lambda x, y: places_of(wall.frame.sweep).run_at(x, y))
        self._plot = pn.Column(wall.pane(), css_classes=["pg-plot", "pg-tiles"], margin=0)
        self._box = make_scrollable(self._plot)
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


class FigureCard(Part):
    """A card of one figure.

    Parameters
    ----------
    figure : RunFigure
    title, area : str
        See `card`.
    tools : tuple
        Shown beside the title.
    """

    def __init__(
        self, figure: RunFigure, title: str, area: str, tools: tuple[object, ...] = ()
    ) -> None:
        super().__init__()
        self._figure, self.views = figure, figure.views
        self._card = card(title, figure, area=area, tools=tools)

    def __panel__(self) -> pn.Column:
        return self._card

    def update(self, frame: SweepFrame) -> None:
        """Show a newer frame."""
        self._figure.show(SweepRuns(frame))


class WallCard(FigureCard):
    """What each network predicts."""

    def __init__(self, comparison: Comparison, frame: SweepFrame, theme: Theme) -> None:
        title = "What they predict <small>with the test loss</small>"
        super().__init__(Wall(comparison, frame, theme), title, "wall-card")

    def update(self, frame: SweepFrame) -> None:
        """Show a newer frame."""
        self._figure.show(frame)


class HeatmapCard(FigureCard):
    """A metric of each setting, by the values that vary."""

    def __init__(self, comparison: Comparison, frame: SweepFrame, theme: Theme) -> None:
        super().__init__(
            Heatmap(comparison, SweepRuns(frame), theme),
            "Heatmap <small>greener is better</small>",
            "heatmap",
            tuple(
                metric_field(comparison, name, width)
                for name, width in (("metric", 150), ("moment", 76))
            ),
        )


class DotsCard(FigureCard):
    """Each network as a dot, against each setting that varies."""

    def __init__(self, comparison: Comparison, frame: SweepFrame, theme: Theme) -> None:
        title = "Every run <small>one dot each</small>"
        super().__init__(Dots(comparison, SweepRuns(frame), theme, axes=(0, 1)), title, "dots")


class SweepCurvesCard(FigureCard):
    """The metric of all networks by epoch."""

    def __init__(self, comparison: Comparison, frame: SweepFrame, theme: Theme) -> None:
        title = "Learning curves <small>the selected in front</small>"
        figure = RunCurvesFigure(comparison, SweepRuns(frame), theme)
        super().__init__(figure, title, "curves")


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


def metric_field(comparison: Comparison, name: str, width: int) -> object:
    """Make the field of a parameter of a comparison that stands beside the title of a card."""
    return field(comparison, name, sizing_mode=None, width=width, css_classes=["pg-unlabelled"])
