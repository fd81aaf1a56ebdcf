"""Immutable copies of the settings: when they are made, and when they take effect."""

from __future__ import annotations

from threading import Thread

import numpy as np
import pytest

from playground.networks.classifiers import CustomClassifier
from playground.problems import Gates, Points
from playground.training.core.base_trainer import BaseTrainer
from playground.training.dense.edits import ParameterRef, SetValue
from playground.training.dense.trainer import Trainer
from playground.training.training import Training
from tests.support.training.dense_training import make_trainer
from tests.support.training.image_trainers import make_image_trainer


@pytest.mark.parametrize("make", [lambda: make_trainer(Gates()), make_image_trainer])
def test_settings_are_the_same_while_nothing_changes(make: object) -> None:
    trainer: BaseTrainer = make()
    if not isinstance(trainer, Trainer):
        trainer.classifier = CustomClassifier()
    before = trainer.settings()
    trainer.advance(steps=2)
    assert trainer.settings() is before
    trainer.training.learning_rate *= 2
    after = trainer.settings()
    assert after.number > before.number
    assert after.training.learning_rate == 2 * before.training.learning_rate
    trainer.reset()
    assert trainer.settings().request_count > after.request_count


def test_lists_that_change_in_place_are_noticed() -> None:
    trainer = make_trainer(Gates())
    before = trainer.settings()
    widths = before.architecture.hidden
    trainer.architecture.hidden.append(2)
    assert before.architecture.hidden == widths
    assert trainer.settings().architecture.hidden == [*widths, 2]


def test_a_copy_refuses_to_be_changed() -> None:
    settings = make_trainer(Gates()).settings()
    for change in (
        lambda: setattr(settings, "request_count", 7),
        lambda: setattr(settings.training, "l1", 0.5),
        lambda: setattr(settings.architecture, "hidden", [1]),
    ):
        with pytest.raises((AttributeError, TypeError), match=r"cannot assign|Constant"):
            change()


def test_a_slice_goes_by_the_settings_it_is_given() -> None:
    points = Points()
    trainer = make_trainer(points, hidden=[2])
    settings = trainer.settings()
    points.noise = 0.4
    trainer.architecture.hidden = [5]
    trainer.training.batch_size = 3
    trainer.advance(steps=1, settings=settings)
    frame = trainer.frame(settings)
    assert frame.plan.widths == (2, 1)
    assert frame.samples is settings.spec.split
    assert trainer.frame().plan.widths == (5, 1)


def test_older_settings_undo_nothing() -> None:
    trainer = make_trainer(Gates(), hidden=[2])
    older = trainer.settings()
    trainer.architecture.hidden = [5]
    before = trainer.train(5)
    assert trainer.frame(older).plan.widths == (5, 1)
    np.testing.assert_array_equal(trainer.frame().layers[0].weight, before.layers[0].weight)


def test_an_edit_waits_for_settings_that_came_after_it() -> None:
    """Otherwise it would be lost on a network that does not have the weight yet."""
    trainer = make_trainer(Gates(), hidden=[2])
    settings = trainer.settings()
    trainer.architecture.hidden = [2, 2]
    trainer.edit(SetValue(ParameterRef(2, 0), 7.0))
    assert len(trainer.frame(settings).layers) == 2
    assert trainer.frame().layers[2].bias[0] == 7.0


def test_settings_from_another_thread_are_used_in_this_one() -> None:
    trainer, copies = make_trainer(Gates()), []
    thread = Thread(target=lambda: copies.append(trainer.settings()))
    thread.start()
    thread.join()
    trainer.training = Training(learning_rate=0.5)
    assert trainer.frame(copies[0]).rate == copies[0].training.learning_rate != 0.5
    assert trainer.frame().rate == 0.5


def test_a_reset_waits_for_settings_that_came_after_it() -> None:
    trainer = make_image_trainer("softmax")
    trainer.advance(epochs=1)
    settings = trainer.settings()
    trainer.reset()
    assert trainer.frame(settings).epoch == 1
    assert trainer.frame().epoch == 0
