"""The heartbeat: lets a trainer learn in slices, and hands what it sees to the page.

A periodic callback on the event loop only ever starts a slice in a worker thread and picks up
what has come of the last one, so that the page answers at once however hard the network works.
"""

from __future__ import annotations

import asyncio
import logging
import math
import os
import sys
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from functools import partial
from time import perf_counter
from typing import Any, Generic, TypeVar
from weakref import WeakMethod, finalize

import panel as pn
import param
import torch

from playground.training.learner import Learner
from playground.views.flow import Flow
from playground.views.live import call_if_alive
from playground.views.together import together

PERIOD = 20
"""Milliseconds between two beats of learning; what is done and what is wished wait for none."""
REST = 250
"""Milliseconds between two beats while nothing is learned, so that idle pages cost nothing."""
SLICE = 0.012
"""Seconds that a slice learns before it takes a Frame."""
MORSEL = 0.004
"""Seconds of learning between two looks whether the browser has become ready."""
LONGEST = 0.25
"""Seconds after which a slice ends although the browser is still not ready."""
MOST_PATIENCE = 0.25
"""Seconds of learning that may be made up for after a delay, when the pace is limited."""

log = logging.getLogger(__name__)

# The event loop waits this long for a slice to let go of the interpreter, each time it has
# something to do, and it has a dozen things to do for each frame. Python's own choice is 5 ms.
sys.setswitchinterval(0.0005)

# One thread each for PyTorch too: two make operations this small many times slower.
workers = ThreadPoolExecutor(
    max_workers=max(2, os.cpu_count() or 2),
    thread_name_prefix="slice",
    initializer=partial(torch.set_num_threads, 1),
)

F = TypeVar("F")
L = TypeVar("L", bound=Learner[Any])


