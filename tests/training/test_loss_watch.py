"""Early stopping and the schedule "plateau" in training: against PyTorch, and on and on."""

from __future__ import annotations

import re
from collections.abc import Callable

import numpy as np
import pytest
import torch
from torch import Tensor
from torch.optim import SGD
from torch.optim.lr_scheduler import ReduceLROnPlateau

from playground.errors import InputError
from playground.problems import Gates, Points
from playground.training.core.diagnosis import stopped_early
from playground.training.core.metrics import NO_SCORE, Score
from playground.training.core.schedules import Plateau
from playground.training.core.sessions.checkpoints import CheckpointInfo
from playground.training.core.state.state import State
from playground.training.dense.trainer import Trainer
from playground.training.images import ImageTrainer
from tests.support.training.dense_training import make_trainer, weights
from tests.support.training.image_trainers import BarImages, make_image_trainer
from tests.support.training.trainer_states import assert_same, save_and_load

PATIENCE, RATE = 4, 0.03


def overfitting(**choices: object) -> Trainer:
    """Make a trainer whose test loss is lowest after a few epochs."""
    problem = Points(shape="moons", count=40, noise=0.5)
    usual = {"hidden": [12], "learning_rate": RATE, "batch_size": 5}
    return make_trainer(problem, **{**usual, **choices})


def overfitting_images(**choices: object) -> ImageTrainer:
    problem, random = BarImages(60, 80), torch.Generator().manual_seed(0)
    labels = problem.given.train.labels  # of which a third are wrong, and learned by heart
    wrong = torch.randperm(len(labels), generator=random)[::3]
    labels[wrong] = (labels[wrong] + 1) % 10
    usual = {"learning_rate": 0.01, "batch_size": 10}
    return make_image_trainer("mlp", problem, **{**usual, **choices})


MAKERS: dict[str, Callable[..., Trainer | ImageTrainer]] = {
    "dense": overfitting,
    "images": overfitting_images,
}
each_kind = pytest.mark.parametrize("kind", MAKERS)


def values(trainer: Trainer | ImageTrainer) -> Tensor:
    if isinstance(trainer, Trainer):
        return weights(trainer)
    return torch.cat([each.detach().reshape(-1) for each in trainer.model.parameters()])


# Plateau ------------------------------------------------------------------------------------------


@each_kind
def test_rates_are_those_of_pytorchs_scheduler(kind: str) -> None:
    trainer = MAKERS[kind](schedule="plateau", plateau_patience=1, plateau_factor=0.5)
    rate = trainer.training.learning_rate
    optimiser = SGD([torch.zeros(1, requires_grad=True)], lr=rate)
    scheduler = ReduceLROnPlateau(optimiser, factor=0.5, patience=1)
    rates = [rate]
    for _epoch in range(16):
        frame = trainer.train(1)
        scheduler.step(frame.test.loss)
        rates.append(optimiser.param_groups[0]["lr"])
        assert frame.rate == pytest.approx(rates[-1], rel=1e-9)
    assert rates[-1] <= rate / 4
    whole = [each for each, info in enumerate(trainer.checkpoints.infos) if info.epoch % 1 == 0]
    shown = [trainer.frame_at(each).rate for each in whole]
    assert shown == pytest.approx(rates, rel=1e-9)


def test_the_steps_are_taken_at_the_lower_rate() -> None:
    moved = []
    for factor in (1.0, 0.1):
        trainer = overfitting(schedule="plateau", optimiser="SGD")
        before = weights(trainer)
        trainer._session.loss_watch.plateau = Plateau(factor)
        trainer.step()
        moved.append(weights(trainer) - before)
    torch.testing.assert_close(moved[1], 0.1 * moved[0], rtol=1e-3, atol=1e-7)


def test_on_other_samples_the_best_loss_counts_no_longer_but_the_rate_stays_low() -> None:
    trainer = overfitting(schedule="plateau", plateau_patience=1)
    trainer.train(30)
    low = trainer.frame().rate
    assert low < RATE
    trainer.problem.noise = 0.1
    assert trainer.train(1).rate == low
    plateau = trainer._session.loss_watch.plateau
    assert plateau.best == trainer.frame().test.loss
    trainer.training.schedule = "constant"
    assert trainer.frame().rate == RATE


# Early stopping -----------------------------------------------------------------------------------


