"""Readers: going on from a state to the bit, and looking at and going on from the past."""

from __future__ import annotations

from functools import cache

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from torch import nn

from playground.errors import InputError
from playground.networks.classifiers import CustomClassifier
from playground.training.core.optimisers import OPTIMISERS
from playground.training.core.state.state import State
from playground.training.core.state.tensor_packing import pack, packed_size, unpack
from playground.training.images import ClassifierChoice, ImageTrainer
from playground.training.images.augmentation.augmentation import Augmentation
from playground.training.images.classifier import trainable_classifier as classifier_module
from playground.training.images.training_loop import RECORDS_PER_EPOCH
from tests.support.training.image_trainers import BarImages, make_image_trainer, small_cnn
from tests.support.training.trainer_states import (
    assert_same,
    corrupted_states,
    restore_unless_refused,
    save_and_load,
)

INK = np.full((28, 28), 200, np.uint8)
DROPPING = CustomClassifier(channels=[4], hidden=[8], dropout=0.3, batch_norm=True)


def small(
    classifier: ClassifierChoice = DROPPING, *, untouched: float = 0.25, **choices: object
) -> ImageTrainer:
    """Make a trainer of 120 pictures in batches of 25, 25, 25, 25 and 20."""
    trainer = make_image_trainer(classifier, BarImages(120, 50), **{"batch_size": 25, **choices})
    trainer.augmentation = Augmentation(untouched=untouched)
    return trainer


def run_pieces(trainer: ImageTrainer, count: int) -> None:
    """Run a number of pieces of work: a slice without time runs one."""
    for _ in range(count):
        trainer.advance(seconds=1e-9)


def advance_both(one: ImageTrainer, other: ImageTrainer, steps: int) -> None:
    """Give both the same numbers of PyTorch's own generator, which they have in common."""
    before = torch.get_rng_state()
    one.advance(steps=steps)
    torch.set_rng_state(before)
    other.advance(steps=steps)


# Going on ---------------------------------------------------------------------------------------


@pytest.mark.parametrize("optimiser", OPTIMISERS)
def test_restoring_is_exact_with_every_optimiser(optimiser: str) -> None:
    one, other = (small("softmax", optimiser=optimiser) for _ in range(2))
    one.advance(steps=7)
    other.restore(save_and_load(one.state()))
    advance_both(one, other, 11)
    assert_same(one.state(), other.state())


