"""What views of many runs ask of them, be they the networks of a sweep or whole trainings."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

import numpy as np
import numpy.typing as npt

from playground.problems.problem import Floats
from playground.views.populations.places import Places
from playground.views.populations.run_columns import RunColumn

Selected = tuple[int, ...]
"""Numbers of the runs that are selected."""


@dataclass(frozen=True, slots=True, eq=False)
class Cells:
    """The cells of a heatmap, each of which has the runs of one setting, or of a range of settings.

    Attributes
    ----------
    places : Places
        Where each cell is.
    of_run : int64 array of shape (runs,)
        The number of each run's cell.
    names : tuple of str
        What each cell is, in HTML.
    runs_called : str
        What the runs of a cell are, such as "seeds".
    """

    places: Places
    of_run: npt.NDArray[np.int64]
    names: tuple[str, ...]
    runs_called: str

    def __len__(self) -> int:
        return len(self.names)

    @property
    def counts(self) -> npt.NDArray[np.int64]:
        """The number of runs in each cell."""
        return np.bincount(self.of_run, minlength=len(self)).astype(np.int64)

    @property
    def have_several(self) -> bool:
        """Whether a cell has more than one run."""
        return int(self.counts.max(initial=0)) > 1


@dataclass(frozen=True, slots=True, eq=False)
class RunCurves:
    """A metric of all runs by epoch.

    Attributes
    ----------
    metric : str
        A name of `METRICS`: the one asked for, or that there are curves of instead.
    epochs : array of shape (points, 1) or (points, runs)
    values : array of shape (points, runs)
        NaN where a run has none.
    """

    metric: str
    epochs: Floats
    values: Floats


class ComparedRuns(Protocol):
    """Runs that differ in some settings; whatever it returns must not be written to."""

    def __len__(self) -> int:
        """Return how many there are."""

    @property
    def settings(self) -> tuple[RunColumn, ...]:
        """Return the settings that vary."""

    @property
    def failed(self) -> npt.NDArray[np.bool_]:
        """Return which of them have diverged, or failed otherwise."""

    @property
    def failed_name(self) -> str:
        """Return what those are called."""

    @property
    def missing_name(self) -> str:
        """Return what those are called that have no value of a metric."""

    @property
    def descriptions(self) -> npt.NDArray[np.object_]:
        """Return what each is and how well it does, in HTML."""

    @property
    def cells(self) -> Cells:
        """Return the cells of their heatmap."""

    def values(self, metric: str, moment: str) -> Floats:
        """Return a metric of each; NaN where it has none."""

    def curves(self, metric: str) -> RunCurves:
        """Return a metric by epoch, until training diverged."""


def chosen_runs(count: int, selected: Selected) -> list[int]:
    """Return those of the selected runs that there are."""
    return [run for run in selected if run < count]
