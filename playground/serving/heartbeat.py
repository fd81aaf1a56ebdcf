"""The heartbeat: trains in short slices, and passes frames to the page.

A periodic callback on the event loop only starts a slice and collects the result of the last one.
Worker threads do the slices, so that none blocks the page; those of a few milliseconds the event
loop does itself, when it has nothing else to do.
"""

from __future__ import annotations

import asyncio
import logging
import math
from collections.abc import Callable
from concurrent.futures import Future
from functools import partial
from time import perf_counter
from typing import Any, Generic, TypeVar
from weakref import WeakMethod, finalize

import panel as pn
import param

from playground.serving.browser.back_pressure import BackPressure
from playground.serving.browser.update_batching import hold_updates
from playground.serving.error_text import error_text
from playground.serving.process.process_settings import prepare_training_process
from playground.serving.process.server_metrics import FRAMES, SLICES, count_training
from playground.serving.session_limits import training_refusal
from playground.serving.sessions import BrowserSession, browser_session, loop_scheduler
from playground.serving.step_clock import IDLE_PERIOD_MS, LEARNING_PERIOD_MS, StepClock
from playground.serving.threads.slice_place import SlicePlace
from playground.serving.weak_calls import call_if_alive
from playground.training.core.base_trainer import BaseTrainer
from playground.training.core.settings import TrainerSettings

SESSION_PERIOD_MS = 1000
"""Milliseconds between two beats in a browser's session, where all that happens causes one."""
FRAME_SLICE_SECONDS = 0.012
"""Seconds of training before a slice computes a frame."""
POLL_SECONDS = 0.004
"""Seconds of training between two checks whether the browser is ready."""
MAX_SLICE_SECONDS = 0.25
"""Seconds after which a slice ends even if the browser is not ready."""

log = logging.getLogger(__name__)

FrameT = TypeVar("FrameT")
TrainerT = TypeVar("TrainerT", bound=BaseTrainer[Any, Any, Any])