@each_kind
def test_the_best_weights_are_back(kind: str) -> None:
    free, stopped = MAKERS[kind](), MAKERS[kind](early_stopping=PATIENCE)
    weights_of, losses = [values(free).clone()], [free.frame().test.loss]
    best, last = 1, 0
    while last < 25 and last - best < PATIENCE:  # as Keras and others count
        last += 1
        losses.append(free.train(1).test.loss)
        weights_of.append(values(free).clone())
        if losses[last] < losses[best]:
            best = last
    assert last - best == PATIENCE
    stopped.advance(epochs=25)
    frame = stopped.frame()
    assert frame.epoch == last
    assert frame.test.loss == pytest.approx(losses[best], rel=1e-6)
    torch.testing.assert_close(values(stopped), weights_of[best])
    note = stopped.paused_by
    assert note is not None
    expected = (
        rf"early at epoch {last}: the test loss .* since epoch {best}, whose weights are back"
    )
    assert re.search(expected, note.sentence)
    assert frame.curves.epoch[-1] == last
    assert frame.curves.test_loss[-1] == np.float32(frame.test.loss)
    info = stopped.checkpoints.infos[-1]
    assert (info.epoch, info.test) == (last, frame.test)
    assert [each.epoch for each in stopped.checkpoints.infos].count(last) == 1
    assert stopped.frame_at(len(stopped.checkpoints) - 1).test == frame.test
    # It can be trained on, as long again.
    stopped.advance(epochs=25)
    assert stopped.epoch >= last + PATIENCE


def test_without_test_samples_it_goes_by_the_training_loss() -> None:
    info = CheckpointInfo(3, 9, Score(0.5, 1.0), NO_SCORE)
    assert info.watched == info.train
    sentence = stopped_early(7, info).sentence
    assert "the training loss has not fallen since epoch 3" in sentence
    assert sentence.endswith("(training loss 0.5).")


def test_a_gate_is_its_own_test() -> None:
    trainer = make_trainer(Gates(gate="XOR"), early_stopping=2, hidden=[], learning_rate=1.0)
    trainer.advance(epochs=400)
    assert trainer.paused_by is not None
    assert "test loss" in trainer.paused_by.sentence


def test_weights_of_another_network_or_other_samples_do_not_come_back() -> None:
    trainer = overfitting(early_stopping=6)
    trainer.train(5)
    trainer.architecture.hidden = [3]
    trainer.problem.seed = 3
    trainer.advance(epochs=60)
    assert trainer.paused_by is not None
    found = re.search(r"since epoch (\d+)", trainer.paused_by.sentence)
    assert found
    assert int(found[1]) > 5
    assert trainer.frame().plan.widths == (3, 1)


@each_kind
def test_after_going_back_the_best_weights_are_those_until_there(kind: str) -> None:
    trainer = MAKERS[kind](early_stopping=50)
    trainer.advance(epochs=8)
    watch = trainer._session.loss_watch
    infos = [each for each in trainer.checkpoints.infos if each.epoch in (1, 2, 3)]
    losses = [each.test.loss for each in infos]
    trainer.branch([each.epoch for each in trainer.checkpoints.infos].index(3))
    assert watch.best is not None
    assert watch.best.info.test.loss == min(losses)
    assert watch.waiting_since == watch.best.info.epoch == 1 + int(np.argmin(losses))
    trainer.reset()
    trainer.frame()
    assert trainer._session.loss_watch.best is None


# Saved runs ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("kind", "done"), [("dense", 2), ("dense", 5), ("dense", 9), ("images", 5)]
)
def test_a_saved_run_waits_on(kind: str, done: int) -> None:
    choices = {"schedule": "plateau", "plateau_patience": 0, "early_stopping": 12}
    one, other = MAKERS[kind](**choices), MAKERS[kind](**choices)
    one.advance(epochs=done)
    state = save_and_load(one.state())
    other.restore(state)
    assert_same(other.state(), state)
    for trainer in (one, other):
        trainer.advance(epochs=40)
    assert other.paused_by == one.paused_by is not None
    assert torch.equal(values(one), values(other))
    np.testing.assert_equal(one.frame().rate, other.frame().rate)
    for each in range(len(one.checkpoints)):
        assert one.checkpoints.infos[each] == other.checkpoints.infos[each]


def test_a_run_from_before_begins_to_wait() -> None:
    choices = {"schedule": "plateau", "early_stopping": 12}
    one, other = overfitting(**choices), overfitting(**choices)
    one.advance(epochs=5)
    state = save_and_load(one.state())
    numbers = {name: it for name, it in state.numbers.items() if not name.startswith("watch.")}
    tensors = {name: it for name, it in state.tensors.items() if not name.startswith("watch.")}
    tensors.pop("past.plateaus")
    other.restore(State(numbers, tensors))
    assert other.frame().rate == RATE
    other.advance(epochs=40)
    assert other.paused_by is not None


@pytest.mark.parametrize(
    "row", [[0.0, 1, 0, 0], [2.0, 1, 0, 0], [1.0, np.nan, 0, 0], [1.0, 1, 0.5, 0], [1.0, 1, 0, -1]]
)
@pytest.mark.parametrize("name", ["watch.plateau", "past.plateaus"])
def test_a_plateau_that_cannot_be_is_refused(name: str, row: list[float]) -> None:
    trainer = overfitting(schedule="plateau")
    trainer.advance(epochs=2)
    state = trainer.state()
    rows = torch.tensor([row] * len(state.tensors[name]), dtype=torch.float64)
    with pytest.raises(InputError, match=name):
        trainer.restore(State(state.numbers, {**state.tensors, name: rows}))
