"""The past of a network: kept in bounded memory, looked at as it was, and gone on from."""

from __future__ import annotations

from itertools import pairwise
from threading import Thread

import numpy as np
import pytest
import torch
from hypothesis import example, given
from hypothesis import strategies as st
from torch.nn import functional

from playground.errors import InputError
from playground.networks.dense.forward import module
from playground.problems import Gates, Points
from playground.training.core.metrics import Score
from playground.training.core.sessions.checkpoints import (
    MAX_BYTES,
    MAX_CHECKPOINTS,
    CheckpointInfo,
    Checkpoints,
)
from playground.training.dense.edits import FreezeLayer
from playground.training.dense.trainer import Trainer
from tests.support.training.dense_training import make_trainer, weights
from tests.support.training.trainer_states import assert_same

NOTHING = Score(np.nan, np.nan)


def make_checkpoints(epochs: int, size: int = 1, limit: int = MAX_BYTES) -> Checkpoints:
    checkpoints = Checkpoints(limit=limit)
    for epoch in range(epochs + 1):
        checkpoints.record(
            CheckpointInfo(epoch, 3 * epoch, NOTHING, NOTHING), torch.full((size,), float(epoch))
        )
    return checkpoints


def small(**choices: object) -> Trainer:
    usual = {"hidden": [4, 3], "batch_size": 10}
    return make_trainer(Points(shape="moons", count=64), **{**usual, **choices})


def flat(named: dict[str, np.ndarray]) -> torch.Tensor:
    return torch.cat([torch.tensor(each).reshape(-1) for each in named.values()])


# What is kept -----------------------------------------------------------------------------------


