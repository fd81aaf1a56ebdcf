"""The heartbeat, beat by hand: what it starts, when it waits, what it shows, when it gives up."""

from __future__ import annotations

import asyncio
import gc
import threading
import weakref
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor, wait
from statistics import median
from time import perf_counter
from typing import Any
from urllib.request import urlopen

import numpy as np
import pytest
from bokeh.document import Document
from panel.io.server import get_server
from panel.io.state import set_curdoc

from playground import live
from playground.live import Heartbeat
from playground.networks.architecture import Architecture
from playground.pages.gates import GatesPage
from playground.pages.part import Part
from playground.pages.points import PointsPage
from playground.problems.gates import Gates
from playground.training.frame import Frame
from playground.training.trainer import Trainer
from playground.training.training import Training
from tests.apart import apart

# Panel 1.9.4 would have widgets called by their label, which its own `from_param` does not do yet.
pytestmark = pytest.mark.filterwarnings("ignore:Widget.name is deprecated")

PATIENCE = 60.0
"""Seconds after which a slice that should have ended is a failure; never reached otherwise."""


class Pool(ThreadPoolExecutor):
    """The worker threads, with a record of the slices that they were given."""

    def __init__(self) -> None:
        super().__init__(max_workers=2)
        self.slices: list[Future[Any]] = []

    def submit(self, *args: Any, **kwargs: Any) -> Future[Any]:
        self.slices.append(super().submit(*args, **kwargs))
        return self.slices[-1]


class FakeFlow:
    """A browser that is ready when it is told to be."""

    def __init__(self) -> None:
        self.ready = True
        self.frames = 0

    def sent(self) -> None:
        self.frames += 1


class Clock:
    """Time that passes when it is told to."""

    def __init__(self) -> None:
        self.now = 0.0

    def __call__(self) -> float:
        return self.now


class Failing(Trainer):
    """A trainer whose slices fail until it is mended."""

    broken = True

    def advance(self, *args: Any, **kwargs: Any) -> int:
        if self.broken:
            raise ValueError("on purpose")
        return super().advance(*args, **kwargs)


class Waiting(Trainer):
    """A trainer whose slices last until they are let go, and who notes the thread they run in."""

    def __init__(self, **params: Any) -> None:
        super().__init__(**params)
        self.go = threading.Event()
        self.threads: list[threading.Thread] = []

    def advance(self, *args: Any, **kwargs: Any) -> int:
        self.threads.append(threading.current_thread())
        assert self.go.wait(PATIENCE)
        return super().advance(*args, **kwargs)


class Stand:
    """A heartbeat with a fake browser, and all the frames that it has shown."""

    def __init__(self, trainer: Trainer, pool: Pool) -> None:
        self.trainer, self.pool = trainer, pool
        self.flow = FakeFlow()
        self.shown: list[Frame] = []
        self.heart = Heartbeat(trainer, self.shown.append, self.flow)  # type: ignore[arg-type]

    def beat(self, times: int = 1) -> None:
        """Beat, each time letting the slice that was started come to its end."""
        for _ in range(times):
            self.heart.beat()
            _done, late = wait(self.pool.slices, PATIENCE)
            assert not late


@pytest.fixture
def pool(monkeypatch: pytest.MonkeyPatch) -> Iterator[Pool]:
    with Pool() as pool:
        monkeypatch.setattr(live, "workers", pool)
        yield pool


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    """Rule the heartbeat's time, and let each slice finish its steps however slow the machine."""
    clock = Clock()
    monkeypatch.setattr(live, "perf_counter", clock)
    monkeypatch.setattr(live, "SLICE", PATIENCE)
    return clock


@pytest.fixture
def stand(pool: Pool) -> Stand:
    """Three batches an epoch: four rows, two at a time, would be two; eight, three at a time."""
    return Stand(trainer(Trainer), pool)


def trainer(kind: type[Trainer]) -> Any:
    return kind(
        problem=Gates(gate="XOR", inputs_count=3),
        architecture=Architecture(hidden=[3]),
        training=Training(batch_size=3),
    )


def test_nothing_happens_until_something_is_wanted(stand: Stand) -> None:
    stand.beat(3)
    assert not stand.pool.slices
    assert not stand.shown


def test_running_learns_and_shows_it(stand: Stand) -> None:
    stand.heart.running = True
    stand.beat(4)
    epochs = [frame.epoch for frame in stand.shown]
    assert len(epochs) == 3
    assert epochs == sorted(set(epochs))
    assert epochs[0] > 0
    assert stand.heart.frame is stand.shown[-1]
    assert stand.flow.frames == 3


def test_pause_ends_it_after_the_slice_under_way(stand: Stand) -> None:
    stand.heart.running = True
    stand.beat(2)
    stand.heart.running = False
    stand.beat(3)
    assert len({frame.step for frame in stand.shown[-2:]}) == 1
    steps, slices = stand.trainer.step_count, len(stand.pool.slices)
    stand.beat(3)
    assert stand.trainer.step_count == steps
    assert len(stand.pool.slices) == slices


