"""Looking back at a run, without a browser."""

from __future__ import annotations

import math
import re

import pytest

from playground.pages.checkpoints.checkpoint_bar import CheckpointBar
from playground.pages.checkpoints.compare_tab import CompareTab
from playground.pages.checkpoints.loss_curves_svg import loss_curves_svg
from playground.problems.gates import Gates
from playground.serving.browser.back_pressure import BackPressure
from playground.serving.heartbeat import Heartbeat
from playground.training.core.metrics import Score
from playground.training.core.sessions.checkpoints import CheckpointInfo
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
    harness.heartbeat.trainer.problem.seed += 1  # as by a link
    first = harness.heartbeat.trainer.frame()
    tab.update(first)
    assert tab.views[0].frame is first
    tab.update(harness.train(20))
    assert tab.views[0].frame is first
    assert tab.views[1].frame.epoch == 20
    harness.bar._pin_button.clicks += 1
    assert tab.views[0].frame.epoch == 20
    assert "epoch 20" in tab._captions[0].object


def info(epoch: float, train: float, test: float) -> CheckpointInfo:
    return CheckpointInfo(epoch, int(epoch), Score(train, 0.5), Score(test, 0.5))


def curve(svg: str, name: str) -> list[tuple[float, float]]:
    """The points of one of the curves below the slider; none where it is not drawn."""
    found = re.search(f'class="pg-ground-{name}" points="([^"]*)"', svg)
    places = [] if found is None else [place.split(",") for place in found[1].split()]
    return [(float(across), float(down)) for across, down in places]


def key(svg: str) -> list[str]:
    """What stands beside the curves."""
    return re.findall(r"(\w+)</span>", svg)


def test_both_losses_are_the_ground_of_the_slider() -> None:
    assert loss_curves_svg([info(0, 1, 1)], None) == ""
    overfitted = [info(0, 1, 1), info(1, 0.1, 2), info(2, 0, 2)]
    svg = loss_curves_svg(overfitted, None)
    # The highest loss is 6 pixels below the top, and 0 is 2 above the bottom; the end is now.
    assert curve(svg, "test") == [(0, 32), (333, 6), (667, 6), (1000, 6)]
    assert curve(svg, "training") == [(0, 32), (333, 55.4), (667, 58), (1000, 58)]
    # Whichever ends higher, the key beside them stays as it is.
    fitted = [info(0, 1, 1), info(1, 2, 0.1)]
    assert key(svg) == key(loss_curves_svg(fitted, None)) == ["loss", "training", "test"]

    # Where there is nothing to test there is no such curve; a loss of NaN ran away.
    alone = loss_curves_svg([info(0, 1, math.nan), info(1, math.nan, math.nan)], None)
    assert curve(alone, "test") == []
    assert curve(alone, "training") == [(0, 6), (500, 6), (1000, 6)]
    assert key(alone) == ["loss", "training"]