class Heartbeat(param.Parameterized, Generic[TrainerT, FrameT]):
    """Runs a trainer for one page.

    Parameters
    ----------
    trainer : BaseTrainer
    show : callable
        Called with each new frame on the event loop, which it must not block for long.
    back_pressure : BackPressure
        Tells whether the browser has painted the frames sent to it.
    frame : optional
        The trainer's latest frame; computed here by default, which blocks the event loop.
    is_all_shown : callable, optional
        Returns whether all of the next frame will be shown, or only its picture, of which the
        trainer can make a newer one in less time: see `BaseTrainer.repainted`.

    Attributes
    ----------
    frame, is_stale
        The newest whole one, and whether something has changed since.
    """

    running = param.Boolean(default=False, doc="Whether the network is being trained.")
    pace = param.Number(
        default=None,
        bounds=(0.1, None),
        allow_None=True,
        doc="How many epochs are learned in a second; None for as many as possible.",
    )
    shown_checkpoint = param.Integer(
        default=None,
        bounds=(0, None),
        allow_None=True,
        doc="Index of the checkpoint that is shown; None for the present.",
    )
    failure = param.String(default="", doc="Error message of the last slice, or empty.")
    is_slowed = param.Boolean(
        default=False, doc="Whether frames come late because the server has too much to do."
    )

    def __init__(
        self,
        trainer: TrainerT,
        show: Callable[[FrameT], None],
        back_pressure: BackPressure,
        frame: FrameT | None = None,
        is_all_shown: Callable[[], bool] = lambda: True,
        **params: Any,
    ) -> None:
        super().__init__(**params)
        self.trainer = trainer
        self._is_all_shown = is_all_shown
        self._whole_settings: TrainerSettings | None = None
        self.frame: FrameT = trainer.frame() if frame is None else frame
        self._show = show
        self._back_pressure = back_pressure
        self._slice: Future[FrameT | None] | None = None
        self._place: SlicePlace[FrameT] = SlicePlace(trainer)
        self.is_stale = self._slice_trains = False
        self._is_whole = True
        self._seen_version = trainer.step_count, trainer.request_count
        self._step_clock = StepClock()
        self._requested_steps = self._target_epoch = self._request = self._ended_request = 0
        self._callback: pn.io.PeriodicCallback | None = None
        self._schedule: Callable[[Callable[[], None]], object] | None = None
        self._session: BrowserSession | None = None
        self._timer: asyncio.TimerHandle | None = None
        self._is_suspended = self._is_stopped = False

    def start(self) -> None:
        """Start beating until the session ends; without an event loop, do nothing."""
        schedule = loop_scheduler()
        if schedule is None or self._schedule is not None:
            return
        # A browser that becomes ready between two beats triggers a beat at once.
        self._back_pressure.on_painted, self._back_pressure.on_closed = self.beat, self.pause
        self._schedule = schedule
        self._session = session = browser_session()
        if pn.state.curdoc is not None:
            prepare_training_process()
        if session is not None:
            session.call_for_browser(self._add_callback)
            self._back_pressure.is_congested = lambda: session.is_congested
            for calls, own in self._session_calls(session):
                calls.append(own)
        else:
            self._add_callback()

    def stop(self) -> None:
        """Stop training and beating; a slice in progress still finishes."""
        if self._callback is not None:
            self._callback.stop()
        self._callback = self._schedule = None
        self._is_suspended = self._is_stopped = True
        self.running = False
        if (session := self._session) is not None:
            for calls, own in self._session_calls(session):
                if own in calls:
                    calls.remove(own)

    def refresh(self, *_: object) -> None:
        """Schedule a new frame, whether or not the network is being trained."""
        if not self.is_stale:
            self.is_stale = True
            self._schedule_call(self.beat)

    def show_present(self, *_: object) -> None:
        """Schedule a frame of the present instead of a checkpoint."""
        self.shown_checkpoint = None
        self.refresh()

    def pause(self) -> None:
        """Stop training, including that started by `train_for`."""
        self.running = False
        self._target_epoch = 0

    def suspend(self) -> None:
        """Start no further slice until `resume`; the session calls it when its browser is lost."""
        self._is_suspended = True
        self._set_training()
        self._schedule_call(self._update_period)

    def resume(self) -> None:
        """Go on after `suspend` with what was under way."""
        self._is_suspended = False
        self._step_clock.start()
        self._set_training()
        self._schedule_call(self._update_period)
        self._schedule_call(self.beat)

    def train_for(self, steps: int = 0, *, epochs: int = 0) -> None:
        """Train for a number of steps or epochs while paused."""
        self._requested_steps, self._request = steps, self._request + 1
        self._target_epoch = self.trainer.epoch + epochs if epochs else 0
        self.show_present()

    def beat(self) -> None:
        """Collect the result of the last slice if it is finished, and start the next one."""
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None
        if self._is_stopped:
            return  # It was scheduled before that.
        if self._slice is not None:
            if not self._slice.done():
                return
            self._finish_slice(self._slice)
        # Other code, such as a notebook cell, may also train or reset the trainer.
        self.is_stale = self.is_stale or self._seen_version != (
            self.trainer.step_count,
            self.trainer.request_count,
        )
        wanted = self.running or self.is_stale or self._target_epoch > self.trainer.epoch
        if wanted and not self._is_suspended:
            self._start_slice()
            self._schedule_next_step()

    def _session_calls(
        self, session: BrowserSession
    ) -> tuple[tuple[list[Callable[[], None]], Callable[[], None]], ...]:
        """Return what is called when a session is lost, comes back and ends."""
        return (
            (session.on_lost, self.suspend),
            (session.on_back, self.resume),
            (session.on_end, self.stop),
        )

    @param.depends("running", watch=True)
    def _on_running(self) -> None:
        count_training(self, self.running)
        self.is_slowed = False
        if self.running:
            self.failure, self.shown_checkpoint = "", None
        self._target_epoch = 0
        self._step_clock.start()
        self._set_training()
        self._update_period()
        self.refresh()

    @param.depends("shown_checkpoint", watch=True)
    def _on_shown_checkpoint(self) -> None:
        if self.shown_checkpoint is not None:
            self.pause()
        self.refresh()

    @property
    def _is_training(self) -> bool:
        return self.running and not self._is_suspended

    def _add_callback(self) -> None:
        beat = partial(call_if_alive, WeakMethod(self.beat))
        self._callback = pn.state.add_periodic_callback(beat, period=self._period_ms)
        finalize(self, self._callback.stop)  # In a notebook no session ends.

    @property
    def _period_ms(self) -> int:
        # In a session a timer of its own tells when the next step is due.
        if self._session is not None:
            return SESSION_PERIOD_MS
        return LEARNING_PERIOD_MS if self._is_training else IDLE_PERIOD_MS

    def _schedule_next_step(self) -> None:
        """Beat when the next step is due, where nothing else would cause a beat before."""
        session, pace = self._session, self.pace
        if session is None or pace is None or self._slice is not None or not self._is_training:
            return
        if self._back_pressure.ready:
            seconds = self._step_clock.seconds_left(pace, self.trainer.steps_per_epoch)
            self._timer = session.schedule_later(seconds, self.beat)

    def _update_period(self) -> None:
        if self._callback is not None and self._callback.period != self._period_ms:
            self._callback.period = self._period_ms

    def _set_training(self) -> None:
        """Tell the session whether it trains; pause if too many other ones do."""
        session = self._session
        if session is None:
            return
        session.set_training(self, self._is_training)
        if self._is_training and (reason := training_refusal(session)):
            session.set_training(self, False)
            # The watchers of `running` have not been called yet.
            self._schedule_call(partial(self._refuse_to_train, reason))

    def _refuse_to_train(self, reason: str) -> None:
        self.pause()
        self.failure = reason

    def _schedule_call(self, call: Callable[[], None]) -> None:
        if (schedule := self._schedule) is not None:
            schedule(call)

    def _start_slice(self) -> None:
        if self.running and self.pace is None:
            self.is_stale, self._slice_trains = False, True
            self._submit(self._train_until_ready)
        elif self._back_pressure.ready:
            if not self.running:
                steps: float = self._requested_steps
                epochs = max(0, self._target_epoch - self.trainer.epoch)
            elif self.is_stale or not self._step_clock.is_early:
                steps, epochs = self._step_clock.look(self.pace, self.trainer.steps_per_epoch), 0
            else:
                return
            if steps or epochs or self.is_stale:
                self.is_stale, self._requested_steps, self._slice_trains = False, 0, steps > 0
                if epochs:
                    self._submit(self._train_epochs, epochs, self._request)
                else:
                    self._submit(self._train_steps, steps)

    def _submit(self, work: Callable[..., FrameT | None], *arguments: float) -> None:
        """Start work with a copy of the settings, made on the event loop, where all changes are."""
        try:
            settings = self.trainer.settings()
        except Exception as error:  # A user's own problem may raise any exception.
            self._fail(error)
            return
        # A notebook's event loop belongs to the person who runs cells on it.
        is_paced = self._session is not None and self.running and self.pace is not None
        pool = self._place.choose(settings, may_be_loop=is_paced)
        self._slice = pool.submit(work, settings, *arguments)
        self._slice.add_done_callback(self._on_slice_done)

    def _on_slice_done(self, _slice: Future[FrameT | None]) -> None:
        self._schedule_call(self.beat)

    def _train_until_ready(self, settings: TrainerSettings) -> FrameT | None:
        """Train for a slice, then until the browser is ready, at most `MAX_SLICE_SECONDS`.

        Returns
        -------
        FrameT or None
            None if the browser was not ready.
        """
        trainer, end = self.trainer, perf_counter() + MAX_SLICE_SECONDS
        self._place.advance(FRAME_SLICE_SECONDS, settings)
        while not self._back_pressure.ready and trainer.paused_by is None:
            # No frame can be shown while the browser is busy or absent, but training continues. The
            # threads are for all sessions: where others wait, each gets a slice in turn.
            if not self._is_training or self._place.is_waited_for or perf_counter() > end:
                return None
            self._place.advance(POLL_SECONDS, settings)
        return self._shown_frame(settings)

    def _train_steps(self, settings: TrainerSettings, steps: float) -> FrameT | None:
        """Train for a number of steps; while `running`, at most for `FRAME_SLICE_SECONDS`."""
        if self._place.must_not_wait and self.trainer.is_at_work:
            self._step_clock.give_back(steps)
            return None
        if not steps:
            return self._shown_frame(settings)
        with self.trainer.locked(settings):
            seconds = FRAME_SLICE_SECONDS if self.running else math.inf
            self._place.advance(seconds, settings, steps=steps)
            return self._shown_frame(settings)

    def _train_epochs(self, settings: TrainerSettings, epochs: float, request: int) -> FrameT:
        """Train for up to `epochs`, at most for `MAX_SLICE_SECONDS`, so that frames are shown."""
        before = self.trainer.epoch
        steps_done = self._place.advance(MAX_SLICE_SECONDS, settings, epochs=epochs)
        if not steps_done or self.trainer.paused_by is not None or self.trainer.epoch < before:
            self._ended_request = request
        return self._shown_frame(settings)

    def _shown_frame(self, settings: TrainerSettings) -> FrameT:
        """Return the frame to show: of the present, or of the shown checkpoint."""
        trainer, shown_checkpoint = self.trainer, self.shown_checkpoint
        # Later requests are not in these settings, and must be detected as new.
        self._seen_version = trainer.step_count, settings.request_count
        # What is changed is seen everywhere.
        if self.running and settings is self._whole_settings and not self._is_all_shown():
            self._is_whole = False
            return self._place.repainted(self.frame, settings)
        self._is_whole, self._whole_settings = True, settings
        if shown_checkpoint is None or not (infos := trainer.checkpoints.infos):
            return self._place.frame(settings)
        frame: FrameT = trainer.frame_at(min(shown_checkpoint, len(infos) - 1), settings)
        return frame

    def _finish_slice(self, slice_: Future[FrameT | None]) -> None:
        self._slice = None
        SLICES.inc()
        try:
            self._show_result(slice_.result())
        except Exception as error:  # A user's own module may raise any exception.
            self._fail(error)

    def _fail(self, error: Exception) -> None:
        log.error("A slice of training failed.", exc_info=error)
        self.pause()
        self.failure = f"Training stopped: {error_text(error)}"

    def _show_result(self, frame: FrameT | None) -> None:
        if self._ended_request == self._request:  # Nobody has asked for more meanwhile.
            self._target_epoch = 0
        # A slice without a step does not reset `paused_by` of an earlier one.
        if self.running and self._slice_trains and self.trainer.paused_by is not None:
            self.running = False
        # After a pause comes a whole frame at once.
        if frame is not None and (self._is_whole or self.running):
            if self._is_whole:
                self.frame = frame
            FRAMES.inc()
            with hold_updates():
                if self._session is not None and self._session.is_slowed != self.is_slowed:
                    self.is_slowed = self.running and self._session.is_slowed
                self._show(frame)
                self._back_pressure.count_frame()