def test_the_pace_is_kept(stand: Stand, clock: Clock) -> None:
    stand.heart.pace = 10
    stand.heart.running = True
    for _ in range(40):
        clock.now += 0.05
        stand.beat()
    assert stand.trainer.epoch == 20
    assert stand.trainer.step_count == 3 * 20


def test_a_pace_below_one_step_a_beat_is_kept_too(stand: Stand, clock: Clock) -> None:
    stand.heart.pace = 1
    stand.heart.running = True
    for _ in range(32):
        clock.now += 0.0625
        stand.beat()
    assert stand.trainer.epoch == 2


def test_after_a_long_delay_only_a_little_is_made_up_for(stand: Stand, clock: Clock) -> None:
    stand.heart.pace = 20
    stand.heart.running = True
    clock.now += 1000
    stand.beat()
    assert stand.trainer.step_count == 20 * 3 * live.MOST_PATIENCE


def test_time_that_was_paused_does_not_count(stand: Stand, clock: Clock) -> None:
    stand.heart.pace = 20
    stand.heart.running = True
    stand.heart.running = False
    clock.now += 1000
    stand.heart.running = True
    stand.beat()
    assert stand.trainer.step_count == 0


def test_a_beat_that_finds_the_last_slice_under_way_does_nothing(pool: Pool) -> None:
    stand = Stand(trainer(Waiting), pool)
    stand.heart.running = True
    for _ in range(5):
        stand.heart.beat()
    assert len(pool.slices) == 1
    assert not stand.shown
    stand.trainer.go.set()
    wait(pool.slices, PATIENCE)
    stand.beat()
    assert len(pool.slices) == 2
    assert len(stand.shown) == 1


def test_learning_never_happens_in_the_thread_that_beats(pool: Pool) -> None:
    stand = Stand(trainer(Waiting), pool)
    stand.trainer.go.set()
    stand.heart.running = True
    stand.beat(3)
    assert len(stand.trainer.threads) == 3
    assert threading.current_thread() not in stand.trainer.threads


def test_an_exception_pauses_and_is_told(pool: Pool, caplog: pytest.LogCaptureFixture) -> None:
    stand = Stand(trainer(Failing), pool)
    stand.heart.running = True
    stand.beat(2)
    assert not stand.heart.running
    assert stand.heart.failure == "Training stopped: on purpose"
    assert "ValueError: on purpose" in caplog.text
    stand.beat(3)
    assert not stand.heart.running
    assert [frame.step for frame in stand.shown] == [0]


def test_after_an_exception_it_can_go_on(pool: Pool) -> None:
    stand = Stand(trainer(Failing), pool)
    stand.heart.running = True
    stand.beat(2)
    stand.trainer.broken = False
    stand.heart.running = True
    stand.beat(2)
    assert stand.heart.running
    assert stand.shown[-1].epoch > 0


def test_training_that_pauses_itself_pauses_the_heart(stand: Stand) -> None:
    stand.trainer.training.stop_epoch = 5
    stand.heart.running = True
    for _ in range(200):  # far more slices than five epochs take
        stand.beat()
    assert not stand.heart.running
    assert stand.shown[-1].epoch == 5
    stand.heart.running = True
    stand.beat(2)
    assert stand.shown[-1].epoch > 5


def test_training_that_paused_itself_goes_on_at_a_pace_too(stand: Stand, clock: Clock) -> None:
    stand.trainer.training.stop_epoch = 1
    stand.heart.pace = 10
    stand.heart.running = True
    for _ in range(4):
        clock.now += 0.05
        stand.beat()
    assert not stand.heart.running
    stand.heart.running = True
    for _ in range(4):
        stand.beat()
        clock.now += 0.05
    assert stand.heart.running
    assert stand.trainer.epoch > 1


def test_one_step(stand: Stand) -> None:
    stand.heart.learn(1)
    stand.beat(3)
    assert [frame.step for frame in stand.shown] == [1]
    assert [frame.epoch for frame in stand.shown] == [0]


def test_to_the_end_of_the_epoch(stand: Stand) -> None:
    stand.heart.learn(1)
    stand.beat(2)
    stand.heart.learn(epochs=1)
    stand.beat(2)
    assert (stand.shown[-1].epoch, stand.shown[-1].step) == (1, 3)


