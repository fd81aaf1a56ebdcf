"""Looking back at a run, without a browser."""

from __future__ import annotations

import pytest

from playground.live import Heartbeat
from playground.pages.past.bar import PastBar
from playground.pages.past.compare import CompareTab
from playground.problems.gates import Gates
from playground.training.frame import Frame
from playground.training.trainer import Trainer
from playground.views.boundary import boundary
from playground.views.flow import Flow
from playground.views.theme import LIGHT

# Panel 1.9 warns of what Panel 2.0 will call otherwise.
pytestmark = pytest.mark.filterwarnings("ignore:Widget.name is deprecated")


class Painted(Flow):
    """A browser that is done with everything at once."""

    @property
    def ready(self) -> bool:
        return True


class Stand:
    """A heartbeat that is beaten by hand, and a bar that follows it."""

    def __init__(self) -> None:
        self.trainer = Trainer(Gates())
        self.shown: list[Frame] = []
        self.heart: Heartbeat[Trainer, Frame] = Heartbeat(self.trainer, self.show, Painted())
        self.bar = PastBar(self.heart)

    def show(self, frame: Frame) -> None:
        self.shown.append(frame)
        self.bar.follow(frame)

    def beat(self) -> Frame:
        """Start what is due, wait for it, and show it."""
        self.heart.beat()
        assert self.heart._slice is not None
        self.heart._slice.result()
        self.heart.beat()
        return self.heart.frame

    def train(self, epochs: int) -> Frame:
        self.trainer.train(epochs)
        self.heart.refresh()
        return self.beat()


@pytest.fixture
def stand() -> Stand:
    return Stand()


def test_there_is_nothing_to_look_back_at_before_training(stand: Stand) -> None:
    stand.trainer.reset()
    assert stand.bar._slider.value == stand.bar._slider.end
    assert stand.heart.back is None


def test_the_slider_reaches_over_all_that_is_remembered(stand: Stand) -> None:
    stand.train(20)
    count = len(stand.trainer.past.moments)
    assert stand.bar._slider.end == stand.bar._slider.value == count
    assert not stand.bar._slider.disabled
    assert "20" in stand.bar._where.object


def test_sliding_shows_the_past_and_leaves_the_present_alone(stand: Stand) -> None:
    now = stand.train(20)
    stand.bar._slider.value = 3
    then = stand.beat()
    moment = stand.trainer.past.moments[3]
    assert then.epoch == moment.epoch < now.epoch
    assert then.train.loss == pytest.approx(moment.train.loss)
    assert stand.trainer.epoch == 20
    assert f"<b>{moment.epoch:g}</b> of 20" in stand.bar._where.object


def test_the_right_end_is_the_present(stand: Stand) -> None:
    stand.train(20)
    stand.bar._slider.value = 3
    stand.beat()
    stand.bar._slider.value = stand.bar._slider.end
    assert stand.beat().epoch == 20
    assert stand.heart.back is None


def test_playing_goes_from_the_first_moment_to_the_present(stand: Stand) -> None:
    stand.train(20)
    stand.heart.back = 0
    seen = [stand.beat().epoch]
    while stand.heart.back is not None:
        stand.bar.onward()
        seen.append(stand.beat().epoch)
    assert seen == sorted(seen)
    assert seen[0] == 0
    assert seen[-1] == 20


def test_learning_on_returns_to_the_present(stand: Stand) -> None:
    stand.train(20)
    stand.bar._slider.value = 2
    stand.beat()
    stand.heart.learn(epochs=1)
    assert stand.heart.back is None
    assert stand.beat().epoch == 21


def test_two_moments_stand_side_by_side(stand: Stand) -> None:
    tab = CompareTab(stand.heart, LIGHT, stand.bar, boundary, lambda frame: f"epoch {frame.epoch}")
    first = stand.heart.frame
    tab.follow(stand.train(20))
    assert tab.views[0].frame is first
    assert tab.views[1].frame.epoch == 20
    stand.bar._hold.clicks += 1
    assert tab.views[0].frame.epoch == 20
    assert "epoch 20" in tab._words[0].object
