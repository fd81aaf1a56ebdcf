"""Work in other threads: only the newest counts, and what fails or hangs is reported."""

from __future__ import annotations

import asyncio
import threading
from concurrent.futures import CancelledError

import pytest

from playground import deadlines
from playground.deadlines import check_deadline
from playground.errors import InputError
from playground.pages.shell.latest_task import LatestTask
from playground.pages.shell.worker_result import worker_result
from playground.serving.threads import worker_pool
from playground.serving.threads.worker_pool import WorkerPool
from tests.support.clock import Clock

# Panel 1.9.4 would have widgets called by their label, which its own `from_param` does not do yet.
pytestmark = pytest.mark.filterwarnings("ignore:Widget.name is deprecated")
PATIENCE = 60.0
"""Seconds after which something that should have happened is a failure; never reached otherwise."""


class RecordedTask:
    """Records the results of a task."""

    def __init__(self) -> None:
        self.given, self.refused = [], []
        self.task = LatestTask(self.given.append, self.refused.append)

    async def all(self) -> None:
        while self.task.busy:
            await asyncio.sleep(0)


def test_without_a_loop_the_answer_is_there_at_once() -> None:
    answers = RecordedTask()
    answers.task.submit(lambda: 7)
    assert answers.given == [7]


def test_only_the_newest_question_counts() -> None:
    answers, begun, gate, asked = RecordedTask(), threading.Event(), threading.Event(), []

    def work(number: int) -> int:
        asked.append(number)
        begun.set()
        assert gate.wait(PATIENCE)
        return number

    async def submit() -> None:
        for number in range(4):
            answers.task.submit(lambda number=number: work(number))
            assert begun.wait(PATIENCE)
        gate.set()
        await answers.all()

    asyncio.run(submit())
    assert (asked, answers.given) == ([0, 3], [3])


def test_a_forgotten_question_is_not_answered() -> None:
    answers, gate = RecordedTask(), threading.Event()

    async def submit() -> None:
        answers.task.submit(gate.wait)
        answers.task.cancel()
        gate.set()
        await answers.all()
        answers.task.submit(lambda: 3)
        await answers.all()

    asyncio.run(submit())
    assert answers.given == [3]


def test_work_is_not_done_in_the_thread_of_the_loop() -> None:
    answers = RecordedTask()

    async def submit() -> None:
        answers.task.submit(threading.get_ident)
        await answers.all()

    asyncio.run(submit())
    assert answers.given != [threading.get_ident()]


@pytest.mark.parametrize(
    ("error", "sentence"),
    [(InputError("No such thing."), "No such thing."), (OSError("disk"), "That went wrong: disk")],
)
def test_failures_are_reported(error: Exception, sentence: str) -> None:
    answers = RecordedTask()

    def fail() -> None:
        raise error

    answers.task.submit(fail)
    assert (answers.given, answers.refused) == ([], [sentence])


def test_a_result_that_cannot_be_shown_is_reported_and_work_that_waits_is_done() -> None:
    given, refused = [], []

    def show(result: int) -> None:
        given.append(result)
        if result == 0:
            task.submit(lambda: 1)
            raise OSError("a watcher failed")

    def report(sentence: str) -> None:
        refused.append(sentence)
        raise OSError("so did this one")

    task = LatestTask(show, report)
    failures: list[object] = []

    async def submit() -> None:
        asyncio.get_running_loop().set_exception_handler(
            lambda _loop, context: failures.append(str(context["exception"]))
        )
        task.submit(lambda: 0)
        while len(given) < 2 or task.busy:
            await asyncio.sleep(0)

    asyncio.run(submit())
    assert (given, refused) == ([0, 1], ["That went wrong: a watcher failed"])
    assert failures == ["so did this one"]


def test_work_that_hangs_ends_in_a_sentence_and_what_comes_next_is_done(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    answers, begun, gate = RecordedTask(), threading.Event(), threading.Event()
    clock, pool = Clock(), WorkerPool(1, "test", deadline=0.05)
    for module in (deadlines, worker_pool):
        monkeypatch.setattr(module, "monotonic", clock)
    answers.task = LatestTask(answers.given.append, answers.refused.append, pool)

    async def submit() -> None:
        answers.task.submit(lambda: (begun.set(), gate.wait()))
        assert begun.wait(PATIENCE)
        clock.now = 0.05
        await answers.all()
        answers.task.submit(lambda: 7)
        await answers.all()

    asyncio.run(submit())
    gate.set()
    pool.shutdown()
    assert answers.given == [7]
    assert [each.split(" and ")[0] for each in answers.refused] == [
        "This took longer than 0.05 seconds"
    ]


@pytest.mark.parametrize(
    ("error", "sentence"),
    [(InputError("No such thing."), "No such thing."), (OSError("disk"), "Sorry: disk")],
)
def test_a_coroutine_gets_a_result_or_the_person_a_sentence(
    error: Exception, sentence: str
) -> None:
    refused: list[str] = []

    def fail() -> None:
        raise error

    async def ask() -> tuple[object, object]:
        right = await worker_result(lambda: 7, refused.append)
        return right, await worker_result(fail, refused.append, failed="Sorry")

    assert asyncio.run(ask()) == (7, None)
    assert refused == [sentence]


def test_newer_work_stops_the_work_before_it() -> None:
    answers, begun, stopped = RecordedTask(), threading.Event(), []

    def work() -> None:
        begun.set()
        try:
            while True:
                check_deadline()
        except CancelledError:
            stopped.append(True)
            raise

    async def submit() -> None:
        answers.task.submit(work)
        assert begun.wait(PATIENCE)
        answers.task.submit(lambda: 7)
        await answers.all()

    asyncio.run(submit())
    assert (answers.given, answers.refused, stopped) == ([7], [], [True])
