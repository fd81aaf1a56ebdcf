"""The heartbeat, beat by hand: what it starts, when it waits, what it shows, when it gives up."""

from __future__ import annotations

import asyncio
import gc
import threading
import weakref
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor, wait
from itertools import count
from statistics import median
from time import perf_counter, thread_time
from types import SimpleNamespace
from typing import Any
from unittest.mock import Mock
from urllib.request import urlopen

import numpy as np
import panel as pn
import param
import pytest
from bokeh.document import Document
from panel.io.server import get_server
from panel.io.state import set_curdoc

from playground import deadlines
from playground.networks.architecture import Architecture
from playground.pages.gates import GatesPage
from playground.pages.part import Part
from playground.pages.points import PointsPage
from playground.problems.gates import Gates
from playground.serving import heartbeat, step_clock
from playground.serving.heartbeat import Heartbeat
from playground.serving.threads import slice_place, worker_pool
from playground.serving.threads.loop_slices import loop_slices
from playground.serving.threads.worker_pool import WorkerPool
from playground.training.core.sessions import loop
from playground.training.dense.frame import Frame
from playground.training.dense.trainer import Trainer
from playground.training.training import Training
from tests.support.clock import Clock
from tests.support.servers.small_page import SmallPage

# Panel 1.9.4 would have widgets called by their label, which its own `from_param` does not do yet.
pytestmark = pytest.mark.filterwarnings("ignore:Widget.name is deprecated")

PATIENCE = 60.0
"""Seconds after which a slice that should have ended is a failure; never reached otherwise."""


class RecordingPool(ThreadPoolExecutor):
    """The worker threads, with a record of the slices that they were given."""

    is_waited_for = False

    def __init__(self) -> None:
        super().__init__(max_workers=2)
        self.slices: list[Future[Any]] = []

    def submit(self, *args: Any, **kwargs: Any) -> Future[Any]:
        self.slices.append(super().submit(*args, **kwargs))
        return self.slices[-1]


class FakeFlow:
    """A browser whose readiness a test sets."""

    def __init__(self) -> None:
        self.ready = True
        self.frames = 0

    def count_frame(self) -> None:
        self.frames += 1


class FailingTrainer(Trainer):
    """A trainer whose slices fail until it is mended."""

    broken = True

    def advance(self, *args: Any, **kwargs: Any) -> int:
        if self.broken:
            raise ValueError("on purpose")
        return super().advance(*args, **kwargs)


class BlockingTrainer(Trainer):
    """A trainer whose slices last until they are let go, and who notes the thread they run in."""

    def __init__(self, **params: Any) -> None:
        super().__init__(**params)
        self.go = threading.Event()
        self.threads: list[threading.Thread] = []

    def advance(self, *args: Any, **kwargs: Any) -> int:
        self.threads.append(threading.current_thread())
        assert self.go.wait(PATIENCE)
        return super().advance(*args, **kwargs)


class HeartbeatHarness:
    """A heartbeat with a fake browser, and all the frames that it has shown."""

    def __init__(self, trainer: Trainer, pool: RecordingPool) -> None:
        self.trainer, self.pool = trainer, pool
        self.back_pressure = FakeFlow()
        self.shown: list[Frame] = []
        self.all_shown = True
        self.heartbeat = Heartbeat(
            trainer,
            self.shown.append,
            self.back_pressure,  # type: ignore[arg-type]
            is_all_shown=lambda: self.all_shown,
        )

    def beat(self, times: int = 1) -> None:
        """Beat, each time letting the slice that was started come to its end."""
        for _ in range(times):
            self.heartbeat.beat()
            _done, late = wait(self.pool.slices, PATIENCE)
            assert not late


