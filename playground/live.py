"""The heartbeat: lets a trainer learn in slices, and hands what it sees to the page.

A periodic callback on the event loop only ever starts a slice in a worker thread and picks up
what has come of the last one, so that the page answers at once however hard the network works.
"""

from __future__ import annotations

import asyncio
import logging
import math
import os
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from functools import partial
from time import perf_counter
from typing import Any

import panel as pn
import param
import torch

from playground.problems.problem import Floats
from playground.training.frame import Frame
from playground.training.trainer import Trainer
from playground.views.flow import Flow

PERIOD = 12
"""Milliseconds between two beats."""
SLICE = 0.022
"""Seconds that a slice learns before it takes a Frame."""
MOST_PATIENCE = 0.25
"""Seconds of learning that may be made up for after a delay, when the pace is limited."""

log = logging.getLogger(__name__)

# One thread each for PyTorch too: two make operations this small many times slower.
workers = ThreadPoolExecutor(
    max_workers=max(2, os.cpu_count() or 2),
    thread_name_prefix="slice",
    initializer=partial(torch.set_num_threads, 1),
)

Show = Callable[[Frame], None]


class Heartbeat(param.Parameterized):
    """Keeps one trainer and one page in step.

    Parameters
    ----------
    trainer : Trainer
    show : callable
        Given each new Frame, on the event loop. What it takes is taken from everyone.
    flow : Flow
        Says whether the browser is done with the frames it has been sent.
    """

    running = param.Boolean(default=False, doc="Whether the network is learning.")
    pace = param.Number(
        default=None,
        bounds=(0.1, None),
        allow_None=True,
        doc="Epochs a second; None for as many as the machine can do.",
    )
    failure = param.String(default="", doc="What went wrong in the last slice, if anything did.")

    def __init__(self, trainer: Trainer, show: Show, flow: Flow, **params: Any) -> None:
        super().__init__(**params)
        self.trainer = trainer
        self.frame = trainer.frame()
        self._show = show
        self._flow = flow
        self._slice: Future[Frame | None] | None = None
        self._stale = self._learns = False
        self._questions: dict[str, Floats] = {}
        self._steps_owed = 0.0
        self._beat_at = perf_counter()
        self._steps_wanted = 0
        self._callback: pn.io.PeriodicCallback | None = None

    def start(self) -> None:
        """Begin to beat, where there is an event loop to beat on; until the session ends."""
        try:
            asyncio.get_running_loop()
        except RuntimeError:
            return
        if self._callback is None:
            # Between two beats too: a browser that is done need not wait for the next one.
            self._flow.on_painted = self.beat
            self._callback = pn.state.add_periodic_callback(self.beat, period=PERIOD)
            if pn.state.curdoc is not None:
                pn.state.on_session_destroyed(self._on_session_end)

    def stop(self) -> None:
        """Beat no more, and let go of the trainer's slice."""
        self.running = False
        if self._callback is not None:
            self._callback.stop()
            self._callback = None

    def refresh(self, *_: object) -> None:
        """Show the state of things soon, although nothing may be learning."""
        self._stale = True

    def ask(self, name: str, rows: Floats | None) -> None:
        """Have every frame from now on answer a set of questions; None takes it back."""
        kept = {key: value for key, value in self._questions.items() if key != name}
        self._questions = kept if rows is None else {**kept, name: rows}
        self.trainer.ask(self._questions)
        self.refresh()

    def learn(self, steps: int) -> None:
        """Take so many steps while paused."""
        self._steps_wanted = steps
        self._stale = True

    def beat(self) -> None:
        """Pick up what has come of the last slice, and start the next one."""
        if self._slice is not None:
            if not self._slice.done():
                return
            self._land(self._slice)
        if self.running or self._stale:
            self._launch()

    @param.depends("running", watch=True)
    def _begin(self) -> None:
        if self.running:
            self.failure = ""
        self._steps_owed = 0.0
        self._beat_at = perf_counter()
        self._stale = True

    def _launch(self) -> None:
        if not self._flow.ready:
            # The browser is busy or not there: nothing to look at, but no reason to be idle.
            if self.running and self.pace is None:
                self._learns = True
                self._slice = workers.submit(_work, self.trainer, SLICE, math.inf, look=False)
            return
        steps = self._steps_due() if self.running else self._steps_wanted
        if steps or self._stale:
            self._stale, self._steps_wanted, self._learns = False, 0, steps > 0
            seconds = SLICE if self.running else math.inf
            self._slice = workers.submit(_work, self.trainer, seconds, steps, look=True)

    def _steps_due(self) -> float:
        """Steps that the pace asks for by now; without a pace, as many as fit."""
        now = perf_counter()
        passed, self._beat_at = min(now - self._beat_at, MOST_PATIENCE), now
        if self.pace is None:
            return math.inf
        self._steps_owed += passed * self.pace * self.trainer.steps_per_epoch
        due = math.floor(self._steps_owed)
        self._steps_owed -= due
        return due

    def _land(self, slice_: Future[Frame | None]) -> None:
        self._slice = None
        try:
            self._look(slice_.result())
        except Exception as error:  # Whatever it was, the person must hear of it.
            log.exception("A slice of training failed.")
            self.running = False
            self.failure = f"Training stopped: {error}"

    def _look(self, frame: Frame | None) -> None:
        # A slice without a step leaves the reason of the last pause standing.
        if self.running and self._learns and self.trainer.paused_by is not None:
            self.running = False
        if frame is not None:
            self.frame = frame
            self._flow.sent()
            with pn.io.hold():
                self._show(frame)

    def _on_session_end(self, _context: object) -> None:
        self.stop()


def _work(trainer: Trainer, seconds: float, steps: float, *, look: bool) -> Frame | None:
    if steps:
        trainer.advance(seconds, steps=steps)
    return trainer.frame() if look else None