class Heartbeat(param.Parameterized, Generic[L, F]):
    """Keeps one trainer and one page in step.

    Parameters
    ----------
    trainer : Learner
    show : callable
        Given each new Frame, on the event loop. What it takes is taken from everyone.
    flow : Flow
        Says whether the browser is done with the frames it has been sent.
    frame : optional
        The trainer's newest, where taking one is too much for the event loop.
    """

    running = param.Boolean(default=False, doc="Whether the network is learning.")
    pace = param.Number(
        default=None,
        bounds=(0.1, None),
        allow_None=True,
        doc="Epochs a second; None for as many as the machine can do.",
    )
    back = param.Integer(
        default=None,
        bounds=(0, None),
        allow_None=True,
        doc="Which moment of the trainer's past is shown; None for the present.",
    )
    failure = param.String(default="", doc="What went wrong in the last slice, if anything did.")

    def __init__(
        self,
        trainer: L,
        show: Callable[[F], None],
        flow: Flow,
        frame: F | None = None,
        **params: Any,
    ) -> None:
        super().__init__(**params)
        self.trainer = trainer
        self.frame: F = trainer.frame() if frame is None else frame
        self._show = show
        self._flow = flow
        self._slice: Future[F | None] | None = None
        self._stale = self._learns = False
        self._seen = self._stamp
        self._steps_owed = 0.0
        self._beat_at = perf_counter()
        self._steps_wanted = self._epoch_wanted = 0
        self._callback: pn.io.PeriodicCallback | None = None
        self._soon: Callable[[Callable[[], None]], object] | None = None

    def start(self) -> None:
        """Begin to beat, where there is an event loop to beat on; until the session ends."""
        try:
            loop = asyncio.get_running_loop()
        except RuntimeError:
            return
        if self._callback is None:
            # Between two beats too: a browser that is done need not wait for the next one.
            self._flow.on_painted, self._flow.on_gone = self.beat, self.rest
            self._soon = loop.call_soon_threadsafe
            # A notebook has no session that ends: there the beat ends with whom it is for.
            beat = partial(call_if_alive, WeakMethod(self.beat))
            self._callback = pn.state.add_periodic_callback(beat, period=self._period)
            finalize(self, self._callback.stop)
            if (document := pn.state.curdoc) is not None:
                self._soon = document.add_next_tick_callback
                pn.state.on_session_destroyed(self._on_session_end)

    def stop(self) -> None:
        """Beat no more, and let go of the trainer's slice."""
        self.running = False
        if self._callback is not None:
            self._callback.stop()
            self._callback = self._soon = None

    def refresh(self, *_: object) -> None:
        """Show the state of things soon, although nothing may be learning."""
        if not self._stale:
            self._stale = True
            self._beat_soon()

    def come_back(self, *_: object) -> None:
        """Show the present soon, as when something has been changed in it."""
        self.back = None
        self.refresh()

    def rest(self) -> None:
        """Learn no more, whatever was wanted."""
        self.running = False
        self._epoch_wanted = 0

    def learn(self, steps: int = 0, *, epochs: int = 0) -> None:
        """Take so many steps while paused, or go on until so many epochs more are finished."""
        self._steps_wanted = steps
        self._epoch_wanted = self.trainer.epoch + epochs if epochs else 0
        self.come_back()

    def beat(self) -> None:
        """Pick up what has come of the last slice, and start the next one."""
        if self._slice is not None:
            if not self._slice.done():
                return
            self._land(self._slice)
        # Whoever has the trainer at hand may have it learn too, as a cell of a notebook does.
        self._stale = self._stale or self._seen != self._stamp
        if self.running or self._stale or self._epoch_wanted > self.trainer.epoch:
            self._launch()

    @param.depends("running", watch=True)
    def _begin(self) -> None:
        if self.running:
            self.failure, self.back = "", None
        self._epoch_wanted = 0
        self._steps_owed = 0.0
        self._beat_at = perf_counter()
        if self._callback is not None and self._callback.period != self._period:
            self._callback.period = self._period
        self.refresh()

    @param.depends("back", watch=True)
    def _look_back(self) -> None:
        if self.back is not None:
            self.rest()
        self.refresh()

    @property
    def _stamp(self) -> tuple[int, int]:
        """Another one whenever somebody has had the trainer do something."""
        return self.trainer.step_count, self.trainer.wishes

    @property
    def _period(self) -> int:
        return PERIOD if self.running else REST

    def _beat_soon(self) -> None:
        if (soon := self._soon) is not None:
            soon(self.beat)

    def _launch(self) -> None:
        if self.running and self.pace is None:
            self._stale, self._learns = False, True
            self._submit(self._learn_freely)
        elif self._flow.ready:
            steps = self._steps_due() if self.running else self._steps_wanted
            epochs = 0 if self.running else max(0, self._epoch_wanted - self.trainer.epoch)
            if steps or epochs or self._stale:
                self._stale, self._steps_wanted, self._learns = False, 0, steps > 0
                if epochs:
                    self._submit(self._learn_epochs, epochs)
                else:
                    self._submit(self._learn_steps, steps)

    def _submit(self, work: Callable[..., F | None], *arguments: float) -> None:
        self._slice = workers.submit(work, *arguments)
        self._slice.add_done_callback(self._on_slice_done)

    def _on_slice_done(self, _slice: Future[F | None]) -> None:
        self._beat_soon()

    def _learn_freely(self) -> F | None:
        """Learn until there is somebody to look; a slice, or less than `LONGEST`."""
        trainer, end = self.trainer, perf_counter() + LONGEST
        trainer.advance(SLICE)
        while not self._flow.ready and trainer.paused_by is None:
            # The browser is busy or not there: nothing to look at, but no reason to be idle.
            if not self.running or perf_counter() > end:
                return None
            trainer.advance(MORSEL)
        return self._sight()

    def _learn_steps(self, steps: float) -> F:
        """Take so many steps, in no more than a slice while the network goes on learning."""
        if steps:
            self.trainer.advance(SLICE if self.running else math.inf, steps=steps)
        return self._sight()

    def _learn_epochs(self, epochs: float) -> F:
        """Go on for a part of what is left of so many epochs; long ones are seen to pass."""
        before = self.trainer.epoch
        taken = self.trainer.advance(LONGEST, epochs=epochs)
        if not taken or self.trainer.paused_by is not None or self.trainer.epoch < before:
            self._epoch_wanted = 0
        return self._learn_steps(0)

    def _sight(self) -> F:
        """Whatever is to be shown: the present, or a moment of the past."""
        back, self._seen = self.back, self._stamp
        if back is None or not (moments := self.trainer.past.moments):
            frame: F = self.trainer.frame()
        else:
            frame = self.trainer.frame_at(min(back, len(moments) - 1))
        return frame

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

    def _land(self, slice_: Future[F | None]) -> None:
        self._slice = None
        try:
            self._look(slice_.result())
        except Exception as error:  # Whatever it was, the person must hear of it.
            log.exception("A slice of training failed.")
            self.running = False
            self.failure = f"Training stopped: {error}"

    def _look(self, frame: F | None) -> None:
        # A slice without a step leaves the reason of the last pause standing.
        if self.running and self._learns and self.trainer.paused_by is not None:
            self.running = False
        if frame is not None:
            self.frame = frame
            with together():
                self._show(frame)
                self._flow.sent()

    def _on_session_end(self, _context: object) -> None:
        self.stop()