@pytest.fixture
def pool(monkeypatch: pytest.MonkeyPatch) -> Iterator[RecordingPool]:
    with RecordingPool() as pool:
        monkeypatch.setattr(slice_place, "workers", pool)
        monkeypatch.setattr(slice_place, "brief_slice_workers", pool)
        yield pool


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    """Rule the heartbeat's time, and let each slice finish its steps however slow the machine."""
    clock = Clock()
    monkeypatch.setattr(heartbeat, "perf_counter", clock)
    monkeypatch.setattr(step_clock, "perf_counter", clock)
    monkeypatch.setattr(heartbeat, "FRAME_SLICE_SECONDS", PATIENCE)
    return clock


@pytest.fixture
def harness(pool: RecordingPool, monkeypatch: pytest.MonkeyPatch) -> HeartbeatHarness:
    """Three batches an epoch: four rows, two at a time, would be two; eight, three at a time.

    Slices last as long by the processor, however seldom a busy machine gives them one.
    """
    monkeypatch.setattr(loop, "perf_counter", thread_time)
    return HeartbeatHarness(trainer(Trainer), pool)


def trainer(kind: type[Trainer]) -> Any:
    return kind(
        problem=Gates(gate="XOR", inputs_count=3),
        architecture=Architecture(hidden=[3]),
        training=Training(batch_size=3),
    )


def test_nothing_happens_until_something_is_requested(harness: HeartbeatHarness) -> None:
    harness.beat(3)
    assert not harness.pool.slices
    assert not harness.shown


def test_running_learns_and_shows_it(harness: HeartbeatHarness) -> None:
    harness.heartbeat.running = True
    harness.beat(4)
    epochs = [frame.epoch for frame in harness.shown]
    assert len(epochs) == 3
    assert epochs == sorted(set(epochs))
    assert epochs[0] > 0
    assert harness.heartbeat.frame is harness.shown[-1]
    assert harness.back_pressure.frames == 3


def test_where_only_the_picture_is_shown_only_that_is_new(harness: HeartbeatHarness) -> None:
    heartbeat = harness.heartbeat
    heartbeat.running = True
    harness.beat(2)
    harness.all_shown = False
    harness.beat(3)
    whole, shown = heartbeat.frame, harness.shown[-1]
    assert shown is not whole
    assert shown.layers is whole.layers
    assert (shown.field != whole.field).any()
    harness.trainer.training.learning_rate = 0.5
    harness.beat(2)
    assert harness.shown[-1] is heartbeat.frame is not whole
    harness.beat()
    count = len(harness.shown)
    heartbeat.running = False
    harness.beat(2)
    assert len(harness.shown) == count + 1
    assert harness.shown[-1] is heartbeat.frame
    assert heartbeat.frame.step == harness.trainer.step_count


def test_pause_ends_it_after_the_slice_under_way(harness: HeartbeatHarness) -> None:
    harness.heartbeat.running = True
    harness.beat(2)
    harness.heartbeat.running = False
    harness.beat(3)
    assert len({frame.step for frame in harness.shown[-2:]}) == 1
    steps, slices = harness.trainer.step_count, len(harness.pool.slices)
    harness.beat(3)
    assert harness.trainer.step_count == steps
    assert len(harness.pool.slices) == slices


def test_the_pace_is_kept(harness: HeartbeatHarness, clock: Clock) -> None:
    harness.heartbeat.pace = 10
    harness.heartbeat.running = True
    for _ in range(40):
        clock.now += 0.05
        harness.beat()
    assert harness.trainer.epoch == 20
    assert harness.trainer.step_count == 3 * 20
    slices = len(harness.pool.slices)
    for _ in range(10):  # more often than frames are seen
        clock.now += 0.01
        harness.beat()
    assert len(harness.pool.slices) <= slices + 3
    assert harness.trainer.step_count in (3 * 20 + 2, 3 * 21)


def test_a_pace_below_one_step_a_beat_is_kept_too(harness: HeartbeatHarness, clock: Clock) -> None:
    harness.heartbeat.pace = 1
    harness.heartbeat.running = True
    for _ in range(32):
        clock.now += 0.0625
        harness.beat()
    assert harness.trainer.epoch == 2


