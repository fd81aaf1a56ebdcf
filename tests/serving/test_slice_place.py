"""Where slices of training are done: a disturbed step is no reason to leave the event loop."""

from __future__ import annotations

import asyncio
from types import SimpleNamespace
from typing import Any

import pytest

from playground.serving.threads import slice_place
from playground.serving.threads.loop_slices import LoopSlices
from playground.serving.threads.slice_place import SlicePlace

QUICK, SLOW = 0.0004, 0.003
"""Seconds of a step of XOR, alone and in a thread that others disturb."""


class TimedTrainer:
    """Takes as long for a step, and for a frame, as it is told to."""

    is_predictable = trains_here = True
    is_at_work = False

    def __init__(self) -> None:
        self.now, self.seconds = 0.0, QUICK

    def advance(self, _seconds: float, **_choices: Any) -> int:
        self.now += self.seconds
        return 1

    def frame(self, _settings: object) -> str:
        self.now += self.seconds
        return "frame"


@pytest.fixture
def trainer(monkeypatch: pytest.MonkeyPatch) -> TimedTrainer:
    trainer = TimedTrainer()
    monkeypatch.setattr(slice_place, "thread_time", lambda: trainer.now)
    return trainer


def test_one_slow_step_changes_nothing_and_other_settings_do(trainer: TimedTrainer) -> None:
    place: SlicePlace[str] = SlicePlace(trainer)  # type: ignore[arg-type]
    settings: Any = SimpleNamespace()

    def is_on_loop(settings: Any) -> bool:
        found = isinstance(place.choose(settings, may_be_loop=True), LoopSlices)
        place.advance(1.0, settings)
        place.frame(settings)
        return found

    async def session() -> None:
        assert not is_on_loop(settings), "nothing is known of the first slice"
        assert is_on_loop(settings)
        trainer.seconds = SLOW
        assert is_on_loop(settings)
        assert is_on_loop(settings), "the last step was disturbed; others were not"
        larger: Any = SimpleNamespace()
        assert not is_on_loop(larger), "what other settings take isn't known"
        assert not is_on_loop(larger), "all that is known by now is slow"
        trainer.seconds = QUICK
        assert not is_on_loop(larger)
        assert is_on_loop(larger), "quick once is quick"
        trainer.seconds = SLOW
        last = [is_on_loop(larger) for _ in range(slice_place.KEPT_DURATIONS + 1)]
        assert not last[-1], "what is slow all the time is slow"

    asyncio.run(session())
