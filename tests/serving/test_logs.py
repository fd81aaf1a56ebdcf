"""The log of a server: short, one line an event, with its session."""

from __future__ import annotations

import asyncio
import gc
import io
import json
import logging

import pytest
from tornado.iostream import StreamClosedError
from tornado.websocket import WebSocketClosedError

from playground.serving.current_session import current_session_id
from playground.serving.process.logs import prepare_handler, prepare_log
from playground.serving.settings.server_settings import ServerSettings
from playground.serving.threads.worker_pool import WorkerPool


@pytest.fixture(params=["text", "json"])
def log(request: pytest.FixtureRequest) -> tuple[str, io.StringIO, logging.Logger]:
    """Return a format, what was written, and a logger that writes there in this format."""
    written = io.StringIO()
    handler = logging.StreamHandler(written)
    prepare_handler(handler, ServerSettings(log_format=request.param))
    logger = logging.Logger("some")
    logger.addHandler(handler)
    return request.param, written, logger


def test_an_event_is_one_short_line(log: tuple[str, io.StringIO, logging.Logger]) -> None:
    kind, written, logger = log
    more = {"path": "/" * 100_000, "reason": "size"}
    logger.warning("refused\nforged: %s", "x" * 100_000, extra=more)
    text = written.getvalue()
    assert text.count("\n") == 1
    assert len(text) < (8500 if kind == "json" else 4500)
    assert "refused forged: xxx" in text
    if kind == "json":
        assert json.loads(text)["reason"] == "size"
    else:
        assert text.endswith("reason=size\n")


def test_an_event_has_its_session(log: tuple[str, io.StringIO, logging.Logger]) -> None:
    kind, written, logger = log
    before = current_session_id.set("abcdefghijklmnop.signature")
    logger.warning("saved")
    current_session_id.reset(before)
    logger.warning("stopped")
    saved, stopped = written.getvalue().splitlines()
    assert "abcdefgh" in saved
    assert "signature" not in saved
    assert "session" not in stopped
    if kind == "json":
        assert json.loads(saved)["session"] == "abcdefgh"


def test_a_thread_works_for_a_session(log: tuple[str, io.StringIO, logging.Logger]) -> None:
    _, written, logger = log
    pool = WorkerPool(1, "test", deadline=60)
    before = current_session_id.set("abcdefghijklmnop")
    work = pool.submit(logger.warning, "disk full")
    current_session_id.reset(before)
    work.result(60)
    pool.submit(logger.warning, "of nobody").result(60)
    pool.shutdown()
    full, other = written.getvalue().splitlines()
    assert "abcdefgh" in full
    assert "abcdefgh" not in other


def test_a_traceback_keeps_its_ends(log: tuple[str, io.StringIO, logging.Logger]) -> None:
    kind, written, logger = log
    try:
        raise ValueError("y" * 100_000 + "end")
    except ValueError:
        logger.exception("failed")
    text = written.getvalue()
    assert len(text) < 6000
    assert "test_a_traceback_keeps_its_ends" in text
    assert "yend" in text
    if kind == "json":
        assert json.loads(text)["traceback"].startswith("Traceback")


def test_a_browser_that_leaves_while_it_is_sent_to_is_no_error(
    caplog: pytest.LogCaptureFixture,
) -> None:
    prepare_log()

    async def fail(error: Exception) -> None:
        raise error

    async def leave() -> None:
        for error in (WebSocketClosedError(), StreamClosedError(), ValueError("a fault")):
            _lost = asyncio.create_task(fail(error))
            await asyncio.sleep(0)
        del _lost, error
        gc.collect()

    asyncio.run(leave())
    told = [each.exc_info[0] for each in caplog.records if each.exc_info]
    assert told == [ValueError]
