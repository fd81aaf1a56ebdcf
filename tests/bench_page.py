"""A page that is only what those who keep its work see of it."""

from __future__ import annotations

from typing import Any

import param

from playground.errors import InputError
from playground.pages.keep.workplace import Ended, Refused
from playground.runs import Run, Summary
from playground.training.frame import Score
from playground.training.state import State
from tests.kept_runs import make_run


class Beat(param.Parameterized):
    """A heartbeat that only runs and rests."""

    running = param.Boolean(default=False)

    def rest(self) -> None:
        self.running = False


class Bench:
    """A workplace whose work is a number of steps.

    Attributes
    ----------
    taken : int
        How often its work was taken down.
    """

    def __init__(self, page: str = "Gates", **settings: Any) -> None:
        self.page, self.settings = page, settings
        self.step_count = self.taken = 0

    def take_run(self, name: str) -> Run:
        self.taken += 1
        return make_run(
            name,
            page=self.page,
            settings=self.settings,
            summary=Summary(
                self.step_count / 10, self.step_count, Score(0.5, 0.75), Score(0.6, 0.7), 9
            ),
            state=State({"step": self.step_count}, {}),
        )

    def open_run(self, run: Run, done: Ended, refused: Refused) -> None:
        if run.page != self.page:
            raise InputError(f"This run belongs on the page {run.page}.")
        self.step_count = run.state.numbers["step"]
        done()
