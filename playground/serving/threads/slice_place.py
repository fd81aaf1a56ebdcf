"""Where slices of training are done: in which threads, or on the event loop."""

from __future__ import annotations

import math
from collections import deque
from time import thread_time
from typing import Any, Generic

from playground.serving.threads.loop_slices import LoopSlices, loop_slices
from playground.serving.threads.thread_pools import (
    brief_slice_workers,
    remote_slice_workers,
    workers,
)
from playground.serving.threads.worker_pool import WorkerPool
from playground.training.core.base_trainer import BaseTrainer
from playground.training.core.sessions.session_kind import FrameT
from playground.training.core.settings import TrainerSettings

BRIEF_STEP_SECONDS, BRIEF_FRAME_SECONDS = 0.001, 0.01
"""Processor seconds of a step, and of a frame, up to which slices take turns in one thread."""
LOOP_FRAME_SECONDS = 0.005
"""Processor seconds of a frame up to which slices may be done on the event loop."""
LOOP_STEPS_SECONDS = 0.006
"""Seconds of training, at most, before a slice on the event loop computes a frame."""
KEPT_DURATIONS = 8
"""Durations of which the shortest counts."""


class ShortestDuration:
    """The shortest of the last durations of the same work: what it takes when nothing disturbs it.

    A step of a tiny network takes three times as long in a thread that others take the interpreter
    from. By its last duration it would stay in such threads, and disturb others in turn.
    """

    def __init__(self) -> None:
        self._last: deque[float] = deque(maxlen=KEPT_DURATIONS)
        self._is_outdated = False

    @property
    def seconds(self) -> float:
        """The shortest; infinite before there is one."""
        return min(self._last, default=math.inf)

    def outdate(self) -> None:
        """Forget all when the next one is added: the work is another one by now."""
        self._is_outdated = True

    def add(self, seconds: float) -> None:
        """Note another duration."""
        if self._is_outdated:
            self._last.clear()
            self._is_outdated = False
        self._last.append(seconds)


class SlicePlace(Generic[FrameT]):
    """Chooses what does the slices of a trainer, by how long the last ones took.

    Where another process takes the steps, many threads can wait. Where steps are tiny, threads
    would only take the interpreter from each other, and from the event loop.

    Parameters
    ----------
    trainer : BaseTrainer
    """

    def __init__(self, trainer: BaseTrainer[Any, Any, FrameT]) -> None:
        self._trainer = trainer
        self._pool: WorkerPool | LoopSlices = workers
        self._settings: TrainerSettings | None = None
        self._step, self._frame = ShortestDuration(), ShortestDuration()

    def choose(self, settings: TrainerSettings, *, may_be_loop: bool) -> WorkerPool | LoopSlices:
        """Return what does the next slice; it may be the event loop if the slice is to be short."""
        trainer, is_as_before = self._trainer, settings is self._settings
        self._settings = settings
        if not is_as_before:
            self._step.outdate()
            self._frame.outdate()
        frame_seconds = self._frame.seconds
        is_brief = (
            trainer.is_predictable
            and self._step.seconds <= BRIEF_STEP_SECONDS
            and frame_seconds <= BRIEF_FRAME_SECONDS
        )
        # What is known of the last slice holds for the next one as long as nothing is changed.
        is_short = is_brief and is_as_before and frame_seconds <= LOOP_FRAME_SECONDS
        if not trainer.trains_here:
            self._pool = remote_slice_workers
        elif may_be_loop and is_short and not trainer.is_at_work:
            self._pool = loop_slices()
        else:
            self._pool = brief_slice_workers if is_brief else workers
        return self._pool

    @property
    def is_waited_for(self) -> bool:
        """Whether other slices wait for the place of this one."""
        return self._pool.is_waited_for

    @property
    def must_not_wait(self) -> bool:
        """Whether the slice is done on the event loop, which everybody else waits for."""
        return isinstance(self._pool, LoopSlices)

    def advance(self, seconds: float, settings: TrainerSettings, **budget: float) -> int:
        """Train until a budget is spent; return the number of steps."""
        if self.must_not_wait:
            seconds = min(seconds, LOOP_STEPS_SECONDS)
        begun = thread_time()
        steps = self._trainer.advance(seconds, settings=settings, **budget)
        if steps:
            self._step.add((thread_time() - begun) / steps)
        return steps

    def frame(self, settings: TrainerSettings) -> FrameT:
        """Return a frame of the present."""
        begun = thread_time()
        frame: FrameT = self._trainer.frame(settings)
        self._frame.add(thread_time() - begun)
        return frame

    def repainted(self, frame: FrameT, settings: TrainerSettings) -> FrameT:
        """Return an earlier frame with the picture of the present: less work than a frame."""
        repainted: FrameT = self._trainer.repainted(frame, settings)
        return repainted
