"""The results of a lesson as a table."""

from __future__ import annotations

import csv
import io
import math
from collections.abc import Iterable

from playground.classroom.pupil import Pupil
from playground.problems.tables.csv.formula_cells import safe_cell

HEADER = (
    "nickname", "page", "task", "epoch", "train loss", "train accuracy", "test loss",
    "test accuracy", "state", "reason", "asks for help", "link",
)  # fmt: skip


def results_csv(pupils: Iterable[Pupil]) -> str:
    """Return what each pupil has reached, as CSV with a header."""
    file = io.StringIO()
    writer = csv.writer(file)
    writer.writerow(HEADER)
    for pupil in pupils:
        state = pupil.state()
        numbers = (
            state.epoch,
            *(state.train.loss, state.train.accuracy),
            *(state.test.loss, state.test.accuracy),
        )
        writer.writerow(
            [
                *map(safe_cell, (pupil.nickname, state.page, state.task)),
                *("" if math.isnan(each) else f"{each:.6g}" for each in numbers),
                state.activity,
                safe_cell(state.reason),
                "yes" if state.needs_help else "no",
                safe_cell(pupil.page.query()),
            ]
        )
    return file.getvalue()
