"""What views of many runs have in common: the metric shown, and what is selected."""

from __future__ import annotations

from collections.abc import Iterable

import param

from playground.training.sweeps import METRICS, MOMENTS


class Selection(param.Parameterized):
    """The runs that are selected."""

    selected = param.Parameter(
        default=(), precedence=-1, doc="Numbers of the selected runs, the first first."
    )

    def select(self, run: int | None) -> None:
        """Select one run, or none."""
        self.selected = () if run is None else (run,)


class Comparison(Selection):
    """The metric by which runs are compared, and the runs that are selected."""

    metric: param.Selector[str] = param.Selector(
        default=next(iter(METRICS)),
        objects=list(METRICS),
        label="Metric",
        doc="What the heatmap and the dots show.",
    )
    moment: param.Selector[str] = param.Selector(
        default=MOMENTS[0],
        objects=list(MOMENTS),
        label="Moment",
        doc="Whether that is the metric at the last epoch, or the best of all epochs.",
    )

    def offer(self, metrics: Iterable[str]) -> None:
        """Offer these metrics only; the first of them where another one is shown."""
        parameter, offered = self.param["metric"], [*metrics]
        if [*parameter.objects] == offered:
            return
        if self.metric not in offered:
            self.metric = offered[0]
        parameter.objects = offered
