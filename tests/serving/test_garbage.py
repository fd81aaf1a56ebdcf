"""Those who train are not held up by the garbage of a page that somebody else has closed."""

from __future__ import annotations

import asyncio
import gc
from types import SimpleNamespace

import pytest

from playground.serving.process import garbage
from playground.serving.process.garbage import MIN_ENDED, OPEN_PER_ENDED, GarbageCollection
from playground.serving.sessions import BrowserSession


def test_garbage_is_collected_while_nobody_trains_or_once_it_is_much(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    collected: list[int] = []
    sessions = [SimpleNamespace(is_training=False) for _ in range(OPEN_PER_ENDED * MIN_ENDED + 4)]
    monkeypatch.setattr(garbage, "RETRY_SECONDS", 0.01)
    monkeypatch.setattr(garbage, "open_sessions", lambda: sessions)
    monkeypatch.setattr(gc, "collect", lambda: collected.append(BrowserSession.ended_count))
    monkeypatch.setattr(BrowserSession, "ended_count", 1)

    async def end_one_after_the_other() -> None:
        collection = GarbageCollection()
        collection.collect()
        assert collected == [1]
        sessions[0].is_training = True
        for BrowserSession.ended_count in range(2, 2 + MIN_ENDED):
            collection.collect()
            assert collected == [1], "somebody trains, and there is little"
        sessions[0].is_training = False
        await asyncio.sleep(0.05)
        assert collected == [1, 1 + MIN_ENDED], "once it is looked again, and then no more"
        sessions[0].is_training = True
        BrowserSession.ended_count += MIN_ENDED + 1
        collection.collect()
        assert collected == [1, 1 + MIN_ENDED, 2 + 2 * MIN_ENDED], "a quarter of what is open"

    asyncio.run(end_one_after_the_other())