def test_after_a_long_delay_only_a_little_is_made_up_for(
    harness: HeartbeatHarness, clock: Clock
) -> None:
    harness.heartbeat.pace = 20
    harness.heartbeat.running = True
    clock.now += 1000
    harness.beat()
    assert harness.trainer.step_count == 20 * 3 * step_clock.MAX_CATCH_UP_SECONDS


def test_time_that_was_paused_does_not_count(harness: HeartbeatHarness, clock: Clock) -> None:
    harness.heartbeat.pace = 20
    harness.heartbeat.running = True
    harness.heartbeat.running = False
    clock.now += 1000
    harness.heartbeat.running = True
    harness.beat()
    assert harness.trainer.step_count == 0


def test_a_beat_that_finds_the_last_slice_under_way_does_nothing(pool: RecordingPool) -> None:
    harness = HeartbeatHarness(trainer(BlockingTrainer), pool)
    harness.heartbeat.running = True
    for _ in range(5):
        harness.heartbeat.beat()
    assert len(pool.slices) == 1
    assert not harness.shown
    harness.trainer.go.set()
    wait(pool.slices, PATIENCE)
    harness.beat()
    assert len(pool.slices) == 2
    assert len(harness.shown) == 1


def test_learning_never_happens_in_the_thread_that_beats(pool: RecordingPool) -> None:
    harness = HeartbeatHarness(trainer(BlockingTrainer), pool)
    harness.trainer.go.set()
    harness.heartbeat.running = True
    harness.beat(3)
    assert len(harness.trainer.threads) == 3
    assert threading.current_thread() not in harness.trainer.threads


def test_an_exception_pauses_and_is_reported(
    pool: RecordingPool, caplog: pytest.LogCaptureFixture
) -> None:
    harness = HeartbeatHarness(trainer(FailingTrainer), pool)
    harness.heartbeat.running = True
    harness.beat(2)
    assert not harness.heartbeat.running
    assert harness.heartbeat.failure == "Training stopped: on purpose"
    assert "ValueError: on purpose" in caplog.text
    harness.beat(3)
    assert not harness.heartbeat.running
    assert [frame.step for frame in harness.shown] == [0]
    harness.heartbeat.train_for(epochs=1)
    harness.beat(4)
    assert caplog.text.count("ValueError: on purpose") == 2


class HangingTrainer(BlockingTrainer):
    """A trainer whose slices hang while no other thread can use the network."""

    def advance(self, *args: Any, **kwargs: Any) -> int:
        with self.locked():
            return super().advance(*args, **kwargs)


