"""What a new kind of trainer is given by the core: slices, rewinding, states, live views."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor, wait
from pathlib import Path

import holoviews as hv
import numpy as np
import pytest
import torch

from playground.errors import InputError
from playground.serving.heartbeat import Heartbeat
from playground.serving.threads import slice_place
from playground.training.training import Training
from playground.views.live_view import LiveView
from playground.views.theme import LIGHT, Theme
from tests.support.patching import render
from tests.support.training import population_trainer
from tests.support.training.population_trainer import LINES, PopulationFrame, PopulationTrainer


class ReadyBrowser:
    """A browser that has always painted what it was sent."""

    ready = True

    def count_frame(self) -> None:
        """Do nothing."""


def make_trainer(**choices: object) -> PopulationTrainer:
    return PopulationTrainer(
        training=Training(**{"optimiser": "Adam", "learning_rate": 0.1, **choices})
    )


def test_it_is_short() -> None:
    assert len(Path(population_trainer.__file__).read_text().splitlines()) < 100


def test_it_learns_in_slices() -> None:
    trainer = make_trainer()
    assert trainer.advance(steps=3) == 3
    assert trainer.advance(epochs=200) == 200
    assert trainer.advance(seconds=0) == 0
    assert trainer.train(200).curves.train_loss[-1] < 0.01
    trainer.training.stop_epoch = 500
    trainer.advance()
    assert trainer.epoch == 500
    assert trainer.paused_by.kind == "goal"


def test_it_rewinds_and_branches() -> None:
    trainer = make_trainer()
    then = trainer.train(5)
    trainer.train(5)
    np.testing.assert_array_equal(trainer.frame_at(5).lines, then.lines)
    np.testing.assert_array_equal(trainer.weights_at(5)["lines"], then.lines)
    trainer.branch(5)
    assert (trainer.epoch, len(trainer.checkpoints)) == (5, 6)
    np.testing.assert_array_equal(trainer.frame().lines, then.lines)


def test_it_goes_on_from_a_state_exactly() -> None:
    one, other = make_trainer(), make_trainer()
    one.train(7)
    other.restore(one.state())
    np.testing.assert_array_equal(other.train(9).lines, one.train(9).lines)
    assert len(other.checkpoints) == 17
    state = one.state()
    state.tensors["network.lines"] = torch.zeros(3)
    with pytest.raises(InputError, match=r"should be torch\.float32"):
        other.restore(state)


def test_a_divergence_is_undone() -> None:
    trainer = make_trainer(optimiser="SGD", learning_rate=10.0)
    trainer.train(1000)
    assert trainer.paused_by.kind == "diverged"
    assert np.isfinite(trainer.frame().lines).all()


def draw(frame: PopulationFrame, theme: Theme) -> hv.Points:
    (slopes,) = columns(frame, theme)
    return hv.Points(tuple(slopes.values()), list(slopes))


def columns(frame: PopulationFrame, theme: Theme) -> list[dict[str, np.ndarray]]:
    return [{"x": np.arange(LINES), "slope": frame.lines[:, 0]}]


def test_it_is_shown_live(monkeypatch: pytest.MonkeyPatch) -> None:
    trainer, shown = make_trainer(), []
    view = LiveView(draw, columns, trainer.frame(), LIGHT)
    plot = render(view)

    def show(frame: PopulationFrame) -> None:
        shown.append(frame)
        view.push(frame)

    heartbeat = Heartbeat(trainer, show, ReadyBrowser())
    with ThreadPoolExecutor(1) as pool:
        monkeypatch.setattr(slice_place, "workers", pool)
        monkeypatch.setattr(slice_place, "brief_slice_workers", pool)
        heartbeat.running = True
        for _ in range(4):
            heartbeat.beat()
            wait([heartbeat._slice])
    assert len(shown) == 3
    assert shown[0].epoch < shown[1].epoch < shown[2].epoch
    np.testing.assert_array_equal(plot.handles["source"].data["slope"], shown[-1].lines[:, 0])
