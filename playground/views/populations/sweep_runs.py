"""The networks of a sweep as runs that views compare."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from html import escape

import numpy as np
import numpy.typing as npt

from playground.problems.problem import Floats
from playground.training.sweeps import METRICS, Sweep, SweepFrame, metric_values
from playground.views.populations.compared_runs import Cells, RunCurves
from playground.views.populations.places import cells_of
from playground.views.populations.run_columns import RunColumn, setting_columns
from playground.views.populations.sweep_wall import run_descriptions


@dataclass(frozen=True, slots=True, eq=False)
class SweepRuns:
    """The networks of a frame; see `ComparedRuns`."""

    frame: SweepFrame

    def __len__(self) -> int:
        return len(self.frame.sweep)

    @property
    def settings(self) -> tuple[RunColumn, ...]:
        """The axes of the sweep."""
        return setting_columns(self.frame.sweep)

    @property
    def failed(self) -> npt.NDArray[np.bool_]:
        """Those that have diverged."""
        return self.frame.runs.diverged

    @property
    def failed_name(self) -> str:
        """What those are called."""
        return "diverged"

    @property
    def missing_name(self) -> str:
        """What those without a metric are called: all others have each but the epochs to learn."""
        return self.failed_name

    @property
    def descriptions(self) -> npt.NDArray[np.object_]:
        """What each is, as on the wall."""
        return run_descriptions(self.frame)

    @property
    def cells(self) -> Cells:
        """One for each setting, with all of its seeds."""
        return sweep_cells(self.frame.sweep)

    def values(self, metric: str, moment: str) -> Floats:
        """Return a metric of each; see `metric_values`."""
        return metric_values(self.frame, metric, moment)

    def curves(self, metric: str) -> RunCurves:
        """Return a metric by epoch; the test loss for the epochs to learn."""
        runs = self.frame.runs
        shown = "test loss" if METRICS[metric].row is None else metric
        epochs = runs.curve_epochs[:, None]
        # What follows on a divergence is no training any more.
        until = np.where(runs.diverged, runs.diverged_epoch, np.inf)
        values = np.where(epochs > until, np.float32(np.nan), runs.curves[:, METRICS[shown].row])
        return RunCurves(shown, epochs, values)


@lru_cache(maxsize=32)
def sweep_cells(sweep: Sweep) -> Cells:
    """Return the cells of a sweep, which stay the same as it is trained."""
    places, seeds = cells_of(sweep), sweep.seeds_per_setting
    axes = sweep.axes[: 2 if seeds > 1 else None]
    names = tuple(
        "<br>".join(
            f"<b>{escape(axis.variable.label)} {escape(axis.texts[place])}</b>"
            for axis, place in zip(axes, sweep.places(setting), strict=False)
        )
        for setting in range(len(places.row))
    )
    return Cells(places, np.arange(len(sweep)) % len(names), names, "seeds")
