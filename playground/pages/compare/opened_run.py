"""A run of a sweep as a run of the page that shows a single network."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import numpy as np
import param

from playground.errors import InputError
from playground.pages.compare.sweep.own_table import OwnTable
from playground.pages.links.split_setting import SplitSetting
from playground.problems.gates import Gates
from playground.problems.points.points import Points
from playground.problems.problem import Problem
from playground.problems.tables.table_file import TABLE
from playground.problems.tables.table_problem import TableProblem
from playground.runs import Run, RunSummary
from playground.runs.record import MAX_NAME_LENGTH
from playground.training.core.metrics import Curves
from playground.training.populations.scores import SCORES, named_scores
from playground.training.sweeps import SweepFrame, SweepTrainer
from playground.training.sweeps.settings import STOPS
from playground.views.run_thumbnail import thumbnail_of_run

NAMES_OF_PROBLEM = {
    "Gates": ("gate", "inputs_count", "noise", "seed"),
    "Points": ("shape", "count", "noise", "classes_count", "train_ratio", "seed"),
    "Your data": (*(name for name in TableProblem.param if name != "name"),),
}
"""Parameters of the problems that are settings of their pages."""


NO_FILE = (
    "The table was given in Python, and not read from a file that another page could open: "
    "`trainer.run_state` returns the network."
)


def prepare_opening(
    trainer: SweepTrainer, frame: SweepFrame, run: int, table: OwnTable | None = None
) -> Callable[[], Run]:
    """Return a function that builds the run in any thread; call this one on the event loop.

    Parameters
    ----------
    trainer : SweepTrainer
    frame : SweepFrame
    run : int
    table : OwnTable, optional
        What is learned, if it is a table.

    Raises
    ------
    InputError
        If there is no such run, or a run can't hold the table.
    """
    if table is not None and table.packed is None:
        raise InputError(NO_FILE)
    problem, architecture, training = trainer.run_settings(run)
    requested = trainer.settings()
    page = page_of(problem)
    values = {
        **{name: _json_value(getattr(problem, name)) for name in NAMES_OF_PROBLEM[page]},
        **_values(architecture, {"seed": "weight_seed"}),
        **_values(training),
        **dict.fromkeys(STOPS),
    }
    if isinstance(problem, Points):
        values[SplitSetting.name] = problem.split_mark
    described = ", ".join(f"{name} {value}" for name, value in frame.sweep.values(run).items())

    def build_run() -> Run:
        state = trainer.run_state(run, requested)
        train, test = named_scores(frame.runs.scores[:, run].tolist())
        curves = Curves(
            frame.runs.curve_epochs,
            **{
                name: np.ascontiguousarray(frame.runs.curves[:, row, run])
                for row, name in enumerate(SCORES)
            },
        )
        size = int(state.tensors["network.weights"].numel())
        return Run(
            name=f"Compared: {described}"[:MAX_NAME_LENGTH].rstrip(),
            page=page,
            settings=values,
            curves=curves,
            summary=RunSummary(frame.epoch, frame.step, train, test, size),
            thumbnail=thumbnail_of_run(frame, run),
            state=state,
            extra={} if table is None else {TABLE: table.packed},
        )

    return build_run


def page_of(problem: Problem) -> str:
    """Return the title of the page that shows a network learning a problem."""
    if isinstance(problem, TableProblem):
        return "Your data"
    return "Gates" if isinstance(problem, Gates) else "Points"


def _values(owner: param.Parameterized, names: Mapping[str, str] | None = None) -> dict[str, Any]:
    """Return the settings of an owner by public name, in JSON types."""
    public = names or {}
    return {
        public.get(name, name): _json_value(getattr(owner, name))
        for name in owner.param
        if name != "name"
    }


def _json_value(value: object) -> object:
    return list(value) if isinstance(value, list | tuple) else value