@pytest.mark.parametrize(
    ("classifier", "untouched", "done"),
    [
        *((DROPPING, 0.25, done) for done in (0, 7, 15, 33)),
        *((small_cnn(), 1.0, done) for done in (1, 2, 16, 26)),
    ],
)
def test_a_state_can_be_taken_between_any_two_pieces(
    classifier: ClassifierChoice, untouched: float, done: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(classifier_module, "micro_batch_for", lambda multiplications: 10)
    one, other = (small(classifier, untouched=untouched) for _ in range(2))
    run_pieces(one, done)
    run_pieces(other, 33 - done)  # must leave no trace
    state = save_and_load(one.state())
    other.restore(state)
    assert_same(other.state(), state)
    for steps in (1, 5):  # beyond the end of an epoch
        advance_both(one, other, steps)
    assert_same(one.state(), other.state())


def test_restored_frames_are_the_same() -> None:
    one, other = small("mlp"), small("mlp")
    one.train(3)
    one.advance(steps=2)
    other.restore(save_and_load(one.state()))
    mine, theirs = one.frame(), other.frame()
    for name in (
        "epoch",
        "step",
        "progress",
        "train",
        "test",
        "tested_count",
        "learned_epoch",
        "notes",
    ):
        assert getattr(mine, name) == getattr(theirs, name), name
    np.testing.assert_array_equal(mine.confusion, theirs.confusion)
    np.testing.assert_array_equal(mine.augmented_inputs, theirs.augmented_inputs)
    np.testing.assert_array_equal(mine.curves.test_loss, theirs.curves.test_loss)
    np.testing.assert_array_equal(mine.mistakes.pictures, theirs.mistakes.pictures)
    for name in ("now", "start", "last_epoch"):
        np.testing.assert_array_equal(getattr(mine.tiles, name), getattr(theirs.tiles, name))
    expected = other.predict(theirs.probe_set.pictures)
    np.testing.assert_allclose(theirs.probe_set.probabilities, expected, atol=1e-6)


def test_taking_a_state_finishes_the_step_under_way(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(classifier_module, "micro_batch_for", lambda multiplications: 10)
    trainer = small()
    run_pieces(trainer, 2)
    assert trainer.step_count == 0
    assert trainer.state().numbers["standing.steps"] == trainer.step_count == 1
    trainer.state()
    assert trainer.step_count == 1


def test_a_correction_within_an_epoch_is_no_obstacle() -> None:
    one, other = small("mlp"), small("mlp")
    one.advance(steps=2)
    one.teach(INK, 3)
    one.advance(steps=2)
    other.corrections.items = one.corrections.items
    other.teach(INK, 4)
    other.corrections.items = one.corrections.items
    other.restore(save_and_load(one.state()))
    advance_both(one, other, 9)
    assert_same(one.state(), other.state())
    assert not other.undo(), "it was taught to another network"


def test_other_pictures_begin_the_epoch_anew() -> None:
    one = small("mlp")
    one.advance(steps=7)
    other = make_image_trainer("mlp", BarImages(90, 40), batch_size=25)
    other.restore(one.state())
    assert (other.epoch, other.step_count, other.frame().progress) == (1, 7, 0)
    assert other._session.running_metrics.score() is None, "no outputs for the other pictures"
    assert other.train(1).epoch == 2
    assert other.frame().tested_count == 40


def test_checkpoints_can_be_left_out() -> None:
    one, other = small("mlp"), small("mlp")
    one.train(2)
    other.train(1)
    other.restore(one.state(checkpoints=False))
    assert [each.epoch for each in other.checkpoints.infos] == [2]
    one.advance(steps=1)
    other.restore(one.state(checkpoints=False))
    assert not other.checkpoints.infos
    other.train(1)
    assert other.checkpoints.infos[-1].epoch == 3


# What does not fit ------------------------------------------------------------------------------


def test_another_network_is_refused() -> None:
    trainer = small("mlp")
    trainer.train(1)
    before = trainer.state()
    with pytest.raises(InputError, match="another network"):
        trainer.restore(small("softmax").state())
    assert_same(trainer.state(), before)
    trainer.classifier = CustomClassifier(kernel=9, channels=[4] * 6, padded=False)
    with pytest.raises(InputError, match="does not fit"):
        trainer.restore(before)


@cache
def state_and_trainer() -> tuple[State, ImageTrainer]:
    """Make a state that has everything, and a trainer that can go on from it."""
    source, trainer = small(), small()
    source.advance(steps=8)
    return source.state(), trainer


@pytest.mark.fuzz
@given(st.data())
def test_a_corrupted_state_is_refused_or_restored(data: st.DataObject) -> None:
    state, trainer = state_and_trainer()
    if restore_unless_refused(trainer, data.draw(corrupted_states(state))):
        trainer.advance(steps=4)
        trainer.frame()
        assert trainer._session.classifier.is_finite
        for index in range(len(trainer.checkpoints)):
            trainer.weights_at(index)


# The past ---------------------------------------------------------------------------------------


def test_parts_of_epochs_are_remembered_with_their_weights() -> None:
    trainer, other = small("mlp", batch_size=10), small("mlp", batch_size=10)
    trainer.train(2)
    epochs = [each.epoch for each in trainer.checkpoints.infos]
    np.testing.assert_allclose(epochs, np.arange(2 * RECORDS_PER_EPOCH + 1) / RECORDS_PER_EPOCH)
    for index in (0, 5, RECORDS_PER_EPOCH, 20):
        other.advance(steps=index - other.step_count)
        named, expected = trainer.weights_at(index), other.model.state_dict()
        assert list(named) == list(expected)
        for name, value in named.items():
            np.testing.assert_array_equal(value, expected[name].numpy())


@pytest.mark.parametrize("classifier", ["mlp", DROPPING], ids=["mlp", "dropping"])
def test_a_checkpoint_frame_is_the_frame_taken_then(classifier: ClassifierChoice) -> None:
    trainer = small(classifier)
    trainer.train(2)
    then, read = trainer.frame(), trainer.predict(trainer.frame().probe_set.pictures)
    trainer.train(1)
    now = trainer.frame()
    index = next(n for n, each in enumerate(trainer.checkpoints.infos) if each.epoch == 2)
    frame = trainer.frame_at(index)
    for name in (
        "epoch",
        "step",
        "progress",
        "train",
        "test",
        "tested_count",
        "rate",
        "evaluating",
    ):
        assert getattr(frame, name) == getattr(then, name), name
    np.testing.assert_array_equal(frame.confusion, then.confusion)
    for name in ("now", "start", "last_epoch"):
        np.testing.assert_array_equal(getattr(frame.tiles, name), getattr(then.tiles, name))
    np.testing.assert_allclose(frame.probe_set.probabilities, read, atol=1e-6)
    np.testing.assert_array_equal(frame.samples.pictures, now.samples.pictures)
    assert frame.probe_set.pictures is now.probe_set.pictures
    assert len(frame.points) == len(frame.probe_set.labels) == 50
    assert (frame.mistakes.predicted != frame.mistakes.labels).all()
    assert (np.diff(frame.mistakes.confidence) <= 0).all()
    np.testing.assert_array_equal(frame.curves.train_loss, now.curves.train_loss)


def test_viewing_a_checkpoint_changes_nothing() -> None:
    trainer = small()
    trainer.advance(steps=8)
    before, seen, rng_state = trainer.state(), trainer.frame(), torch.get_rng_state()
    trainer.frame_at(1)
    trainer.weights_at(1)
    assert_same(trainer.state(), before)
    assert torch.equal(torch.get_rng_state(), rng_state)
    np.testing.assert_array_equal(trainer.frame().points, seen.points)


def test_a_large_network_reads_the_beginning_of_the_panel(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(classifier_module, "micro_batch_for", lambda multiplications: 32)
    trainer = make_image_trainer("softmax", BarImages(120, 200))
    trainer.train(1)
    frame, probe_set = trainer.frame_at(1), trainer.frame().probe_set
    assert len(frame.points) == len(frame.probe_set.labels) == 32
    np.testing.assert_array_equal(frame.probe_set.pictures, probe_set.pictures[:32])
    np.testing.assert_array_equal(frame.samples.pictures, probe_set.pictures[:24])


def test_a_branch_goes_on_from_the_end_of_an_epoch() -> None:
    trainer = small("mlp")
    trainer.train(1)
    then, model = trainer.frame(), {k: v.clone() for k, v in trainer.model.state_dict().items()}
    trainer.train(2)
    index = next(n for n, each in enumerate(trainer.checkpoints.infos) if each.epoch == 1)
    trainer.branch(index)
    frame = trainer.frame()
    assert (frame.epoch, frame.step, frame.progress, frame.test) == (1, then.step, 0, then.test)
    for name, value in trainer.model.state_dict().items():
        assert torch.equal(value, model[name])
    assert trainer.checkpoints.infos[-1].epoch == frame.curves.epoch[-1] == 1
    assert trainer.state().tensors["optimiser.steps"].item() == 0
    assert trainer.train(2).epoch == 3
    assert (np.diff(trainer.frame().curves.epoch) > 0).all()
    assert trainer.frame().test.loss < then.test.loss


def test_a_branch_goes_on_in_the_middle_of_an_epoch() -> None:
    trainer = small("mlp", batch_size=10)
    trainer.train(2)
    trainer.branch(RECORDS_PER_EPOCH + 3)
    frame = trainer.frame()
    assert (frame.epoch, frame.step, frame.progress) == (
        1,
        RECORDS_PER_EPOCH + 3,
        3 / RECORDS_PER_EPOCH,
    )
    trainer.advance(epochs=1)
    assert (trainer.epoch, trainer.step_count) == (2, 2 * RECORDS_PER_EPOCH)
    epochs = [each.epoch for each in trainer.checkpoints.infos]
    np.testing.assert_allclose(epochs, np.arange(2 * RECORDS_PER_EPOCH + 1) / RECORDS_PER_EPOCH)
    np.testing.assert_allclose(trainer.frame().curves.epoch, epochs, rtol=1e-6)


def test_a_correction_is_not_undone_after_a_branch() -> None:
    trainer = small("mlp")
    trainer.train(1)
    trainer.teach(INK, 3)
    trainer.branch(0)
    assert not trainer.undo()
    assert len(trainer.corrections.items) == 1


def test_another_network_begins_other_checkpoints() -> None:
    trainer = small("mlp")
    assert trainer.checkpoints.infos == ()
    trainer.train(1)
    trainer.reset()
    trainer.frame()
    assert [each.epoch for each in trainer.checkpoints.infos] == [0]
    for call in (trainer.frame_at, trainer.weights_at, trainer.branch):
        with pytest.raises(InputError, match="There is no moment 1"):
            call(1)


def test_a_branch_to_a_network_that_is_gone_is_refused() -> None:
    trainer = small("mlp")
    trainer.train(1)
    trainer.classifier = "softmax"
    with pytest.raises(InputError, match="no such moment any more"):
        trainer.branch(1)
    assert trainer.epoch == 0


def test_memory_is_bounded() -> None:
    trainer = small("mlp", batch_size=10)
    trainer.train(1)
    run = trainer._session
    run.checkpoints.limit = 8 * run.checkpoints.bytes // len(run.checkpoints)
    trainer.train(3)
    assert 4 <= len(trainer.checkpoints) <= 8
    assert trainer.checkpoints.bytes <= run.checkpoints.limit
    assert trainer.checkpoints.infos[-1].epoch == 4
    assert trainer.checkpoints.infos[0].epoch == 0


# Packing ----------------------------------------------------------------------------------------


def test_tensors_of_any_kind_are_packed_and_unpacked() -> None:
    tensors = [
        torch.tensor([True, False, True]),
        torch.randn(2, 3).T,
        torch.tensor(7),
        torch.randn(2, 1, dtype=torch.float64),
        torch.zeros(0, 5),
        torch.tensor([-1.5], dtype=torch.bfloat16),
        nn.Linear(2, 2).weight.detach(),
    ]
    row = pack(tensors)
    assert row.dtype == torch.uint8
    assert row.shape == (packed_size(tensors),)
    for mine, theirs in zip(unpack(row, tensors), tensors, strict=True):
        assert mine.dtype == theirs.dtype
        assert torch.equal(mine, theirs)
