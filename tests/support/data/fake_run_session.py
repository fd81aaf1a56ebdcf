"""A page that is only what those who keep its work see of it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import param

from playground.errors import InputError
from playground.pages.runs.run_session import OnDone, OnRefused
from playground.runs import Run, RunSummary
from playground.training.core.metrics import Score
from playground.training.core.state.state import State
from tests.support.data.sample_runs import make_run


class FakeHeartbeat(param.Parameterized):
    """A heartbeat that only runs and rests."""

    running = param.Boolean(default=False)

    def pause(self) -> None:
        self.running = False


class FakeRunSession:
    """A workplace whose work is a number of steps.

    Attributes
    ----------
    capture_count : int
        How often its work was taken down.
    """

    def __init__(self, page: str = "Gates", **settings: Any) -> None:
        self.page, self.settings = page, settings
        self.step_count = self.capture_count = 0

    def prepare_capture(self, name: str) -> Callable[[], Run]:
        return lambda: self.capture_run(name)

    def capture_run(self, name: str) -> Run:
        self.capture_count += 1
        return make_run(
            name,
            page=self.page,
            settings=self.settings,
            summary=RunSummary(
                self.step_count / 10, self.step_count, Score(0.5, 0.75), Score(0.6, 0.7), 9
            ),
            state=State({"step": self.step_count}, {}),
        )

    def resume_run(self, run: Run, on_done: OnDone, on_refused: OnRefused) -> None:
        if run.page != self.page:
            raise InputError(f"This run belongs on the page {run.page}.")
        self.step_count = run.state.numbers["step"]
        on_done()