@given(st.integers(0, 5000), st.sampled_from([MAX_BYTES, 4096, 400, 8]))
@example(MAX_CHECKPOINTS, MAX_BYTES)
@example(2 * MAX_CHECKPOINTS, MAX_BYTES)
def test_checkpoints_are_few_and_evenly_spaced_up_to_the_newest(epochs: int, limit: int) -> None:
    checkpoints = make_checkpoints(epochs, limit=limit)
    most = min(MAX_CHECKPOINTS, limit // 4)
    seen = [each.epoch for each in checkpoints.infos]
    assert seen[-1] == epochs
    assert seen[0] == 0
    assert min(epochs, most // 2) <= len(checkpoints) <= most
    assert checkpoints.bytes == 4 * len(checkpoints) <= limit
    gaps = np.diff(seen)
    assert (gaps[:-1] == checkpoints.stride).all()
    assert ((gaps[-1:] > 0) & (gaps[-1:] <= checkpoints.stride)).all()
    for info, memory in zip(checkpoints.infos, checkpoints.entries, strict=True):
        assert memory.info == info
        assert memory.row.item() == info.epoch == info.step / 3


def test_a_network_too_large_to_be_kept_twice_is_not_kept() -> None:
    assert make_checkpoints(5, size=50, limit=400).infos
    assert not make_checkpoints(5, size=51, limit=400).infos


def test_parts_of_epochs_are_checkpoints_of_their_own() -> None:
    checkpoints = Checkpoints(per_epoch=12)
    for part in range(3 * MAX_CHECKPOINTS):
        checkpoints.record(
            CheckpointInfo(part // 12 + part % 12 / 12, part, NOTHING, NOTHING), torch.zeros(1)
        )
    steps = [each.step for each in checkpoints.infos]
    assert checkpoints.stride == 4
    assert steps == [*range(0, 3 * MAX_CHECKPOINTS, 4), 3 * MAX_CHECKPOINTS - 1]


def test_rows_are_copies() -> None:
    checkpoints, row = Checkpoints(), torch.zeros(3)
    checkpoints.record(CheckpointInfo(0, 0, NOTHING, NOTHING), row)
    row.fill_(1)
    assert not checkpoints.at(0).row.any()


def test_checkpoints_are_read_while_another_thread_trains() -> None:
    trainer = small(hidden=[2])
    epochs = MAX_CHECKPOINTS + 20
    worker = Thread(target=trainer.advance, kwargs={"epochs": epochs})
    worker.start()
    while worker.is_alive():
        infos = trainer.checkpoints.infos
        assert all(a.epoch < b.epoch for a, b in pairwise(infos))
        worker.join(0.002)
    assert trainer.checkpoints.infos[-1].epoch == epochs
    assert len(trainer.checkpoints) <= MAX_CHECKPOINTS


# A trainer's past -------------------------------------------------------------------------------


def test_each_epoch_is_remembered_with_its_weights_and_scores() -> None:
    trainer, other = small(), small()
    trainer.train(6)
    trainer.advance(steps=1)
    assert [each.epoch for each in trainer.checkpoints.infos] == list(range(7))
    for index in range(7):
        frame, info = other.frame(), trainer.checkpoints.infos[index]
        assert torch.equal(flat(trainer.weights_at(index)), weights(other))
        assert (info.step, info.train, info.test) == (frame.step, frame.train, frame.test)
        other.train(1)


@pytest.mark.parametrize("choices", [{}, {"dropout": 0.4}, {"engine": "autograd"}], ids=str)
def test_weights_are_named_as_in_the_model(choices: dict[str, object]) -> None:
    trainer = small(**choices)
    trainer.train(2)
    expected = trainer.model.state_dict()
    named = trainer.weights_at(2)
    assert list(named) == list(expected)
    for name, value in named.items():
        assert value.dtype == np.float32
        np.testing.assert_array_equal(value, expected[name].numpy())
    named["0.weight"][:] = 9
    assert not np.array_equal(trainer.weights_at(2)["0.weight"], named["0.weight"])


@pytest.mark.parametrize("choices", [{}, {"dropout": 0.4}, {"engine": "autograd"}], ids=str)
def test_a_checkpoint_frame_is_the_frame_taken_then(choices: dict[str, object]) -> None:
    trainer = small(**choices)
    trainer.set_probe("one", np.zeros((1, 2), np.float32))
    trainer.train(4)
    then = trainer.frame()
    trainer.train(4)
    now = trainer.frame()
    frame = trainer.frame_at(4)
    for name in ("epoch", "step", "train", "test", "plan", "rate", "inputs", "classes", "plane"):
        assert getattr(frame, name) == getattr(then, name), name
    for name in ("field", "feature_maps", "confusion"):
        np.testing.assert_array_equal(getattr(frame, name), getattr(then, name))
    np.testing.assert_array_equal(frame.probe_outputs["one"], then.probe_outputs["one"])
    for mine, theirs in zip(frame.layers, then.layers, strict=True):
        for name in ("weight", "bias", "maps", "mean", "deviation", "frozen"):
            np.testing.assert_array_equal(getattr(mine, name), getattr(theirs, name))
        assert (mine.saturated, mine.dead) == (theirs.saturated, theirs.dead)
    np.testing.assert_array_equal(frame.curves.train_loss, now.curves.train_loss)


def test_viewing_a_checkpoint_changes_nothing() -> None:
    trainer = small(dropout=0.4)
    trainer.train(3)
    before, rng_state = trainer.state(), torch.get_rng_state()
    trainer.frame_at(1)
    trainer.weights_at(1)
    assert_same(trainer.state(), before)
    assert torch.equal(torch.get_rng_state(), rng_state)


def test_checkpoint_gradients_are_those_of_all_training_samples() -> None:
    trainer = small(dropout=0.4)
    trainer.train(3)
    session = trainer._session.network
    network = module(session.parameters).eval()
    inputs, targets = (
        session.data.train.inputs[0].T.clone(),
        session.data.train.targets[0].T.clone(),
    )
    functional.binary_cross_entropy_with_logits(network(inputs), targets).backward()
    linear = [part for part in network if isinstance(part, torch.nn.Linear)]
    for layer, part in zip(trainer.frame_at(3).layers, linear, strict=True):
        np.testing.assert_allclose(layer.weight_gradient, part.weight.grad, atol=1e-6)
        np.testing.assert_allclose(layer.bias_gradient, part.bias.grad, atol=1e-6)


def test_what_was_learned_later_was_not_learned_then() -> None:
    trainer = make_trainer(Gates(gate="XOR"), hidden=[4], batch_size=4, learning_rate=0.05)
    learned_epoch = trainer.train(300).learned_epoch
    assert learned_epoch is not None
    assert trainer.frame_at(learned_epoch - 1).learned_epoch is None
    assert trainer.frame_at(learned_epoch).learned_epoch == learned_epoch


def test_what_is_learned_again_was_learned_when_it_was_first() -> None:
    choices = {"hidden": [4], "batch_size": 4, "learning_rate": 0.05}
    trainer = make_trainer(Gates(gate="XOR"), **choices)
    first = trainer.train(100).learned_epoch
    assert first is not None
    trainer.training.l2 = 0.1  # unlearns
    assert trainer.train(20).learned_epoch is None
    other = make_trainer(Gates(gate="XOR"), **choices)
    other.restore(trainer.state())
    for each in (trainer, other):
        each.training.l2 = 0.0
        assert each.train(100).learned_epoch == first, "learned again"
        assert each.frame_at(120).learned_epoch is None
        assert each.frame_at(first).learned_epoch == first
        each.branch(first - 1)
        assert each.frame().learned_epoch is None


def test_checkpoint_notes_ignore_what_came_later() -> None:
    trainer = make_trainer(Gates(gate="XOR"), hidden=[4], batch_size=4, learning_rate=1e-4)
    frame = trainer.train(60)
    assert "rate too low" in [note.kind for note in frame.notes]
    assert "rate too low" in [note.kind for note in trainer.frame_at(60).notes]
    assert "rate too low" not in [note.kind for note in trainer.frame_at(20).notes]


def test_another_architecture_is_remembered_as_it_was() -> None:
    trainer = small(hidden=[2])
    trainer.edit(FreezeLayer(0))
    trainer.train(3)
    then = trainer.frame()
    trainer.architecture.param.update(hidden=[6, 5], activation="ReLU")
    trainer.train(3)
    frame = trainer.frame_at(3)
    assert frame.plan == then.plan
    np.testing.assert_array_equal(frame.field, then.field)
    assert trainer.frame_at(4).plan.widths == (6, 5, 1)
    assert list(trainer.weights_at(3)) == ["0.weight", "0.bias", "2.weight", "2.bias"]
    assert trainer.frame().plan.widths == (6, 5, 1)


def test_other_features_are_given_to_it_as_they_were() -> None:
    trainer = small(features=["x", "y", "x²"])
    trainer.train(2)
    then = trainer.frame()
    trainer.architecture.features = ["x"]
    trainer.train(2)
    frame = trainer.frame_at(2)
    assert frame.plan.features == ("x", "y", "x²")
    np.testing.assert_array_equal(frame.field, then.field)
    np.testing.assert_array_equal(frame.feature_maps, then.feature_maps)


def test_the_problem_is_that_of_now() -> None:
    trainer = make_trainer(Gates(gate="XOR"), hidden=[4])
    trainer.train(2)
    field = trainer.frame().field
    trainer.problem.gate = "AND"
    frame = trainer.frame_at(2)
    np.testing.assert_array_equal(frame.field, field)
    np.testing.assert_array_equal(frame.samples.train.y, trainer.frame().samples.train.y)


def test_a_checkpoint_of_another_problem_cannot_be_viewed() -> None:
    trainer = make_trainer(Points(shape="moons", count=60))
    trainer.train(3)
    trainer.problem.shape = "plane"
    trainer.train(2)
    assert trainer.frame_at(2).regression
    trainer.problem.shape = "blobs"
    trainer.problem.classes_count = 4
    trainer.train(1)
    with pytest.raises(InputError, match="another problem"):
        trainer.frame_at(2)
    assert len(trainer.weights_at(2)) == 6


def test_a_reset_clears_the_checkpoints() -> None:
    trainer = small()
    trainer.train(5)
    trainer.reset()
    trainer.frame()
    assert [each.epoch for each in trainer.checkpoints.infos] == [0]
    assert torch.equal(flat(trainer.weights_at(0)), weights(trainer))
    for call in (trainer.frame_at, trainer.weights_at, trainer.branch):
        for index in (1, -1):
            with pytest.raises(InputError, match="There is no moment"):
                call(index)


# Going on from it -------------------------------------------------------------------------------


def test_a_branch_goes_on_from_the_checkpoint() -> None:
    trainer = small(optimiser="SGD", learning_rate=0.1)
    trainer.train(4)
    then = trainer.frame()
    trainer.train(6)
    trainer.branch(4)
    frame = trainer.frame()
    assert (frame.epoch, frame.step, frame.train) == (4, then.step, then.train)
    np.testing.assert_array_equal(frame.field, then.field)
    assert [each.epoch for each in trainer.checkpoints.infos] == list(range(5))
    np.testing.assert_array_equal(frame.curves.epoch, range(5))
    before = weights(trainer)
    gradient = flat(
        {
            f"{number}{name}": getattr(layer, f"{name}_gradient")
            for number, layer in enumerate(trainer.step().layers)
            for name in ("weight", "bias")
        }
    )
    torch.testing.assert_close(weights(trainer), before - 0.1 * gradient)
    trainer.train(3)
    assert [each.epoch for each in trainer.checkpoints.infos] == list(range(8))
    np.testing.assert_array_equal(trainer.frame().curves.epoch, range(8))


def test_a_branch_forgets_the_optimiser() -> None:
    trainer = small(optimiser="Adam")
    trainer.train(4)
    trainer.branch(2)
    assert trainer.state().tensors["optimiser.steps"].item() == 0
    assert not trainer.state().tensors["optimiser.mean"].any()


def test_a_branch_restores_the_architecture() -> None:
    trainer = small(hidden=[4, 2], layer_activations=["sine", "ReLU"], features=["x", "y", "x²"])
    trainer.train(2)
    then = trainer.frame()
    trainer.architecture.param.update(
        hidden=[7], layer_activations=[], activation="tanh", dropout=0.5, features=["y"]
    )
    trainer.train(2)
    trainer.branch(2)
    frame = trainer.frame()
    assert frame.plan == then.plan
    np.testing.assert_array_equal(frame.field, then.field)
    assert trainer.architecture.hidden == [4, 2]
    trainer.train(1)
    assert trainer.epoch == 3


def test_a_branch_to_no_hidden_layer() -> None:
    trainer = small(hidden=[])
    trainer.train(2)
    then = weights(trainer)
    trainer.architecture.hidden = [3]
    trainer.train(2)
    trainer.branch(2)
    assert trainer.architecture.hidden == []
    assert torch.equal(weights(trainer), then)


def test_a_branch_changes_no_choice_it_need_not() -> None:
    trainer = make_trainer(Gates(gate="XOR"), hidden=[4])
    trainer.train(3)
    changes: list[object] = []
    trainer.architecture.param.watch(changes.append, list(trainer.architecture.param))
    trainer.branch(1)
    assert not changes


def test_a_branch_to_another_problem_keeps_what_fits() -> None:
    trainer = make_trainer(Points(shape="moons", count=60), hidden=[4])
    trainer.train(3)
    hidden = trainer.weights_at(3)["0.weight"]
    trainer.problem.param.update(shape="blobs", classes_count=4)
    trainer.train(3)
    trainer.branch(3)
    assert trainer.epoch == 3
    np.testing.assert_array_equal(trainer.frame().layers[0].weight, hidden)
    assert trainer.train(2).epoch == 5


def test_a_branch_starts_from_thinned_checkpoints() -> None:
    trainer = small(hidden=[2])
    trainer.train(MAX_CHECKPOINTS + 5)
    infos = trainer.checkpoints.infos
    middle = len(infos) // 2
    trainer.branch(middle)
    assert trainer.checkpoints.infos == infos[: middle + 1]
    trainer.train(3)
    assert trainer.checkpoints.infos[-1].epoch == infos[middle].epoch + 3
    gaps = np.diff([each.epoch for each in trainer.checkpoints.infos])
    assert set(gaps[:-1]) == {trainer.checkpoints.stride}