def test_an_epoch_that_takes_long_is_seen_to_pass(
    stand: Stand, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(live, "LONGEST", 0.0)  # a slice ends before its first step
    stand.heart.learn(epochs=1)
    stand.beat(2)
    assert stand.shown[-1].epoch == 0
    monkeypatch.setattr(live, "LONGEST", PATIENCE)
    stand.heart.learn(epochs=2)
    stand.beat(3)
    assert stand.shown[-1].epoch == 2


def test_a_reset_ends_what_was_wanted_before(stand: Stand) -> None:
    stand.heart.learn(epochs=3)
    stand.trainer.reset()
    stand.heart.learn(0)
    stand.beat(3)
    assert stand.shown[-1].epoch == 0


def test_steps_wanted_wait_for_the_browser(stand: Stand) -> None:
    stand.flow.ready = False
    stand.heart.learn(2)
    stand.beat(2)
    assert not stand.pool.slices
    stand.flow.ready = True
    stand.beat(2)
    assert [frame.step for frame in stand.shown] == [2]


def test_a_question_is_answered_while_paused(stand: Stand) -> None:
    rows = stand.trainer.problem.rows()
    stand.trainer.ask("rows", rows)
    stand.trainer.ask("first", rows[:1])
    stand.heart.refresh()
    stand.beat(2)
    answers = stand.shown[-1].answers
    np.testing.assert_allclose(answers["rows"], stand.trainer.predict(rows), atol=1e-6)
    assert answers["first"].shape == (1, 2)
    assert stand.shown[-1].step == 0
    stand.trainer.ask("first", None)
    stand.heart.refresh()
    stand.beat(2)
    assert set(stand.shown[-1].answers) == {"rows"}


def test_a_change_is_shown_while_paused(stand: Stand) -> None:
    stand.trainer.architecture.hidden = [5, 2]
    stand.heart.refresh()
    stand.beat(2)
    assert stand.shown[-1].plan.widths == (5, 2, 1)
    assert len(stand.shown) == 1


def test_without_a_browser_it_learns_but_looks_at_nothing(stand: Stand) -> None:
    stand.flow.ready = False
    stand.heart.running = True
    stand.beat(3)
    assert stand.trainer.epoch > 0
    assert not stand.shown
    assert stand.flow.frames == 0
    stand.flow.ready = True
    stand.beat(2)
    assert stand.shown


def test_stop_ends_it(stand: Stand) -> None:
    async def session() -> None:
        stand.heart.start()
        stand.heart.running = True
        async with asyncio.timeout(PATIENCE):
            while not stand.shown:
                await asyncio.sleep(0)
        stand.heart.stop()
        shown = len(stand.shown)
        # As long as several beats would take.
        await asyncio.sleep(5 * live.PERIOD / 1000)
        assert len(stand.shown) == shown

    apart(lambda: asyncio.run(session()))
    assert not stand.heart.running


def test_without_an_event_loop_it_does_not_start(stand: Stand) -> None:
    apart(stand.heart.start)
    stand.heart.stop()
    assert not stand.pool.slices


def test_a_beat_takes_little_of_everyones_time(pool: Pool) -> None:
    """Measured on a page that is rendered, with a network that keeps a worker busy."""
    page = apart(lambda: GatesPage(hidden=[16] * 4, pace=None))
    page.flow._handle_msg(0)
    document = Document()
    with set_curdoc(document):
        page.__panel__().server_doc(document)
    page.heartbeat.running = True
    spent = []
    for _ in range(25):
        page.flow._handle_msg(page.flow.tick)
        began = perf_counter()
        page.heartbeat.beat()
        spent.append(perf_counter() - began)
        wait(pool.slices, PATIENCE)
    assert page.trainer.epoch > 0
    assert page.flow.tick > 20
    assert median(spent) < 0.02, sorted(spent)


def test_a_page_is_forgotten_when_its_session_ends() -> None:
    """With a real server, whose sessions expire at once: nobody opens their pages."""
    pages: list[weakref.ref[GatesPage]] = []

    def app() -> GatesPage:
        page = GatesPage()
        page.heartbeat.running = True
        pages.append(weakref.ref(page))
        return page

    async def sessions() -> None:
        server = get_server(app, port=0, unused_session_lifetime_milliseconds=1)
        server.start()
        loop = asyncio.get_running_loop()
        for _ in range(2):
            await loop.run_in_executor(None, fetch, f"http://localhost:{server.port}/")
        async with asyncio.timeout(PATIENCE):
            while server.get_sessions():
                await asyncio.sleep(0.01)
                await server._tornado._cleanup_sessions()
        server.stop()

    apart(lambda: asyncio.run(sessions()))
    gc.collect()
    # Panel starts a task of its own with the first session, and the task keeps what it saw.
    assert pages[1]() is None


def fetch(url: str) -> None:
    with urlopen(url, timeout=PATIENCE) as answer:
        assert answer.status == 200


@pytest.mark.parametrize("kind", [GatesPage, PointsPage])
def test_a_page_that_was_never_served_is_forgotten(kind: type[Part]) -> None:
    page = apart(lambda: weakref.ref(kind()))
    gc.collect()
    assert page() is None