def test_a_slice_that_hangs_ends_in_a_sentence_and_other_visitors_go_on(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    # Only what hangs may miss its deadline, however slow the machine is.
    clock, pool = Clock(), WorkerPool(1, "test", deadline=0.2, patience=0.02)
    for module in (deadlines, worker_pool):
        monkeypatch.setattr(module, "monotonic", clock)
    monkeypatch.setattr(slice_place, "workers", pool)
    monkeypatch.setattr(slice_place, "brief_slice_workers", pool)

    def beat_until(harness: HeartbeatHarness, done: Callable[[], bool]) -> None:
        end = perf_counter() + PATIENCE
        while not done():
            assert perf_counter() < end
            harness.heartbeat.beat()
            wait(pool.pending(), 0.01)

    stuck = HeartbeatHarness(trainer(HangingTrainer), pool)
    other = HeartbeatHarness(trainer(Trainer), pool)
    stuck.heartbeat.running = other.heartbeat.running = True
    beat_until(stuck, lambda: bool(stuck.trainer.threads))
    clock.now = 0.1
    beat_until(other, lambda: other.trainer.epoch > 0)
    assert stuck.heartbeat.running
    clock.now = 0.2
    beat_until(stuck, lambda: not stuck.heartbeat.running)
    assert "took longer than 0.2 seconds" in stuck.heartbeat.failure
    stuck.heartbeat.running = True
    beat_until(stuck, lambda: not stuck.heartbeat.running)
    assert "Reload the page" in stuck.heartbeat.failure
    assert len(stuck.trainer.threads) == 1, "no further thread hangs"
    other.heartbeat.running, epoch = True, other.trainer.epoch
    beat_until(other, lambda: other.trainer.epoch > epoch)
    stuck.trainer.go.set()
    pool.shutdown()


def test_after_an_exception_it_can_go_on(pool: RecordingPool) -> None:
    harness = HeartbeatHarness(trainer(FailingTrainer), pool)
    harness.heartbeat.running = True
    harness.beat(2)
    harness.trainer.broken = False
    harness.heartbeat.running = True
    harness.beat(2)
    assert harness.heartbeat.running
    assert harness.shown[-1].epoch > 0


def test_training_that_pauses_itself_pauses_the_heartbeat(harness: HeartbeatHarness) -> None:
    harness.trainer.training.stop_epoch = 5
    harness.heartbeat.running = True
    for _ in range(200):  # far more slices than five epochs take
        harness.beat()
    assert not harness.heartbeat.running
    assert harness.shown[-1].epoch == 5
    harness.heartbeat.running = True
    harness.beat(2)
    assert harness.shown[-1].epoch > 5


def test_training_that_paused_itself_goes_on_at_a_pace_too(
    harness: HeartbeatHarness, clock: Clock
) -> None:
    harness.trainer.training.stop_epoch = 1
    harness.heartbeat.pace = 10
    harness.heartbeat.running = True
    for _ in range(4):
        clock.now += 0.05
        harness.beat()
    assert not harness.heartbeat.running
    harness.heartbeat.running = True
    for _ in range(4):
        harness.beat()
        clock.now += 0.05
    assert harness.heartbeat.running
    assert harness.trainer.epoch > 1


def test_one_step(harness: HeartbeatHarness) -> None:
    harness.heartbeat.train_for(1)
    harness.beat(3)
    assert [frame.step for frame in harness.shown] == [1]
    assert [frame.epoch for frame in harness.shown] == [0]


def test_to_the_end_of_the_epoch(harness: HeartbeatHarness) -> None:
    harness.heartbeat.train_for(1)
    harness.beat(2)
    harness.heartbeat.train_for(epochs=1)
    harness.beat(2)
    assert (harness.shown[-1].epoch, harness.shown[-1].step) == (1, 3)


def test_an_epoch_that_takes_long_is_seen_to_pass(
    harness: HeartbeatHarness, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(heartbeat, "MAX_SLICE_SECONDS", 0.0)  # a slice ends before its first step
    harness.heartbeat.train_for(epochs=1)
    harness.beat(2)
    assert harness.shown[-1].epoch == 0
    monkeypatch.setattr(heartbeat, "MAX_SLICE_SECONDS", PATIENCE)
    harness.heartbeat.train_for(epochs=2)
    harness.beat(3)
    assert harness.shown[-1].epoch == 2


def test_epochs_asked_for_while_training_stops_by_itself_are_trained(pool: RecordingPool) -> None:
    harness = HeartbeatHarness(trainer(BlockingTrainer), pool)
    harness.trainer.training.stop_epoch = 1
    harness.heartbeat.train_for(epochs=5)
    harness.heartbeat.beat()
    harness.heartbeat.train_for(epochs=2)
    harness.trainer.go.set()
    wait(pool.slices, PATIENCE)
    harness.beat(4)
    assert harness.shown[-1].epoch == 2


def test_a_reset_cancels_earlier_requests(harness: HeartbeatHarness) -> None:
    harness.heartbeat.train_for(epochs=3)
    harness.trainer.reset()
    harness.heartbeat.train_for(0)
    harness.beat(3)
    assert harness.shown[-1].epoch == 0


def test_requested_steps_wait_for_the_browser(harness: HeartbeatHarness) -> None:
    harness.back_pressure.ready = False
    harness.heartbeat.train_for(2)
    harness.beat(2)
    assert not harness.pool.slices
    harness.back_pressure.ready = True
    harness.beat(2)
    assert [frame.step for frame in harness.shown] == [2]


def test_a_probe_is_answered_while_paused(harness: HeartbeatHarness) -> None:
    rows = harness.trainer.problem.rows()
    harness.trainer.set_probe("rows", rows)
    harness.trainer.set_probe("first", rows[:1])
    harness.heartbeat.refresh()
    harness.beat(2)
    probe_outputs = harness.shown[-1].probe_outputs
    np.testing.assert_allclose(probe_outputs["rows"], harness.trainer.predict(rows), atol=1e-6)
    assert probe_outputs["first"].shape == (1, 2)
    assert harness.shown[-1].step == 0
    harness.trainer.set_probe("first", None)
    harness.heartbeat.refresh()
    harness.beat(2)
    assert set(harness.shown[-1].probe_outputs) == {"rows"}


def test_a_change_is_shown_while_paused(harness: HeartbeatHarness) -> None:
    harness.trainer.architecture.hidden = [5, 2]
    harness.heartbeat.refresh()
    harness.beat(2)
    assert harness.shown[-1].plan.widths == (5, 2, 1)
    assert len(harness.shown) == 1


def test_without_a_browser_it_learns_but_looks_at_nothing_and_gives_way_where_others_wait(
    harness: HeartbeatHarness, monkeypatch: pytest.MonkeyPatch
) -> None:
    advance, looks = Mock(wraps=harness.trainer.advance), count()
    monkeypatch.setattr(harness.trainer, "advance", advance)
    monkeypatch.setattr(
        heartbeat, "perf_counter", lambda: next(looks) * heartbeat.MAX_SLICE_SECONDS / 3
    )
    harness.back_pressure.ready = False
    harness.heartbeat.running = True
    harness.beat()
    assert advance.call_count > 2, "it trains on until the slice is over"
    advance.reset_mock()
    harness.pool.is_waited_for = True
    harness.beat(2)
    assert advance.call_count == 2
    assert harness.trainer.epoch > 0
    assert not harness.shown
    assert harness.back_pressure.frames == 0
    harness.back_pressure.ready = True
    harness.beat(2)
    assert harness.shown


def test_short_slices_are_done_on_the_event_loop(
    harness: HeartbeatHarness, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As long as nothing changes, and nobody else needs the network; in turn with other pages."""
    heart, calls = harness.heartbeat, []
    # However busy the machine is while the tests run.
    for limit in ("BRIEF_STEP_SECONDS", "BRIEF_FRAME_SECONDS", "LOOP_FRAME_SECONDS"):
        monkeypatch.setattr(slice_place, limit, PATIENCE)

    async def train(until: Callable[[], bool]) -> None:
        while not until():
            heart.beat()
            await asyncio.sleep(0.001)

    async def show(frames: int) -> int:
        """Train for more frames; return how many slices the threads have done."""
        wanted = len(harness.shown) + frames
        await train(lambda: len(harness.shown) >= wanted)
        return len(harness.pool.slices)

    async def session() -> None:
        heart._session = SimpleNamespace(  # type: ignore[assignment]
            is_slowed=False, set_training=lambda *_: None, schedule_later=lambda *_: None
        )
        heart.pace = 200.0
        with param.parameterized.discard_events(heart):
            heart.running = True
        first = await show(2)
        assert first == 1, "nothing is known of the very first slice"
        assert await show(3) == first
        harness.trainer.training.learning_rate /= 2
        # A slice that was begun before the change may be shown first.
        await train(lambda: len(harness.pool.slices) > first)
        assert await show(3) == first + 1
        with ThreadPoolExecutor(1) as thread, harness.trainer.locked():
            assert thread.submit(lambda: harness.trainer.is_at_work).result()
        monkeypatch.setattr(Trainer, "is_at_work", True)
        await train(lambda: len(harness.pool.slices) > first + 1)

        slices = loop_slices()
        slow = slices.submit(lambda: calls.append("slice"))
        failed = slices.submit(lambda: 1 // 0)
        asyncio.get_running_loop().call_soon(lambda: calls.append("message"))
        while not failed.done():
            await asyncio.sleep(0)
        assert calls == ["message", "slice"]
        assert slow.done()
        assert isinstance(failed.exception(), ZeroDivisionError)

    async def in_time() -> None:
        async with asyncio.timeout(PATIENCE):
            await session()

    asyncio.run(in_time())


def test_a_page_that_trains_says_that_the_server_is_busy() -> None:
    page = GatesPage()
    page.heartbeat._session = session = SimpleNamespace(is_slowed=True)  # type: ignore[assignment]
    notice = page._notices._busy
    page.heartbeat._show_result(page.heartbeat.frame)
    assert not notice.visible  # A page at rest is as quick as ever.
    with param.parameterized.discard_events(page.heartbeat):
        page.heartbeat.running = True
    page.heartbeat._show_result(page.heartbeat.frame)
    assert notice.visible
    assert "server" in notice.object
    session.is_slowed = False
    page.heartbeat._show_result(page.heartbeat.frame)
    assert not notice.visible


def test_stop_ends_it(harness: HeartbeatHarness) -> None:
    async def session() -> None:
        harness.heartbeat.start()
        harness.heartbeat.running = True
        async with asyncio.timeout(PATIENCE):
            while not harness.shown:
                await asyncio.sleep(0)
        harness.heartbeat.stop()
        shown = len(harness.shown)
        # As long as several beats would take.
        await asyncio.sleep(5 * step_clock.LEARNING_PERIOD_MS / 1000)
        assert len(harness.shown) == shown

    asyncio.run(session())
    assert not harness.heartbeat.running


def test_without_an_event_loop_it_does_not_start(harness: HeartbeatHarness) -> None:
    harness.heartbeat.start()
    harness.heartbeat.stop()
    assert not harness.pool.slices


def test_a_beat_takes_little_of_everyones_time(pool: RecordingPool) -> None:
    """Measured on a page that is rendered, with a network that keeps a worker busy."""
    page = GatesPage(hidden=[16] * 4, pace=None)
    page.back_pressure._handle_msg(0)
    document = Document()
    with set_curdoc(document):
        page.__panel__().server_doc(document)
    page.heartbeat.running = True
    spent = []
    for _ in range(25):
        page.back_pressure._handle_msg(page.back_pressure.tick)
        began = thread_time()
        page.heartbeat.beat()
        spent.append(thread_time() - began)
        wait(pool.slices, PATIENCE)
    assert page.trainer.epoch > 0
    assert page.back_pressure.tick > 20
    assert median(spent) < 0.02, sorted(spent)


def test_a_page_is_forgotten_when_its_session_ends() -> None:
    """With a real server, whose sessions expire at once: nobody opens their pages."""
    pages: list[weakref.ref[SmallPage]] = []
    # Panel starts a task of its own with the first session, and the task keeps what it saw.
    first: list[pn.viewable.Viewable] = [pn.pane.Str("the first session")]

    def app() -> pn.viewable.Viewable | SmallPage:
        if first:
            return first.pop()
        page = SmallPage()
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

    asyncio.run(sessions())
    gc.collect()
    (page,) = pages
    assert page() is None


def fetch(url: str) -> None:
    with urlopen(url, timeout=PATIENCE) as answer:
        assert answer.status == 200


@pytest.mark.parametrize("kind", [GatesPage, PointsPage])
def test_a_page_that_was_never_served_is_forgotten(kind: type[Part]) -> None:
    page = weakref.ref(kind())
    gc.collect()
    assert page() is None
