"""Worker threads: work that hangs, fails or waits, and what becomes of the rest."""

from __future__ import annotations

import logging
import subprocess
import sys
import threading
from collections.abc import Iterator
from concurrent.futures import CancelledError, Future, wait

import pytest

from playground import deadlines
from playground.deadlines import DeadlineError, DeadlineLock, check_deadline
from playground.serving.threads import worker_pool
from playground.serving.threads.worker_pool import WorkerPool
from tests.support.clock import Clock

PATIENCE = 60.0
"""Seconds after which something that should have happened is a failure; never reached otherwise."""
SOON = 0.05
"""Seconds until a deadline, by a clock that stands still until a test moves it."""


class Hanging:
    """Work that hangs until it is released."""

    def __init__(self) -> None:
        self.begun, self.released = threading.Event(), threading.Event()

    def __call__(self) -> str:
        self.begun.set()
        assert self.released.wait(PATIENCE)
        return "late"


@pytest.fixture
def hanging() -> Iterator[Hanging]:
    hanging = Hanging()
    yield hanging
    hanging.released.set()


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    clock = Clock()
    for module in (deadlines, worker_pool):
        monkeypatch.setattr(module, "monotonic", clock)
    return clock


def result(future: Future) -> object:
    return future.result(PATIENCE)


def test_work_is_done_and_errors_are_passed_on() -> None:
    def fail() -> None:
        raise OSError("disk")

    with WorkerPool(2, "test", deadline=PATIENCE) as pool:
        numbers = [pool.submit(pow, base, 2) for base in range(20)]
        failed = pool.submit(fail)
        assert [result(each) for each in numbers] == [base**2 for base in range(20)]
        with pytest.raises(OSError, match="disk"):
            result(failed)
        assert result(pool.submit(threading.current_thread)).daemon
    with pytest.raises(RuntimeError, match="after shutdown"):
        pool.submit(pow, 1, 1)


def test_work_that_hangs_is_given_up_and_others_go_on(
    hanging: Hanging, clock: Clock, caplog: pytest.LogCaptureFixture
) -> None:
    pool = WorkerPool(1, "test", deadline=SOON, patience=PATIENCE)
    hung = pool.submit(hanging)
    assert hanging.begun.wait(PATIENCE)
    clock.now = SOON
    with pytest.raises(DeadlineError, match=r"longer than 0\.05 seconds and was given up"):
        result(hung)
    assert result(pool.submit(lambda: 7)) == 7
    assert pool.missed_deadlines == 1
    (record,) = caplog.records
    assert record.levelno == logging.ERROR
    assert "test_worker_pool.py" in record.getMessage()
    hanging.released.set()
    pool.shutdown()


def test_a_thread_that_is_busy_for_long_is_set_aside_while_others_wait(
    hanging: Hanging, clock: Clock
) -> None:
    with WorkerPool(1, "test", deadline=PATIENCE, patience=SOON) as pool:
        slow = pool.submit(hanging)
        assert hanging.begun.wait(PATIENCE)
        clock.now = 2 * SOON
        assert result(pool.submit(lambda: 7)) == 7
        assert not slow.done()
        hanging.released.set()
        assert result(slow) == "late"
        # Two threads would work now, but one is allowed.
        seen: set[str] = set()
        gate = threading.Event()

        def note_thread(seconds: float) -> None:
            seen.add(threading.current_thread().name)
            gate.wait(seconds)

        wait([pool.submit(note_thread, seconds) for seconds in (SOON, 0, 0, 0)])
        assert len(seen) == 1
    assert pool.missed_deadlines == 0


def test_when_all_threads_hang_what_waits_is_refused(hanging: Hanging, clock: Clock) -> None:
    pool = WorkerPool(1, "test", deadline=SOON, max_set_aside=0)
    hung, waiting = pool.submit(hanging), pool.submit(int)
    assert hanging.begun.wait(PATIENCE)
    clock.now = 2 * SOON
    for each, sentence in ((hung, "was given up"), (waiting, "The server is busy")):
        with pytest.raises(DeadlineError, match=sentence):
            result(each)
    hanging.released.set()
    assert result(pool.submit(lambda: 7)) == 7
    pool.shutdown()


def test_cancelled_work_stops_at_its_next_check(hanging: Hanging) -> None:
    def loop() -> None:
        hanging.begun.set()
        while not hanging.released.wait(0.001):
            check_deadline()

    with WorkerPool(1, "test", deadline=PATIENCE) as pool:
        running, waiting = pool.submit(loop), pool.submit(int)
        assert hanging.begun.wait(PATIENCE)
        pool.cancel_all()
        with pytest.raises(CancelledError):
            result(running)
        assert waiting.cancelled()
        assert result(pool.submit(lambda: 7)) == 7


def test_a_loop_that_checks_ends_at_its_deadline(clock: Clock) -> None:
    def loop() -> None:
        while True:
            clock.now += 0.1 * SOON
            check_deadline()

    with WorkerPool(1, "test", deadline=SOON) as pool:
        with pytest.raises(DeadlineError, match="was given up"):
            result(pool.submit(loop))
        assert result(pool.submit(lambda: 7)) == 7


def test_nobody_waits_for_a_lock_that_hanging_work_holds(hanging: Hanging, clock: Clock) -> None:
    lock = DeadlineLock()

    def hold() -> None:
        with lock, lock:
            hanging()

    def use() -> int:
        with lock:
            return 7

    pool = WorkerPool(1, "test", deadline=SOON)
    hung = pool.submit(hold)
    assert hanging.begun.wait(PATIENCE)
    clock.now = SOON
    wait([hung], PATIENCE)
    with pytest.raises(DeadlineError, match="Reload the page"):
        use()  # On the event loop, where there is no deadline.
    with pytest.raises(DeadlineError):
        result(pool.submit(use))
    hanging.released.set()
    pool.shutdown()
    wait(pool.pending(), PATIENCE)
    with WorkerPool(1, "test", deadline=PATIENCE) as patient:
        assert result(patient.submit(use)) == 7


def test_work_that_hangs_does_not_keep_the_process_and_no_save_is_lost() -> None:
    program = """
import threading, time
from playground.serving.threads.worker_pool import WorkerPool
hanging = WorkerPool(1, "hanging", deadline=1000)
saving = WorkerPool(1, "saving", deadline=1000, finish_at_exit=True)
begun = threading.Event()
hanging.submit(lambda: (begun.set(), threading.Event().wait()))
begun.wait()
saving.submit(time.sleep, 0.3)
saving.submit(print, "saved", flush=True)
"""
    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, timeout=PATIENCE
    )
    assert (done.returncode, done.stdout, done.stderr) == (0, "saved\n", "")
