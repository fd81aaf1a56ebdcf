"""Looking back at a run, without a browser."""

from __future__ import annotations

import pytest

from playground.pages.checkpoints.checkpoint_bar import CheckpointBar
from playground.pages.checkpoints.compare_tab import CompareTab
from playground.problems.gates import Gates
from playground.serving.back_pressure import BackPressure
from playground.serving.heartbeat import Heartbeat
from playground.training.dense.frame import Frame
from playground.training.dense.trainer import Trainer
from playground.views.boundary import boundary
from playground.views.theme import LIGHT

# Panel 1.9 warns of what Panel 2.0 will call otherwise.
pytestmark = pytest.mark.filterwarnings("ignore:Widget.name is deprecated")


class AlwaysReadyFlow(BackPressure):
    """A browser that is done with everything at once."""

    @property
    def ready(self) -> bool:
        return True


class Harness:
    """A heartbeat that is beaten by hand, and a bar that follows it."""

    def __init__(self) -> None:
        self.trainer = Trainer(Gates())
        self.shown: list[Frame] = []
        self.heartbeat: Heartbeat[Trainer, Frame] = Heartbeat(
            self.trainer, self.show, AlwaysReadyFlow()
        )
        self.bar = CheckpointBar(self.heartbeat)

    def show(self, frame: Frame) -> None:
        self.shown.append(frame)
        self.bar.update(frame)

    def beat(self) -> Frame:
        """Start what is due, wait for it, and show it."""
        self.heartbeat.beat()
        assert self.heartbeat._slice is not None
        self.heartbeat._slice.result()
        self.heartbeat.beat()
        return self.heartbeat.frame

    def train(self, epochs: int) -> Frame:
        self.trainer.train(epochs)
        self.heartbeat.refresh()
        return self.beat()


@pytest.fixture
def harness() -> Harness:
    return Harness()


def test_no_checkpoints_before_training(harness: Harness) -> None:
    harness.trainer.reset()
    assert harness.bar._slider.value == harness.bar._slider.end
    assert harness.heartbeat.shown_checkpoint is None


def test_the_slider_spans_all_checkpoints(harness: Harness) -> None:
    harness.train(20)
    count = len(harness.trainer.checkpoints.infos)
    assert harness.bar._slider.end == harness.bar._slider.value == count
    assert not harness.bar._slider.disabled
    assert "20" in harness.bar._position_text.object


def test_sliding_shows_a_checkpoint_and_leaves_the_trainer_alone(harness: Harness) -> None:
    now = harness.train(20)
    harness.bar._slider.value = 3
    then = harness.beat()
    moment = harness.trainer.checkpoints.infos[3]
    assert then.epoch == moment.epoch < now.epoch
    assert then.train.loss == pytest.approx(moment.train.loss)
    assert harness.trainer.epoch == 20
    assert f"<b>{moment.epoch:g}</b> of 20" in harness.bar._position_text.object


def test_the_right_end_is_the_latest_state(harness: Harness) -> None:
    harness.train(20)
    harness.bar._slider.value = 3
    harness.beat()
    harness.bar._slider.value = harness.bar._slider.end
    assert harness.beat().epoch == 20
    assert harness.heartbeat.shown_checkpoint is None


def test_replay_goes_from_the_first_checkpoint_to_the_latest_state(harness: Harness) -> None:
    harness.train(20)
    harness.heartbeat.shown_checkpoint = 0
    seen = [harness.beat().epoch]
    while harness.heartbeat.shown_checkpoint is not None:
        harness.bar.show_next()
        seen.append(harness.beat().epoch)
    assert seen == sorted(seen)
    assert seen[0] == 0
    assert seen[-1] == 20


def test_training_on_returns_to_the_latest_state(harness: Harness) -> None:
    harness.train(20)
    harness.bar._slider.value = 2
    harness.beat()
    harness.heartbeat.train_for(epochs=1)
    assert harness.heartbeat.shown_checkpoint is None
    assert harness.beat().epoch == 21


def test_two_checkpoints_are_compared(harness: Harness) -> None:
    tab = CompareTab(
        harness.heartbeat, LIGHT, harness.bar, boundary, lambda frame: f"epoch {frame.epoch}"
    )
    first = harness.heartbeat.frame
    tab.update(harness.train(20))
    assert tab.views[0].frame is first
    assert tab.views[1].frame.epoch == 20
    harness.bar._pin_button.clicks += 1
    assert tab.views[0].frame.epoch == 20
    assert "epoch 20" in tab._captions[0].object
